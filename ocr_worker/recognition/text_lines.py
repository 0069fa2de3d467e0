"""Words joined to lines, and comparison of words as recognisers misread them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.recognize import Word

_STROKED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "§": "S", "0": "o"})
# words further apart than this many letter heights stand in different columns
COLUMN_GAP = 2.2
# more words than a paper of some pages has
_REMEMBERED = 8192
NEIGHBOURS = 3
# of the usual height of words
SPECK = 0.3


@dataclass(frozen=True, kw_only=True)
class Line:
    """Words side by side, from the left."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> PixelBox:
        return around(word.box for word in self.words)

    @cached_property
    def height(self) -> float:
        """Height of its letters: the middle one of its words' heights."""
        heights = sorted(word.height for word in self.words)
        return heights[len(heights) // 2]

    @cached_property
    def middle(self) -> tuple[float, float]:
        x0, y0, x1, y1 = self.box
        return (x0 + x1) / 2, (y0 + y1) / 2


def around(boxes: Iterable[PixelBox]) -> PixelBox:
    """The box around boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """Lower case letters a to z and digits without marks: equal for what differs only in tone or case."""
    plain = unicodedata.normalize("NFD", text.translate(_STROKED).lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def is_capitals(text: str) -> bool:
    """Whether a text is set in capitals, as far as it has letters."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 2 and sum(letter.isupper() for letter in letters) >= 0.75 * len(letters)


def recognised_lines(words: Sequence[Word]) -> list[Line]:
    """The lines as the recogniser grouped them."""
    grouped: dict[int, list[Word]] = {}
    for word in words:
        grouped.setdefault(word.line, []).append(word)
    return [Line(words=tuple(group)) for group in grouped.values()]


def geometric_lines(words: Iterable[Word], *, cut: bool = True) -> list[Line]:
    """Lines by place alone, from the top; ``cut`` where a wide gap shows another column."""
    rows: list[_Row] = []
    letters, specks = _by_height(words)
    for word in letters:
        _join(word, rows, rows[-4:])
    # they begin no row that letters belong to
    for word in specks:
        _join(word, rows, rows)
    ordered = [sorted(row.words, key=lambda word: word.box[0]) for row in rows]
    found = [line for row in ordered for line in (_columns(row) if cut else [Line(words=tuple(row))])]
    return sorted(found, key=lambda line: line.middle[1])


def _by_height(words: Iterable[Word]) -> tuple[list[Word], list[Word]]:
    """Letters and what is much lower, specks and dashes, each from the top."""
    found = sorted(words, key=lambda word: word.middle[1])
    heights = sorted(word.height for word in found)
    low = SPECK * heights[len(heights) // 2] if found else 0.0
    return [word for word in found if word.height >= low], [word for word in found if word.height < low]


class _Row:
    """Words at one height, and how far they reach."""

    def __init__(self, word: Word) -> None:
        self.words = [word]
        _, self._top, _, self._foot = word.box

    def add(self, word: Word) -> None:
        self.words.append(word)
        self._top, self._foot = min(self._top, word.box[1]), max(self._foot, word.box[3])

    def holds(self, word: Word) -> bool:
        """Whether a word stands at the height of those nearest to it, whatever one alone is: a speck, two lines."""
        if word.box[1] >= self._foot or word.box[3] <= self._top:
            return False
        across = word.middle[0]
        nearest = sorted(self.words, key=lambda other: abs(other.middle[0] - across))[:NEIGHBOURS]
        middle = len(nearest) // 2
        top, foot = (sorted(other.box[edge] for other in nearest)[middle] for edge in (1, 3))
        return min(foot, word.box[3]) - max(top, word.box[1]) > 0.45 * min(foot - top, word.height)


def _join(word: Word, rows: list[_Row], near: Sequence[_Row]) -> None:
    row = next((row for row in reversed(near) if row.holds(word)), None)
    if row is None:
        rows.append(_Row(word))
    else:
        row.add(word)


def _columns(row: Sequence[Word]) -> Iterator[Line]:
    heights = sorted(word.height for word in row)
    wide = COLUMN_GAP * heights[len(heights) // 2]
    part: list[Word] = [row[0]]
    for word in row[1:]:
        if word.box[0] - part[-1].box[2] > wide:
            yield Line(words=tuple(part))
            part = []
        part.append(word)
    yield Line(words=tuple(part))


def within(words: Iterable[Word], box: PixelBox) -> list[Word]:
    """The words whose middle lies in a box."""
    x0, y0, x1, y1 = box
    return [word for word in words if x0 <= word.middle[0] <= x1 and y0 <= word.middle[1] <= y1]
