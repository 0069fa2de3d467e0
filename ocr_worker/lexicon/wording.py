"""The wording of an abstract put right where nothing else is possible, and doubted where it cannot be Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from ocr_worker.lexicon.dictionary import is_word
from ocr_worker.lexicon.document_type import (
    agencies,
    known_given_names,
    known_places,
    known_surnames,
    load_document_types,
)
from ocr_worker.lexicon.place_names import highland, place_syllables
from ocr_worker.lexicon.syllables import EDGES, is_name, is_syllable
from ocr_worker.recognition.page_text import VotedLine
from ocr_worker.recognition.text_lines import fold

# a word that was put right by a rule, and one that is no word
MENDED, NO_WORD = 0.93, 0.7
_GLUED = re.compile(r"(?<=[a-zà-ỹ])[.·,](?=[a-zà-ỹ])")
_NOTATION = re.compile(r"^(\d+/(?:\d{4}/)?)([A-ZĐ0Ð]{2,3})(-.+)$")
_CENTURY = re.compile(r"^(?:19|20)\d$")
AT = "tại"
# words that an ear or a disaster follows
BEFORE_TAI = frozenset({"thiên", "hoa", "khuyên", "bông", "điếc", "khoa", "vành"})
_ADDRESSED = frozenset({"ông", "bà", "ông/bà", "cụ", "anh", "chị", "cháu"})


def mended(line: VotedLine) -> VotedLine:
    """The line with words parted and joined, names of the highlands and notations as they are written."""
    words, confidences = _parted(line.text.split(), line.confidences)
    words, confidences = _joined_years(words, confidences)
    words, confidences = _with_provinces(words, confidences)
    first_names = {place for place in _names(words) if place - 1 not in _names(words)}
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        surname = _surname(word) if place in first_names else None
        right = surname or highland(word, following) or _notation(words, place) or _at_place(words, place)
        if right and right != word:
            words[place], confidences[place] = right, min(confidences[place], NO_WORD if surname else MENDED)
        elif right == AT:
            confidences[place] = max(confidences[place], MENDED)
        elif _is_cut_comma(word, following):
            words[place], confidences[place] = f"{word[:-1]},", min(confidences[place], NO_WORD)
    return replace(line, text=" ".join(words), confidences=tuple(confidences))


def doubted(line: VotedLine) -> VotedLine:
    """The line with low confidence where a word is no Vietnamese one, or where nobody bears a name."""
    words = [word.strip(EDGES) for word in line.text.split()]
    named = _names(words)
    confidences = [
        min(confidence, NO_WORD) if _is_odd(word, in_name=place in named) else confidence
        for place, (word, confidence) in enumerate(zip(words, line.confidences, strict=True))
    ]
    return replace(line, confidences=tuple(confidences))


def _parted(words: Sequence[str], given: Sequence[float]) -> tuple[list[str], list[float]]:
    """Words that a speck glued together are two, and none begins with a speck."""
    parted: list[str] = []
    confidences: list[float] = []
    for printed, confidence in zip(words, given, strict=True):
        word = printed.lstrip(".,·`'") or printed
        parts = _GLUED.split(word) if all(is_syllable(part.strip(EDGES)) for part in _GLUED.split(word)) else [word]
        parted += parts
        confidences += [confidence] * len(parts)
    return parted, confidences


def _joined_years(words: Sequence[str], given: Sequence[float]) -> tuple[list[str], list[float]]:
    """A year whose last digit stands apart is one: `năm 201 1`."""
    joined: list[str] = []
    confidences: list[float] = []
    for word, confidence in zip(words, given, strict=True):
        if joined and _CENTURY.match(joined[-1]) and re.fullmatch(r"\d[.,;]?", word):
            joined[-1] += word
            confidences[-1] = min(confidences[-1], confidence)
        else:
            joined.append(word)
            confidences.append(confidence)
    return joined, confidences


def _with_provinces(words: Sequence[str], given: Sequence[float]) -> tuple[list[str], list[float]]:
    """Two words with the letters of a province as it is written, in doubt: `Thành Hóa` is no place, Thanh Hóa is."""
    written, confidences = list(words), list(given)
    for place, (one, other) in enumerate(pairwise(words)):
        last = other.rstrip(EDGES)
        read, name = f"{one} {last}", _provinces().get((fold(one), fold(last)))
        named = is_name(one) and is_name(last) and not (place and is_name(words[place - 1]))
        if name is None or name == read or not named or read in known_places():
            continue
        first, second = name.split()
        written[place : place + 2] = first, second + other[len(last) :]
        confidences[place : place + 2] = [min(NO_WORD, sure) for sure in confidences[place : place + 2]]
    return written, confidences


@cache
def _provinces() -> Mapping[tuple[str, str], str]:
    """Provinces of two words by their letters."""
    names = [name.split() for name in agencies().provinces]
    return {(fold(name[0]), fold(name[1])): " ".join(name) for name in names if len(name) == 2}


def _surname(word: str) -> str | None:
    """The only known family name of these letters (`Đinh` for `Đỉnh`); None where it is one, or there is a choice."""
    same = {name for name in known_surnames() if fold(name) == fold(word)}
    return same.pop() if len(same) == 1 and word not in same else None


def _at_place(words: Sequence[str], place: int) -> str | None:
    """`tại` before a name: no ear (`tai`) stands there, nor a disaster (`thiên tai`)."""
    following = words[place + 1] if place + 1 < len(words) else ""
    before = words[place - 1] if place else ""
    return AT if words[place] in {AT, "tai"} and before not in BEFORE_TAI and is_name(following) else None


def _is_cut_comma(word: str, following: str) -> bool:
    """Whether a stop ends no sentence: an abstract is one, so a comma lost its tail, or a speck stands there."""
    return word.endswith(".") and following[:1].islower() and len(word) > 2 and is_syllable(word[:-1])


def _notation(words: Sequence[str], place: int) -> str | None:
    """A notation's type as the type in front of it is abbreviated: `Nghị quyết số 68/NO-CP` is 68/NQ-CP."""
    found = _NOTATION.match(words[place])
    if found is None or place < 3 or words[place - 1].lower() != "số":
        return None
    before = " ".join(words[place - 3 : place - 1]).lower()
    wanted = _ABBREVIATIONS.get(before) or next(
        (kind.abbreviation for kind in load_document_types() if kind.name.lower() == before), None
    )
    if wanted is None or len(wanted) != len(found[2]) or Levenshtein.distance(wanted, found[2]) != 1:
        return None
    return found[1] + wanted + found[3]


# types that an office cites and does not issue itself
_ABBREVIATIONS = {"nghị định": "NĐ", "thông tư": "TT"}


def _names(words: Sequence[str]) -> set[int]:
    """Where the names of people stand: capitals behind `ông` or `bà`."""
    found: set[int] = set()
    for place, word in enumerate(words):
        if word.lower() in _ADDRESSED:
            end = place + 1
            while end < len(words) and words[end][:1].isupper():
                end += 1
            if end - place > 2:
                found |= set(range(place + 1, end))
    return found


def _is_odd(word: str, *, in_name: bool) -> bool:
    if in_name:
        return word not in known_given_names() and word not in known_surnames()
    if not word.isalpha() or word.isupper():
        # `1hị`: no notation has small letters with marks
        return any(sign.isdigit() for sign in word) and any(sign.islower() and not sign.isascii() for sign in word)
    known = is_word(word) if word.islower() else is_syllable(word)
    return not known and word.lower() not in place_syllables()
