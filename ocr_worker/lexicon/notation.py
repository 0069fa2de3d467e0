"""The notation after the number, such as `QĐ-UBND` (Decree 30/2020 App. I II.3 and App. III)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ocr_worker.lexicon.document_type import DocumentType, agencies, known_types
from ocr_worker.recognition.text_lines import fold

_GROUP = r"(?:[A-ZĐ][A-Za-zĐđ&]{1,11}\d{0,2}|[A-ZĐ](?![A-Za-z\d]))"
GRAMMAR = re.compile(rf"(?:(?:19|20)\d\d/)?{_GROUP}(?:[-.]{_GROUP})*")
# papers of the Party number 15-CV/TU: the type before the slash, the committee after it
_PARTY_GROUP = r"[A-ZĐ][A-Za-zĐđ]{1,5}"
PARTY = re.compile(rf"(?<![A-Za-zĐđ]){_PARTY_GROUP}/{_PARTY_GROUP}(?:[-.]{_PARTY_GROUP})*")
YEAR_ONLY = re.compile(r"(?:19|20)\d\d")
_TIDY = str.maketrans({"—": "-", "–": "-", "_": "-", "⁄": "/", "∕": "/", "Ð": "Đ", "ð": "đ", "−": "-", "~": "-"})
# letters that a slash is misread as
SLASH_LIKE = "IlJVYÝZƒƑ"
# words that leave no letter in an abbreviation
SMALL_WORDS = frozenset({"va", "cua", "cac"})
# a Party committee's bodies put its letters behind their own: BTCTU is the Ban Tổ chức of a Tỉnh ủy
COMMITTEES = ("TU", "HU", "ThU", "QU", "ĐU", "TW")
# what the looks' agreement is worth, by the share of looks that gave the same text
AGREED = ((1.0, 0.992), (0.79, 0.97), (0.59, 0.88), (0.0, 0.55))
# what it is worth where the printed type and the agency's name say the same, if most looks give it
MOSTLY, CONFIRMED = 0.59, 0.985
# how long a group has to be for the initials of an agency to tell what was misread
LEAST_INITIALS = 4


def parsed(text: str, *, party: bool = False) -> str:
    """The notation within a reading, "" when it holds none; spaces do not count."""
    tidy = re.sub(r"\s+", "", text.translate(_TIDY)).strip("'\"`.,:;|")
    tidy = re.sub(r"-{2,}", "-", tidy)
    found = [match.group() for match in (PARTY if party else GRAMMAR).finditer(tidy)]
    best = max(found, key=len, default="")
    if len(best) >= 2:
        return best
    year = YEAR_ONLY.search(tidy)
    return year.group() if year else ""


def agree(
    readings: Sequence[str], kind: DocumentType | None = None, *, agency: str | None = None, party: bool = False
) -> tuple[str, float]:
    """The notation that most readings give, and the share that gave it.

    ``kind`` is the type that is printed on the paper: its abbreviation settles one letter that was misread. A first
    letter that was lost, and letters that the initials of ``agency`` settle, count as read by the looks that gave
    them: they stay in doubt.
    """
    parts = (canonical(parsed(reading, party=party)) for reading in readings)
    found = [spelled_for(notation, kind) for notation in parts if notation]
    if not found:
        return "", 0.0
    best = max(found, key=lambda text: (found.count(text), len(text)))
    share = max(found.count(best) / len(readings), _share_but_agency(best, found, agency) / len(readings))
    meant = _with_lost_first(_by_initials(best, agency, agreed=share >= MOSTLY), kind)
    return meant, share if meant == best else found.count(meant) / len(readings)


def _share_but_agency(best: str, found: Sequence[str], agency: str | None) -> float:
    """How many looks agree but for the agency's group, where the initials of its name spell it; never quite all."""
    groups, initials = best.split("-"), _initials(agency or "")
    spelled = (place for place, group in enumerate(groups) if len(group) >= LEAST_INITIALS and group in initials)
    place = next(spelled, None)
    if place is None or "/" in best:
        return 0.0
    looks = [look.split("-") for look in found]
    alike = [look for look in looks if len(look) == len(groups) and abs(len(look[place]) - len(groups[place])) <= 1]
    same = sum(look[:place] + look[place + 1 :] == groups[:place] + groups[place + 1 :] for look in alike)
    return min(same, len(found) - 1)


def canonical(text: str) -> str:
    """The known groups of a notation in their own spelling: QD, UBNĐ, TTR are QĐ, UBND, TTr."""
    return "".join(part if part in "-./" else _canonical_group(part, place == 0) for place, part in _groups(text))


def _groups(text: str) -> list[tuple[int, str]]:
    parts = [part for part in re.split(r"([-./])", text) if part]
    place = 0
    found = []
    for part in parts:
        found.append((place, part))
        if part not in "-./" and not part.isdigit():
            place += 1
    return found


def _canonical_group(group: str, first: bool) -> str:
    known = list(agencies().abbreviations)
    if first:
        known = [kind.abbreviation for kind in known_types().types if kind.abbreviation] + known
    if group in known or group.isdigit():
        return group
    if first and group[0] in SLASH_LIKE and group[1:] in known:
        return group[1:]  # the slash was read a second time, as a letter
    same = {one for one in known if fold(one) == fold(group)}
    # HĐ and HD, CT and CTr fold to different things or to two: only one candidate is a correction
    same = same or {one for one in known if _once(fold(one)) == _once(fold(group))}
    return same.pop() if len(same) == 1 else group


def _once(letters: str) -> str:
    """Without a letter that is read twice: QĐĐ, UBNDĐ."""
    return re.sub(r"(.)\1", r"\1", letters)


def begins_with_slash(text: str) -> bool:
    """Whether the first letter of a reading is the slash: VTTr-STP for /TTr-STP."""
    known = {kind.abbreviation for kind in known_types().types if kind.abbreviation} | set(agencies().abbreviations)
    match = re.match(r"[A-Za-zĐđÝƒƑ]+", text)
    first = match.group() if match else ""
    return first[:1] in SLASH_LIKE and first not in known and first[1:] in known


def type_of(text: str) -> DocumentType | None:
    """The type that the first group abbreviates."""
    groups = [part for _, part in _groups(text) if part not in "-./" and not part.isdigit()]
    return known_types().by_abbreviation(groups[0]) if groups else None


def spelled_for(text: str, kind: DocumentType | None) -> str:
    """The notation with its first group as the printed type abbreviates it, where one letter at most differs."""
    if kind is None or not kind.abbreviation:
        return text
    groups = _groups(text)
    place = next((n for n, (_, part) in enumerate(groups) if part not in "-./" and not part.isdigit()), None)
    if place is None or not _misread(groups[place][1], kind.abbreviation):
        return text
    parts = [part for _, part in groups]
    parts[place] = kind.abbreviation
    return "".join(parts)


def _misread(group: str, abbreviation: str) -> bool:
    """Whether a group is this abbreviation but for marks, or but for one letter and is no other abbreviation."""
    read, meant = fold(group), fold(abbreviation)
    if read == meant:
        return True
    if len(meant) < 2 or known_types().by_abbreviation(group) is not None or group in agencies().abbreviations:
        return False
    # a letter too many, as where the slash was read as one or a stem twice (TTIr), or one letter misread as another;
    # one too few is another abbreviation: TT for TTr
    extra = {read[:place] + read[place + 1 :] for place in range(len(read)) if group[place] in SLASH_LIKE}
    if read[1:] == meant or meant in extra:
        return True
    return len(read) == len(meant) and sum(a != b for a, b in zip(read, meant, strict=True)) == 1


def agency_fits(text: str, agency: str | None) -> bool:
    """Whether a group of the notation abbreviates the issuing agency's name, as far as both are known.

    The letters of a group are initials of the name in its order: SGDĐT, Sở Giáo dục và Đào tạo.
    """
    groups = [part for _, part in _groups(text) if part not in "-./" and not part.isdigit()]
    if agency is None or not groups:
        return False
    written = agencies().abbreviations
    # in TU and HU a committee's Ủy is a U; a state agency's UBND is a known abbreviation as a whole
    initials = _initials(unicodedata.normalize("NFD", agency) if PARTY.fullmatch(text) else agency)
    rest = groups[1:] if type_of(text) is not None else groups
    rest += [group.removesuffix(end) for group in rest for end in COMMITTEES if PARTY.fullmatch(text)]
    return any(
        fold(written[group]) in fold(agency) if group in written else _in_order(group.upper(), initials)
        for group in rest
    )


def _with_lost_first(text: str, kind: DocumentType | None) -> str:
    """The notation with the first letter of the type's abbreviation, where all but it was read: Q-HĐND for NQ-HĐND."""
    first = re.split(r"[-./]", text, maxsplit=1)[0]
    if kind is None or not kind.abbreviation or first != kind.abbreviation[1:] or type_of(text) is not None:
        return text
    return kind.abbreviation[0] + text


def _by_initials(text: str, agency: str | None, *, agreed: bool) -> str:
    """The notation with its agency's group as the name's first initials spell it, where its letters are like them."""
    initials = _initials(agency or "")
    parts = [part for _, part in _groups(text)]
    for place, group in enumerate(parts):
        meant = None if initials.startswith(group) else _spelled_out(group, initials, first=place == 0, agreed=agreed)
        if meant is not None:
            return "".join([*parts[:place], meant, *parts[place + 1 :]])
    return text


def _spelled_out(group: str, initials: str, *, first: bool, agreed: bool) -> str | None:
    """The initials that a group was misread from; None where it is too unlike.

    The slash was read twice (ITNNST), T was read as I (SIIIT), or, where the looks do not agree, a letter stands
    there too many (HĐGQĐYK).
    """
    if len(group) < LEAST_INITIALS:
        return None
    if first and group[0] in SLASH_LIKE and initials.startswith(group[1:]):
        return group[1:]
    same = initials[: len(group)]
    if group.replace("I", "T") == same.replace("I", "T"):
        return same
    if not agreed and _strokes(group) == _strokes(initials):
        return initials
    meant = initials[: len(group) - 1]
    shorter = {group[:at] + group[at + 1 :] for at in range(len(group))}
    return meant if not agreed and len(meant) >= LEAST_INITIALS and meant in shorter else None


def _strokes(letters: str) -> str:
    """With one T for a row of stems, which recognisers take for I and L and miscount: STTTT as STLTLIT."""
    return re.sub("T+", "T", re.sub("[IL]", "T", letters))


def _initials(name: str) -> str:
    """The first letters of a name's words; of a word that is an abbreviation itself (LĐ, THCS) all of them."""
    words = (word for word in name.split() if word[0].isalpha() and fold(word) not in SMALL_WORDS)
    return "".join(word if word.isupper() else word[0] for word in words).upper()


def _in_order(letters: str, initials: str) -> bool:
    if len(letters) < 2:
        return False
    place = 0
    for letter in letters:
        place = initials.find(letter, place) + 1
        if not place:
            return False
    return True


def worth(share: float) -> float:
    """The confidence of a notation that this share of looks agrees on."""
    return next(value for least, value in AGREED if share >= least)
