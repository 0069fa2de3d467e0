"""What the picture says of the marks on words in capitals: whether ink stands above and below their letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.line_rows import Numbers, line_ink
from ocr_worker.recognition.recognize import Grey, Word
from ocr_worker.recognition.text_lines import is_capitals

# of the letters' height: how far a mark reaches out of it at least, how far it may stand away, how wide and high it is
OUT, AWAY, LEAST = 0.12, 0.3, 0.07
# stands for a word of which a look says nothing
UNSAID = "?"
_DOT_BELOW = "\u0323"
_MARKS_ABOVE = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309")
# what reaches out of the line itself: signs, the tails of letters, and the horn of `Ư`, which some faces set high
_TAILED, _RAISED = frozenset("QJ,;()[]/|"), frozenset("\u031b\"'“”‘’()[]/|^°")


@dataclass(frozen=True, kw_only=True)
class MarksSeen:
    """Whether marks stand above and below the letters of a word."""

    above: bool
    below: bool

    def allow(self, word: str) -> bool:
        """Whether this may be the word, as far as it is in capitals: of small letters nothing is said."""
        if not word.isupper():
            return True
        signs = set(unicodedata.normalize("NFD", word))
        above, below = bool(signs & _MARKS_ABOVE), _DOT_BELOW in signs
        fits_above = above == self.above or (self.above and bool(signs & _RAISED))
        return fits_above and (below == self.below or (self.below and bool(signs & _TAILED)))


def marks_seen(grey: Grey, line: PixelBox, words: Sequence[Word]) -> list[MarksSeen | None]:
    """The marks on every word of a line; None for all where the line is not in capitals or has no ink."""
    ink = line_ink(grey, line) if is_capitals(" ".join(word.text for word in words)) else None
    if ink is None or not ink.letters.any():
        return [None] * len(words)
    letters = ink.pieces[ink.letters]
    # most letters have no mark that touches them
    head, foot = float(np.median(letters[:, 1])), float(np.median(letters[:, 3]))
    middles = (ink.pieces[:, 0] + ink.pieces[:, 2]) / 2 + ink.left
    return [_seen(ink.pieces[(middles >= word.box[0]) & (middles <= word.box[2])], head, foot) for word in words]


def believable(grey: Grey, line: PixelBox, words: Sequence[Word]) -> list[Word]:
    """The words of a look, with nothing said where the ink denies their marks."""
    seen = marks_seen(grey, line, words)
    return [
        word if marks is None or marks.allow(word.text) else replace(word, text=UNSAID)
        for word, marks in zip(words, seen, strict=True)
    ]


def _seen(pieces: Numbers, head: float, foot: float) -> MarksSeen:
    height = foot - head + 1
    wide, high = (pieces[:, 2] - pieces[:, 0] + 1), (pieces[:, 3] - pieces[:, 1] + 1)
    marks = pieces[(wide >= LEAST * height) & (high >= LEAST * height)]
    above = (marks[:, 1] <= head - OUT * height) & (marks[:, 3] >= head - AWAY * height)
    below = (marks[:, 3] >= foot + OUT * height) & (marks[:, 1] <= foot + AWAY * height)
    return MarksSeen(above=bool(above.any()), below=bool(below.any()))
