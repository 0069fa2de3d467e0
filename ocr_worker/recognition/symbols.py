"""Letters of a line with their places, so that words grown together with handwriting can be cut apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.recognize import Symbol, Word
from ocr_worker.recognition.text_lines import around, fold

# what Times leaves free at both ends of a word, and how many words must have been measured
SIDE_BEARINGS = 0.06
MEASURED = 3
LOWER = {
    "c": 0.444, "e": 0.444, "f": 0.3, "i": 0.278, "j": 0.278, "k": 0.47, "l": 0.278, "m": 0.75, "r": 0.35, "s": 0.389,
    "t": 0.278, "v": 0.47, "w": 0.7, "x": 0.47, "y": 0.47, "z": 0.42,
}  # fmt: skip
# the letter eth looks like Đ and is none of Vietnamese
_AS_PRINTED = str.maketrans({"⁄": "/", "∕": "/", "Ð": "Đ", "ð": "đ"})
UPPER = {"i": 0.333, "j": 0.36, "f": 0.58, "e": 0.611, "l": 0.611, "p": 0.58, "s": 0.53, "t": 0.6, "m": 0.87, "w": 0.9}


@dataclass(frozen=True, kw_only=True)
class SpelledLine:
    """One line letter by letter: ``text`` as read, ``plain`` the same without marks and case, equally long."""

    symbols: tuple[Symbol, ...]
    text: str
    plain: str
    ends: tuple[int, ...]  # where each word ends

    def find(self, pattern: str, start: int = 0) -> tuple[int, int] | None:
        """Where ``plain`` matches, as places of symbols."""
        found = re.compile(pattern).search(self.plain, start)
        return found.span() if found else None

    def first(self, count: int) -> SpelledLine:
        """The line without what follows its first symbols."""
        ends = (*(end for end in self.ends if end < count), count)
        return SpelledLine(symbols=self.symbols[:count], text=self.text[:count], plain=self.plain[:count], ends=ends)

    def spelled_at(self, place: int, letter: str) -> SpelledLine:
        """The line with another letter there."""
        symbols = list(self.symbols)
        symbols[place] = replace(symbols[place], text=letter)
        text = f"{self.text[:place]}{letter}{self.text[place + 1 :]}"
        return replace(self, symbols=tuple(symbols), text=text, plain=_plain(text))

    def groups(self) -> list[tuple[Symbol, ...]]:
        """The symbols word by word."""
        found = []
        for start, end in zip((0, *self.ends[:-1]), self.ends, strict=True):
            found.append(self.symbols[start:end])
        return found

    def box(self, start: int, end: int) -> PixelBox:
        """The box around the symbols of a span."""
        return around(symbol.box for symbol in self.symbols[start:end])


def spelled(words: Sequence[Word]) -> SpelledLine:
    """The symbols of words from left to right; a word without symbols gets evenly wide ones."""
    symbols: list[Symbol] = []
    ends = []
    for word in words:
        symbols += [symbol for symbol in (word.symbols or _even(word)) if symbol.text]
        ends.append(len(symbols))
    text = "".join(symbol.text[0] for symbol in symbols).translate(_AS_PRINTED)
    return SpelledLine(symbols=tuple(symbols), text=text, plain=_plain(text), ends=tuple(ends))


def _plain(text: str) -> str:
    return "".join((fold(letter)[:1] or ("/" if letter == "/" else ":" if letter in ":;" else "#")) for letter in text)


def em_width(lines: Sequence[SpelledLine]) -> float | None:
    """The size of the type: words of Times as wide as they were measured; None when too few are sure."""
    sizes = sorted(size for line in lines for group in line.groups() if (size := _em_of(group)) is not None)
    return sizes[len(sizes) // 2] if len(sizes) >= MEASURED else None


def size_of(symbols: Sequence[Symbol]) -> float:
    """The size of the type of these letters, as wide as Times sets them; hyphens and slashes count."""
    wide = sum(advance(symbol.text[0]) for symbol in symbols) - SIDE_BEARINGS
    x0, _, x1, _ = around(symbol.box for symbol in symbols)
    return (x1 - x0) / max(wide, 0.3)


def _em_of(group: Sequence[Symbol]) -> float | None:
    letters = [fold(symbol.text)[:1] for symbol in group]
    if len(group) < 3 or not all(letters) or min(symbol.confidence for symbol in group) < 0.75:
        return None
    wide = sum(advance(symbol.text[0]) for symbol in group) - SIDE_BEARINGS
    x0, _, x1, _ = around(symbol.box for symbol in group)
    return (x1 - x0) / wide


def advance(letter: str) -> float:
    """The width of a letter of Times, of its size."""
    if letter in "-/.":
        return 0.3
    plain = fold(letter)[:1]
    if letter.isupper():
        return UPPER.get(plain, 0.68)
    return LOWER.get(plain, 0.5)


def _even(word: Word) -> list[Symbol]:
    x0, y0, x1, y1 = word.box
    step = (x1 - x0) / max(len(word.text), 1)
    return [
        Symbol(text=letter, box=(x0 + step * place, y0, x0 + step * (place + 1), y1), confidence=word.confidence)
        for place, letter in enumerate(word.text)
    ]
