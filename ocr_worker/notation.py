"""The notation after the number, such as `QĐ-UBND` (Decree 30/2020 App. I II.3 and App. III)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr_worker.document_type import DocumentType, agencies, known_types
from ocr_worker.text_lines import fold

_GROUP = r"(?:[A-ZĐ][A-Za-zĐđ&]{1,11}\d{0,2}|[A-ZĐ](?![A-Za-z\d]))"
GRAMMAR = re.compile(rf"(?:(?:19|20)\d\d/)?{_GROUP}(?:[-.]{_GROUP})*")
YEAR_ONLY = re.compile(r"(?:19|20)\d\d")
_TIDY = str.maketrans({"—": "-", "–": "-", "_": "-", "⁄": "/", "∕": "/", "Ð": "Đ", "ð": "đ", "−": "-", "~": "-"})
# letters that a slash is misread as
SLASH_LIKE = "IlJ"
# words that leave no letter in an abbreviation
SMALL_WORDS = frozenset({"va", "cua", "cac"})
# what the looks' agreement is worth, by the share of looks that gave the same text
AGREED = ((1.0, 0.992), (0.79, 0.97), (0.59, 0.88), (0.0, 0.55))


def parsed(text: str) -> str:
    """The notation within a reading, "" when it holds none; spaces do not count."""
    tidy = re.sub(r"\s+", "", text.translate(_TIDY)).strip("'\"`.,:;|")
    tidy = re.sub(r"-{2,}", "-", tidy)
    found = [match.group() for match in GRAMMAR.finditer(tidy)]
    best = max(found, key=len, default="")
    if len(best) >= 2:
        return best
    year = YEAR_ONLY.search(tidy)
    return year.group() if year else ""


def agree(readings: Sequence[str]) -> tuple[str, float]:
    """The notation that most readings give, and the share that gave it."""
    found = [notation for notation in (canonical(parsed(reading)) for reading in readings) if notation]
    if not found:
        return "", 0.0
    best = max(found, key=lambda text: (found.count(text), len(text)))
    return best, found.count(best) / len(readings)


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
    return same.pop() if len(same) == 1 else group


def type_of(text: str) -> DocumentType | None:
    """The type that the first group abbreviates."""
    groups = [part for _, part in _groups(text) if part not in "-./" and not part.isdigit()]
    return known_types().by_abbreviation(groups[0]) if groups else None


def spelled_for(text: str, kind: DocumentType | None) -> str:
    """The notation with its first group as the printed type abbreviates it, where they differ in marks only."""
    if kind is None or not kind.abbreviation:
        return text
    groups = _groups(text)
    place = next((n for n, (_, part) in enumerate(groups) if part not in "-./" and not part.isdigit()), None)
    if place is None or fold(groups[place][1]) != fold(kind.abbreviation):
        return text
    parts = [part for _, part in groups]
    parts[place] = kind.abbreviation
    return "".join(parts)


def agency_fits(text: str, agency: str | None) -> bool:
    """Whether a group of the notation abbreviates the issuing agency's name, as far as both are known.

    The letters of a group are initials of the name in its order: SGDĐT, Sở Giáo dục và Đào tạo.
    """
    groups = [part for _, part in _groups(text) if part not in "-./" and not part.isdigit()]
    if agency is None or not groups:
        return False
    written = agencies().abbreviations
    initials = "".join(
        word[0] for word in agency.split() if word[0].isalpha() and fold(word) not in SMALL_WORDS
    ).upper()
    rest = groups[1:] if type_of(text) is not None else groups
    return any(
        fold(written[group]) in fold(agency) if group in written else _in_order(group.upper(), initials)
        for group in rest
    )


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
