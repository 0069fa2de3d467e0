"""Tone marks that recognisers lose, put back where a known word of two syllables leaves no choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from ocr_worker.lexicon.document_type import known_phrases
from ocr_worker.lexicon.syllables import EDGES, is_name, is_syllable, marks_between, with_capital
from ocr_worker.recognition.page_text import VotedLine
from ocr_worker.recognition.text_lines import fold

# a syllable that only the list stands for
CORRECTED = 0.93
# what most looks read and a known word confirms
CONFIRMED, HALF_CONFIRMED = 0.985, 0.95
# what follows a name, and words of small letters as well: `Bình Tú năm 2020`, `từ năm 2020`
AFTER_NAMES = frozenset({"năm", "tháng", "ngày", "quý"})
# a pair that may be either of two known words
UNDECIDED = 0.7


def corrected(line: VotedLine) -> VotedLine:
    """The line with syllables corrected that differ from a known word in their marks alone.

    A pair of syllables that is a known word already is left alone, and so is one that may be two of them.
    """
    words, doubts = _parted(line)
    lower = [word.strip(EDGES).lower() for word in words]
    pairs = [place for place in range(len(words) - 1) if _may_be_word(words[place], words[place + 1])]
    known = [place for place in pairs if f"{lower[place]} {lower[place + 1]}" in known_phrases()]
    settled = {here for place in known for here in (place, place + 1)}
    confidences = [_confirmed(sure) if place in settled else sure for place, sure in enumerate(doubts)]
    for place in pairs:
        if not settled & {place, place + 1}:
            _correct(words, lower, confidences, place)
    return replace(line, text=" ".join(words), confidences=tuple(confidences))


def _may_be_word(one: str, other: str) -> bool:
    """Whether two syllables may be one word, also around a comma (`phòng, chống`): neither belongs to a name."""
    ends_name = one[:1].isupper() and other in AFTER_NAMES
    return not is_name(other) and not ends_name


def _correct(words: list[str], lower: list[str], confidences: list[float], place: int) -> None:
    """Two syllables become the known word that they have to be; what may be two of them is doubted."""
    meant = _only_phrase(lower[place], lower[place + 1])
    misread = _with_y(lower[place], lower[place + 1]) if meant is None else None
    for here, syllable in zip((place, place + 1), meant or misread or (), strict=False):
        if lower[here] != syllable:
            bare = words[here].strip(EDGES)
            words[here] = words[here].replace(bare, _cased(syllable, bare))
            lower[here] = syllable
            confidences[here] = UNDECIDED if misread else CORRECTED
    if meant is None and misread is None and _is_between(lower[place], lower[place + 1]):
        confidences[place + 1] = min(confidences[place + 1], UNDECIDED)


def _confirmed(confidence: float) -> float:
    """What half of the looks read is believed when it is a known word, what most read still more."""
    if confidence >= 0.75:
        return max(confidence, CONFIRMED)
    return max(confidence, HALF_CONFIRMED) if confidence >= 0.55 else confidence


def _parted(line: VotedLine) -> tuple[list[str], list[float]]:
    """The words with their confidences; a known word that lost its space is two again."""
    words: list[str] = []
    confidences: list[float] = []
    for word, confidence in zip(line.text.split(), line.confidences, strict=True):
        parts = _glued().get(word.strip(EDGES).lower())
        if parts is None or not word.strip(EDGES).isalpha() or is_syllable(word.strip(EDGES)):
            parts_written = [word]
        else:
            cut = word.lower().index(parts[0]) + len(parts[0])
            parts_written = [word[:cut], word[cut:]]
        words += parts_written
        confidences += [max(confidence, CORRECTED) if len(parts_written) > 1 else confidence] * len(parts_written)
    return words, confidences


@cache
def _glued() -> Mapping[str, tuple[str, str]]:
    return {phrase.replace(" ", ""): (phrase.split()[0], phrase.split()[1]) for phrase in known_phrases()}


def _only_phrase(one: str, other: str) -> tuple[str, str] | None:
    """The known word with these letters; of several, the one that is clearly nearest in its marks."""
    found = _by_letters().get((fold(one), fold(other)), ())
    if len(found) < 2:
        return next((phrase for phrase in found if phrase != (one, other)), None)
    ranked = sorted((marks_between(one, mine) + marks_between(other, its), (mine, its)) for mine, its in found)
    return ranked[0][1] if ranked[0][0] < ranked[1][0] else None


def _with_y(one: str, other: str) -> tuple[str, str] | None:
    """The only known word that these are but for a y read as v, as at 100 dpi: `vêu cầu`."""
    forms = {(one.replace("v", "y", 1), other), (one, other.replace("v", "y", 1))} - {(one, other)}
    known = [form for form in forms if " ".join(form) in known_phrases()]
    return known[0] if len(known) == 1 else None


def _is_between(one: str, other: str) -> bool:
    """Whether a pair may be several known words with other marks."""
    return len(_by_letters().get((fold(one), fold(other)), ())) > 1


@cache
def _by_letters() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    grouped: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for phrase in known_phrases():
        first, second = phrase.split()
        grouped.setdefault((fold(first), fold(second)), set()).add((first, second))
    return {letters: tuple(sorted(phrases)) for letters, phrases in grouped.items()}


def _cased(syllable: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return syllable.upper()
    return with_capital(syllable) if like[:1].isupper() else syllable
