"""A page that can be read more than once: every model's view of a column, and their vote on a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property, partial

import cv2
import numpy as np

from ocr_worker.pages.clean import CleanPage, PixelBox
from ocr_worker.recognition.capital_marks import MarksSeen, marks_seen
from ocr_worker.recognition.line_rows import tight
from ocr_worker.recognition.recognize import Grey, Model, Recognizer, Word
from ocr_worker.recognition.text_lines import Line, geometric_lines, within

# the second look at a line is smaller: other pixels, so other mistakes
SMALLER = 0.72
# and a third one, larger, where the first four do not agree
LARGER = 1.35
# names, which no list of words puts right, are looked at once more
TWICE = 2.0
# paper beside a line, and rows of it above and below
PAD_MM, MARGIN = 0.8, 2
ROMAN = 0.7
# what a share of looks in agreement is worth, measured word by word on drawn and real papers
SUPPORT = ((1.0, 0.9995), (0.8, 0.96), (0.7, 0.8), (0.6, 0.75), (0.5, 0.6), (0.0, 0.4))
UNANIMOUS = 0.99
# a word of which some looks read marks that are not there, and one of which most did
SOME_DENIED, MOST_DENIED = 0.96, 0.8

Witness = Callable[[Sequence[Word]], Sequence[MarksSeen | None]]


@dataclass(frozen=True, kw_only=True)
class VotedLine:
    """One line as most looks read it; ``confidences`` belong to the words of ``text``.

    ``others`` is what single looks read in the place of each word, the most read first; empty where that is not known.
    """

    text: str
    words: tuple[Word, ...]
    confidences: tuple[float, ...]
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def confidence(self) -> float:
        """That of the weakest word."""
        return min(self.confidences, default=0.0)


@dataclass(frozen=True, kw_only=True)
class PageText:
    """The cleaned page, its words by the fast model (or of its own text layer), and a way to look again."""

    clean: CleanPage
    words: Sequence[Word]
    recognizer: Recognizer = field(repr=False)
    electronic: bool = False

    @cached_property
    def lines(self) -> list[Line]:
        """The words joined by place."""
        return geometric_lines(self.words)

    def column(self, box: PixelBox, model: Model) -> list[Word]:
        """The words of one column, read by this model; those of the text layer where there is one."""
        if self.electronic and model is Model.FAST:
            return _rows(within(self.words, box))
        return self.recognizer.crop(self.clean.grey, self.clean.dpi, box, model=model)

    def vote(self, box: PixelBox, *, grey: Grey | None = None, heard: Sequence[Word] = ()) -> VotedLine:
        """One line, read by both models at two sizes; ``heard`` is another reading of it, which has no vote."""
        picture = self.clean.grey if grey is None else grey
        wide = self._with_margin(picture, box)
        looks = self._looks(picture, wide)
        if self.electronic:
            own = sorted(within(self.words, box), key=lambda word: word.box[0])
            return _checked(own, looks)
        seen = partial(marks_seen, picture, box)
        line = voted(looks, heard, seen)
        if line.confidences and line.confidence < UNANIMOUS:
            more = [self._scaled(picture, wide, model, LARGER) for model in Model]
            line = voted([*looks, *more], heard, seen)
        return line

    def twice_as_large(self, box: PixelBox) -> list[Word]:
        """One more look at a line by the larger model, which tells two marks on one letter (`ế`, `ể`) better so."""
        return self._scaled(self.clean.grey, self._with_margin(self.clean.grey, box), Model.SCRIPT, TWICE)

    def looks(self, box: PixelBox, *, grey: Grey | None = None, pad: float = PAD_MM) -> list[list[Word]]:
        """The readings of one line: fast, script, and each again smaller; ``pad`` in millimetres."""
        picture = self.clean.grey if grey is None else grey
        return self._looks(picture, self._with_margin(picture, box, pad))

    def _looks(self, picture: Grey, wide: PixelBox) -> list[list[Word]]:
        return [self._scaled(picture, wide, model, scale) for scale in (1.0, SMALLER) for model in Model]

    def _with_margin(self, picture: Grey, box: PixelBox, pad: float = PAD_MM) -> PixelBox:
        """A line's rows and a little of the paper around them."""
        x0, y0, x1, y1 = tight(picture, box)
        beside = self.clean.pixels(pad)
        return x0 - beside, y0 - MARGIN, x1 + beside, y1 + MARGIN

    def _scaled(self, picture: Grey, box: PixelBox, model: Model, scale: float) -> list[Word]:
        """One look at a line, at another size."""
        top, bottom = max(round(box[1]), 0), round(box[3])
        left, right = max(round(box[0]), 0), round(box[2])
        part = picture[top:bottom, left:right]
        if min(part.shape) < 8:
            return []
        if scale != 1.0:
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=how), np.uint8)
        whole = (0.0, 0.0, float(part.shape[1]), float(part.shape[0]))
        words = self.recognizer.crop(part, self.clean.dpi * scale, whole, model=model, lines=False)
        return [_placed(word, scale, left, top) for word in words]


def voted(looks: Sequence[Sequence[Word]], heard: Sequence[Word] = (), seen: Witness | None = None) -> VotedLine:
    """The words that most looks agree on, along the look that agrees best with the others.

    ``heard`` is one more reading, which has no vote but stands among the others; ``seen`` tells of words where their
    marks stand on the picture.
    """
    looks = [look for look in looks if look]
    texts = [[word.text for word in look] for look in looks]
    if not texts:
        return VotedLine(text="", words=(), confidences=())
    likeness = [round(sum(SequenceMatcher(None, mine, other).ratio() for other in texts), 6) for mine in texts]
    # spaces are lost more easily than found
    best = max(range(len(texts)), key=lambda number: (likeness[number], len(texts[number]), _mean(looks[number])))
    base = looks[best]
    ballots: list[dict[str, list[float]]] = [{word.text: [word.confidence]} for word in base]
    for number, look in enumerate(looks):
        if number != best:
            _count(ballots, texts[best], look)
    marks = seen(base) if seen is not None else [None] * len(base)
    elected = [_elected(ballot, mark, len(looks)) for ballot, mark in zip(ballots, marks, strict=True)]
    _count(ballots, texts[best], heard)
    others = tuple(_others(ballot, text) for ballot, (text, _) in zip(ballots, elected, strict=True))
    return VotedLine(
        text=" ".join(text for text, _ in elected),
        words=tuple(base),
        confidences=tuple(confidence for _, confidence in elected),
        others=others,
    )


def _elected(ballot: Mapping[str, list[float]], marks: MarksSeen | None, looks: int) -> tuple[str, float]:
    """The word that most looks read, and what it is worth; a word whose marks the ink denies has no vote."""
    possible = [text for text in ballot if marks is None or marks.allow(text)]
    most = max(ballot, key=lambda text: (len(ballot[text]), sum(ballot[text])))
    chosen = max(possible, key=lambda text: (len(ballot[text]), sum(ballot[text])), default=most)
    denied = sum(len(ballot[text]) for text in ballot.keys() - set(possible))
    worth = _worth(len(ballot[chosen]), looks - denied if possible else looks, max(ballot[chosen]))
    if denied:
        worth = min(worth, SOME_DENIED if chosen in possible and chosen == most else MOST_DENIED)
    return chosen, min(worth, ROMAN if is_roman(chosen) else 1.0)


def _others(ballot: Mapping[str, list[float]], chosen: str) -> tuple[str, ...]:
    """What was read instead of the chosen word, the most read first."""
    return tuple(sorted(ballot.keys() - {chosen}, key=lambda text: (-len(ballot[text]), -sum(ballot[text]), text)))


def _count(ballots: list[dict[str, list[float]]], base: Sequence[str], look: Sequence[Word]) -> None:
    other = [word.text for word in look]
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, base, other, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and a1 - a0 == b1 - b0):
            for place, word in zip(range(a0, a1), look[b0:b1], strict=True):
                ballots[place].setdefault(word.text, []).append(word.confidence)


def _worth(support: int, looks: int, highest: float) -> float:
    worth = next(value for least, value in SUPPORT if support >= least * looks)
    return worth if highest > 0.6 else min(worth, 0.7)


def is_roman(word: str) -> bool:
    """Whether a word is a Roman numeral of several strokes: all models lose a stroke of `III` alike."""
    return len(word) > 1 and set(word) <= set("IVXl1")


def _checked(own: Sequence[Word], looks: Sequence[Sequence[Word]]) -> VotedLine:
    """The text layer's words, believed where the picture shows the same."""
    line = voted([*looks, own])
    seen = set(line.text.split()) | {word.text for look in looks for word in look}
    confidences = tuple(0.995 if word.text in seen else 0.8 for word in own)
    return VotedLine(text=" ".join(word.text for word in own), words=tuple(own), confidences=confidences)


def _rows(words: Sequence[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (word.line, word.box[0]))


def _mean(look: Sequence[Word]) -> float:
    return sum(word.confidence for word in look) / len(look) if look else 0.0


def _placed(word: Word, scale: float, left: int, top: int) -> Word:
    """A word of a part in the page's own pixels."""

    def on_page(box: PixelBox) -> PixelBox:
        x0, y0, x1, y1 = box
        return (x0 / scale + left, y0 / scale + top, x1 / scale + left, y1 / scale + top)

    symbols = tuple(replace(symbol, box=on_page(symbol.box)) for symbol in word.symbols)
    return replace(word, box=on_page(word.box), symbols=symbols)
