"""What single looks at a line read, where the word that most looks read is none or makes none with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocr_worker.lexicon.dictionary import is_word
from ocr_worker.lexicon.document_type import known_phrases
from ocr_worker.lexicon.place_names import place_syllables
from ocr_worker.lexicon.syllables import EDGES
from ocr_worker.recognition.page_text import VotedLine
from ocr_worker.recognition.text_lines import fold

# what this many looks read is believed when a dictionary has it, and a word that few looks read is doubted
BELIEVED, MINORITY = 0.9, 0.7


def as_words(line: VotedLine) -> VotedLine:
    """The line with `tuổi` where most looks read `tuôi`, and `bản đồ` where most read `hán đồ`; in doubt."""
    words, confidences = line.text.split(), list(line.confidences)
    if not len(words) == len(line.others) == len(confidences):
        return line
    for place, others in enumerate(line.others):
        better = _better(words, place, others, believed=confidences[place] >= BELIEVED)
        if better is not None:
            words[place], confidences[place] = better, min(confidences[place], MINORITY)
    return replace(line, text=" ".join(words), confidences=tuple(confidences))


def _better(words: Sequence[str], place: int, others: Sequence[str], *, believed: bool) -> str | None:
    """What other looks read in place of a word: a word where this is none, or one that goes with its neighbours."""
    word = words[place]
    if not word.strip(EDGES).isalpha() or _is_paired(words, place, word):
        return None
    # that nearly all looks took one mark for another is common, other letters are not
    heard = [other for other in others if fold(other) == fold(word)] if believed and _is_known(word) else others
    paired = next((other for other in heard if _is_paired(words, place, other)), None)
    return paired or (None if _is_known(word) else next(filter(_is_known, others), None))


def _is_paired(words: Sequence[str], place: int, word: str) -> bool:
    """Whether a word makes a known one of two syllables with the word before or after it."""
    before, after = words[max(place - 1, 0) : place], words[place + 1 : place + 2]
    bare = [other.strip(EDGES).lower() for other in (*before, word, *after)]
    return any(" ".join(pair) in known_phrases() for pair in pairwise(bare))


def _is_known(word: str) -> bool:
    """Whether a dictionary has a word; what begins with a capital may be a name, which none has."""
    bare = word.strip(EDGES)
    return bare.isalpha() and (not bare.islower() or is_word(bare) or bare in place_syllables())
