"""Tone marks that recognisers lose, put back where a known word of two syllables leaves no choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from ocr_worker.lexicon.document_type import known_phrases
from ocr_worker.lexicon.syllables import marks_between
from ocr_worker.recognition.page_text import VotedLine
from ocr_worker.recognition.text_lines import fold

_EDGES = "\"'“”().,;:!?"
# a syllable that only the list stands for
CORRECTED = 0.93
# what most looks read and a known word confirms
CONFIRMED, HALF_CONFIRMED = 0.985, 0.95
# a pair that may be either of two known words
UNDECIDED = 0.7


def corrected(line: VotedLine) -> VotedLine:
    """The line with syllables corrected that differ from a known word in their marks alone.

    A pair of syllables that is a known word already is left alone, and so is one that may be two of them.
    """
    words, doubts = _parted(line)
    line = replace(line, confidences=tuple(doubts))
    bare = [word.strip(_EDGES) for word in words]
    lower = [word.lower() for word in bare]
    settled = [False] * len(words)
    for place in range(len(words) - 1):
        if f"{lower[place]} {lower[place + 1]}" in known_phrases():
            settled[place] = settled[place + 1] = True
    confidences = [
        _confirmed(confidence) if sure else confidence
        for confidence, sure in zip(line.confidences, settled, strict=True)
    ]
    for place in range(len(words) - 1):
        if settled[place] or settled[place + 1]:
            continue
        wanted = _only_phrase(lower[place], lower[place + 1])
        if wanted is None:
            if _is_between(lower[place], lower[place + 1]):
                confidences[place + 1] = min(confidences[place + 1], UNDECIDED)
            continue
        for here, syllable in zip((place, place + 1), wanted, strict=True):
            if lower[here] != syllable:
                words[here] = words[here].replace(bare[here], _cased(syllable, bare[here]))
                lower[here] = syllable
                confidences[here] = CORRECTED
    return replace(line, text=" ".join(words), confidences=tuple(confidences))


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
        parts = _glued().get(word.strip(_EDGES).lower())
        if parts is None or not word.strip(_EDGES).isalpha():
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
    return syllable[:1].upper() + syllable[1:] if like[:1].isupper() else syllable
