"""Whose paper it is: the identifier printed on it, or name and birth date (Article 9.2 b)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector.domain.extraction import FieldProposal, Source
from connector.domain.identifiers import OwnerIdKind, is_organisation_code, is_personal_id, is_tax_code
from ocr_worker.doubt.proposals import proposal
from ocr_worker.layout.labels import LabelledValue, date_in, find_value, labels_of, year_in
from ocr_worker.lexicon.document_type import DocumentType, known_given_names, known_surnames
from ocr_worker.lexicon.syllables import differ_in_marks, is_syllable
from ocr_worker.recognition.capital_marks import believable
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import around, fold

_PERSONAL = re.compile(r"(?<![\dA-Za-z])\d{12}(?!\d)")
_TAX = re.compile(r"(?<![\dA-Za-z])\d{10}(?:-\d{3})?(?!\d)")
_ID_LABELS = ("dinhdanhcanhan", "cancuoc", "cccd", "sodinhdanh")
_ORGANISATION = re.compile(r"(?<![\w.-])[A-Z]\d{2}(?:\.\d{1,3})*(?![\w.-])")
_ORGANISATION_LABELS = ("madinhdanh", "matochuc", "madonvi")
_TAX_LABELS = ("masothue", "mst", "masodoanhnghiep")
_LABELS = {
    OwnerIdKind.PERSONAL: _ID_LABELS,
    OwnerIdKind.TAX: _TAX_LABELS,
    OwnerIdKind.ORGANISATION: _ORGANISATION_LABELS,
}
_PERSON = re.compile(
    r"(?:[ÔôBb](?:ng|à)|người lao động|đồng chí)\s*:?\s+((?:[A-ZÀ-ỸĐ][\wÀ-ỹ]*\s*){2,6}),?\s*"
    r"(?:sinh|Sinh)\s*(?:ngày|năm)?\s*:?\s*"
    r"(\d{1,2}/\d{1,2}/\d{4}|\d{4})"
)
# a value that the rules of its form confirm, but that only one printed line shows
LABELLED, BARE, SEVERAL = 0.985, 0.8, 0.5
# a name that nobody in the list bears, or that another reading writes with other marks
ODD_NAME = 0.8


@dataclass(frozen=True, kw_only=True)
class _Found:
    value: str
    kind: OwnerIdKind
    confidence: float
    page: PageText
    box: tuple[float, float, float, float]


def read_owner(pages: Sequence[PageText], kind: DocumentType | None) -> dict[str, FieldProposal]:
    """The owner's fields; only those that something was found for, and those the form must show."""
    rules = kind.labels if kind else {}
    found: dict[str, FieldProposal] = {}
    identifier = _identifier(pages, rules)
    if identifier is not None:
        where = {"page": identifier.page.clean.image.page, "box": identifier.page.clean.to_points(identifier.box)}
        found["owner_id"] = proposal(
            "owner_id",
            identifier.value,
            identifier.confidence,
            Source.PRINT,
            rule="identifier",
            **where,  # type: ignore[arg-type]
        )
        found["owner_id_kind"] = proposal(
            "owner_id_kind",
            str(identifier.kind),
            identifier.confidence,
            Source.RULE,
            rule="identifier",
            **where,  # type: ignore[arg-type]
        )
    found |= _labelled_person(pages, rules) if rules else _person_in_text(pages)
    for name in ("owner_id", "owner_name", "owner_birth_date"):
        if name in rules and name not in found:
            found[name] = proposal(name, None, 0.0, Source.PRINT, rule="label")
    return found


def _identifier(pages: Sequence[PageText], rules: Mapping[str, Sequence[str]]) -> _Found | None:
    personal = [found for page in pages for found in _numbers(page, _PERSONAL, is_personal_id, OwnerIdKind.PERSONAL)]
    labelled = [found for found in personal if found.confidence >= LABELLED]
    if rules and labelled:
        return labelled[0]  # the owner stands first on a form, parents and others below
    if personal:
        best = max(personal, key=lambda found: found.confidence)
        several = len({found.value for found in personal}) > 1
        return _doubted(best, SEVERAL) if several else best
    tax = [found for page in pages for found in _numbers(page, _TAX, is_tax_code, OwnerIdKind.TAX)]
    kind, check = OwnerIdKind.ORGANISATION, is_organisation_code
    organisation = [found for page in pages for found in _numbers(page, _ORGANISATION, check, kind)]
    # other bodies than people: whose number it is, the issuer's or the owner's, a person says
    for others in (tax, organisation):
        labelled = [found for found in others if found.confidence >= LABELLED]
        if labelled:
            return _doubted(labelled[0], SEVERAL if len({found.value for found in labelled}) > 1 else 0.9)
    return None


def _doubted(found: _Found, most: float) -> _Found:
    return _Found(
        value=found.value, kind=found.kind, confidence=min(found.confidence, most), page=found.page, box=found.box
    )


def _numbers(page: PageText, pattern: re.Pattern[str], check: object, kind: OwnerIdKind) -> list[_Found]:
    """Numbers of one kind with their doubt: labelled or not, and read twice the same or not."""
    found = []
    assert callable(check)
    above = ""
    for line in page.lines:
        text, last, above = line.text, above, line.text
        for match in pattern.finditer(text):
            if not check(match.group()):
                continue
            before = fold(f"{last[-40:]} {text[: match.start()]}")
            confidence = LABELLED if any(label in before for label in _LABELS[kind]) else BARE
            words = _words_of(line.words, match.group())
            box = around(word.box for word in words) if words else line.box
            again = page.vote(box)
            if match.group() not in again.text.replace(" ", "") or again.confidence < 0.9:
                confidence = min(confidence, 0.7)
            found.append(_Found(value=match.group(), kind=kind, confidence=confidence, page=page, box=box))
    return found


def _words_of(words: Sequence[Word], number: str) -> list[Word]:
    return [word for word in words if number in word.text]


def _labelled_person(pages: Sequence[PageText], rules: Mapping[str, Sequence[str]]) -> dict[str, FieldProposal]:
    found: dict[str, FieldProposal] = {}
    name = find_value(pages, labels_of(rules, "owner_name"))
    if name is not None:
        written, likely = likely_name(person_name(name.text))
        doubted = not likely or _has_other_marks(name)
        found["owner_name"] = _from_label("owner_name", written, _at_most(name, ODD_NAME) if doubted else name)
    born = find_value(pages, labels_of(rules, "owner_birth_date"))
    if born is not None:
        value = date_in(born.text) or year_in(born.text)
        if value is not None:
            found["owner_birth_date"] = _from_label("owner_birth_date", value, born)
    return found


def _has_other_marks(name: LabelledValue) -> bool:
    """Whether another reading writes the name with other marks: `Khanh` and `Khánh` are both names."""
    if name.page.electronic:
        return False
    looks = (name.words, name.page.twice_as_large(name.box))
    said = [believable(name.page.clean.grey, name.box, look) for look in looks]
    return any(differ_in_marks(name.text, " ".join(word.text for word in look)) for look in said)


def _at_most(found: LabelledValue, confidence: float) -> LabelledValue:
    return replace(found, confidence=min(found.confidence, confidence))


def _from_label(name: str, value: str, found: LabelledValue) -> FieldProposal:
    return proposal(
        name,
        value,
        found.confidence,
        Source.PRINT,
        page=found.page.clean.image.page,
        box=found.page.clean.to_points(found.box),
        rule="label",
        text=found.text,
    )


def _person_in_text(pages: Sequence[PageText]) -> dict[str, FieldProposal]:
    """The one person that a decision names with a birth date; several make no owner."""
    text = " ".join(word.text for page in pages for word in page.words)
    people = {(person_name(match[1]), match[2]) for match in _PERSON.finditer(text)}
    if len(people) != 1:
        return {}
    name, born = people.pop()
    value = date_in(born) or year_in(born)
    found = {"owner_name": proposal("owner_name", name, 0.85, Source.PRINT, rule="person in the text")}
    if value:
        found["owner_birth_date"] = proposal("owner_birth_date", value, 0.85, Source.PRINT, rule="person in the text")
    return found


def likely_name(name: str) -> tuple[str, bool]:
    """The name and whether people are called so; where only marks are wrong, with the known syllables."""
    first, *rest = name.split() or [""]
    parts = [part for word in rest for part in _parted(word)]
    certain = first in known_surnames() and bool(rest) and parts == rest
    certain &= all(part in known_given_names() or part in known_surnames() for part in parts)
    if certain:
        return name, True
    meant = [_known_like(first, known_surnames()), *(_known_like(part, known_given_names()) for part in parts)]
    return " ".join(meant).strip(), False


def _known_like(word: str, known: frozenset[str]) -> str:
    """The only known syllable of these letters; the word itself where there is none or a choice."""
    if word in known:
        return word
    same = {name for name in known if fold(name) == fold(word)}
    return same.pop() if len(same) == 1 else word


def _parted(word: str) -> list[str]:
    """Two known syllables that lost their space (`Kimnga`), else the word."""
    if word in known_given_names() or is_syllable(word):
        return [word]
    cuts = [(word[:cut], word[cut:].capitalize()) for cut in range(2, len(word) - 1)]
    fits = [cut for cut in cuts if cut[0] in known_given_names() and cut[1] in known_given_names()]
    return list(fits[0]) if len(fits) == 1 else [word]


def person_name(printed: str) -> str:
    """A name with a capital at each word, without what a form prints beside it."""
    words = [word.strip(" .,;:-_()") for word in printed.split()]
    return " ".join(word[:1].upper() + word[1:].lower() for word in words if word and not word.isdigit())
