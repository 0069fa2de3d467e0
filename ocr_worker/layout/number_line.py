"""The number line letter by letter: where its label ends, where the slash and the notation stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_worker.digits.kinds import LONGEST
from ocr_worker.lexicon import notation
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.recognize import Symbol
from ocr_worker.recognition.symbols import SpelledLine, advance, size_of
from ocr_worker.recognition.text_lines import around

LABEL = re.compile(r"^#*[s58][o06ed#]?[:#]?")
# sizes of type for one height of capitals, from condensed to wide faces
LEAST_EM, MOST_EM = 1 / 0.72, 1 / 0.58
# of the size of type: how wide a colon and a vowel of the label are with what is free beside them
COLON_WIDTH, VOWEL_WIDTH = 0.42, 0.65
# how far left of the first letter a slash begins: at the least and at the most (a typewriter's) where one was read,
# and where none was
NEAREST_SLASH, FARTHEST_SLASH, SLASH_WIDTH, WIDEST_SLASH = 0.05, 0.66, 0.31, 0.62
HYPHEN_WIDTH = 0.36
_DASHES = "-–—"
# a first letter may seem this much wider than it is before it is taken to have swallowed a digit
SWALLOWED = 0.12
# and this much narrower before it is taken to have lost its left edge to the slash
NARROWER = 0.06


@dataclass(frozen=True, kw_only=True)
class NumberLine:
    """``Số: 15/QĐ-UBND`` in its places: ``start`` of the slash (or ``letters`` if it is lost) and the first letter.

    ``separator`` is ``/``, or ``-`` on papers of the Party (``15-CV/TU``).
    """

    line: SpelledLine
    label_end: int
    start: int
    letters: int
    separator: str

    @property
    def printed(self) -> Sequence[Symbol]:
        """The letters of the notation."""
        return self.line.symbols[self.letters :]

    @property
    def text(self) -> str:
        """The notation as it was read."""
        return self.line.text[self.letters :]

    @property
    def between(self) -> str:
        """What was read between label and slash."""
        return self.line.text[self.label_end : self.start].strip(" :.")

    @property
    def em(self) -> float:
        """The size of type in pixels; the first letter does not count, it may have swallowed a digit."""
        measured = self.printed[1:] if len(self.printed) > 3 else self.printed
        high = row(self.printed)
        capitals = high[3] - high[1]
        return min(max(size_of(measured), LEAST_EM * capitals), MOST_EM * capitals)

    @property
    def edge(self) -> float:
        """Left edge of the first letter: as far left of the second as such a letter is wide."""
        first = self.printed[0]
        if len(self.printed) < 3:
            return first.box[0]
        second, width = self.printed[1].box[0], advance(first.text[0])
        widest, narrowest = (width + SWALLOWED) * self.em, (width - NARROWER) * self.em
        return min(max(first.box[0], second - widest), second - narrowest)

    @property
    def separator_seen(self) -> bool:
        """Whether a separator was read before the notation."""
        return self.start < self.letters

    @property
    def gap_end(self) -> float:
        """Where the separator begins: a written 1 may be read as one, so it has to stand close to its letters."""
        if self.separator_seen:
            x0, _, x1, _ = self.line.symbols[self.start].box
            upon_letter = x1 > self.printed[0].box[0] + 1 and self.edge - x0 < NEAREST_SLASH * self.em
            near = self.edge - x0 <= FARTHEST_SLASH * self.em
            if near and not upon_letter and min(x1, self.edge) - x0 <= WIDEST_SLASH * self.em:
                return x0
        return self.edge - (SLASH_WIDTH if self.separator == "/" else HYPHEN_WIDTH) * self.em

    @property
    def letters_box(self) -> PixelBox:
        """The box of the notation's letters, as high as most of them."""
        x0, y0, x1, y1 = row(self.printed)
        return max(x0, self.edge), y0, x1, y1

    @property
    def label_box(self) -> PixelBox:
        """The box of `Số:`, no wider than that is printed: its colon may have swallowed a digit."""
        x0, y0, x1, y1 = self.line.box(0, self.label_end)
        last = self.line.symbols[self.label_end - 1]
        wide = COLON_WIDTH if self.line.plain[self.label_end - 1] in ":#" else VOWEL_WIDTH
        return x0, y0, min(x1, last.box[0] + wide * self.em), y1


def label_end(line: SpelledLine) -> int:
    """How many symbols `Số:` takes; a dash after it parts a number of the Party, whose label has no colon."""
    label = LABEL.match(line.plain)
    end = label.end() if label and label.end() else 1
    return end - 1 if line.text[end - 1] in _DASHES else end


def number_line(line: SpelledLine, *, year: str | None = None, kind: str = "") -> NumberLine | None:
    """The places of a number line; None where no notation follows the number.

    ``year`` is the paper's year of issue: that of a normative paper's number is the same (`54/2019/NĐ-CP`), so
    it parts the number from the notation also where the slash before it was not read. ``kind`` is the abbreviation
    of the printed type, of which a pen may have hidden the first letter.
    """
    end = label_end(line)
    separator = "/"
    found = _slash(line, end, year)
    if found is None or _is_party_shaped(line, found):
        party = notation.PARTY.search(line.text, end)
        if party is not None and party.start() > end:
            found, separator = (party.start() - 1, party.start()), "-"
    if found is None:
        found = _lost_slash(line, end) or _slash_before_agency(line, end)
    if found is None and (hidden := _hidden_first(line, end, kind)) is not None:
        line, found = line.spelled_at(hidden, kind[0]), (hidden, hidden)
    if found is None:
        return None
    start, letters = found
    if separator == "/" and notation.begins_with_slash(line.text[letters:]):
        start, letters = letters, letters + 1
    line = _without_neighbours(line, letters)
    return NumberLine(line=line, label_end=end, start=start, letters=letters, separator=separator)


def _slash(line: SpelledLine, end: int, year: str | None) -> tuple[int, int] | None:
    """Places of the slash and of the first letter of the notation after it: the last slash that has one.

    A slash further left belongs to the notation where only a year stands between them, and so does the paper's year.
    """
    slashes = [place for place in range(end, len(line.text)) if line.text[place] == "/"]
    for place in reversed(slashes):
        if not _is_notation(line.text[place + 1 :]):
            continue
        before = max((other for other in slashes if other < place), default=None)
        if before is not None and notation.YEAR_ONLY.fullmatch(line.text[before + 1 : place]):
            return before, before + 1
        if year is not None and _ends_in_year(line.text[end:place].strip(" :."), year):
            return place - len(year), place - len(year)
        return place, place + 1
    return None


def _ends_in_year(between: str, year: str) -> bool:
    """Whether the year is no part of the number: beside it stands what is no digit, or more than a number holds."""
    number = between.removesuffix(year)
    return 0 < len(number) < len(between) and (not number.isdigit() or len(between) > LONGEST)


def _is_notation(text: str) -> bool:
    return bool(notation.GRAMMAR.match(text) or notation.YEAR_ONLY.match(text)) and len(notation.parsed(text)) > 1


def _is_party_shaped(line: SpelledLine, found: tuple[int, int]) -> bool:
    """Whether the slash stands within `15-CV/TU`."""
    return bool(re.search(r"[-–][A-ZĐ][A-Za-zĐđ]{1,4}$", line.text[: found[0]]))


def _lost_slash(line: SpelledLine, end: int) -> tuple[int, int] | None:
    """The slash is misread or lost: the first group of capitals with a hyphen."""
    found = re.search(r"[A-ZĐ][A-Za-zĐđ]{1,6}[-–][A-ZĐ]", line.text[end:])
    if found is None:
        return None
    letters = end + found.start()
    lost = line.text[letters - 1].isalnum() or letters == end
    return (letters if lost else letters - 1), letters


def _slash_before_agency(line: SpelledLine, end: int) -> tuple[int, int] | None:
    """The slash before a well-known agency's letters, when the type's letters are misread."""
    found = line.find(r"[-#](ubnd|bhxh|hdnd)", end)
    if found is None:
        return None
    slash = line.text.rfind("/", end, found[0])
    return (slash, slash + 1) if slash >= 0 and found[0] - slash <= 6 else None


def _hidden_first(line: SpelledLine, end: int, kind: str) -> int | None:
    """Where the first letter of the type's abbreviation was read as another sign: `3Đ-UBND` for QĐ-UBND."""
    if len(kind) < 2:
        return None
    found = re.search(rf".{re.escape(kind[1:])}[-–][A-ZĐ]", line.text[end:])
    return None if found is None else end + found.start()


def _without_neighbours(line: SpelledLine, letters: int) -> SpelledLine:
    """The line up to the first gap after the notation: what follows belongs to the date's column."""
    height = line.symbols[letters].box[3] - line.symbols[letters].box[1]
    for place in range(letters + 1, len(line.symbols)):
        if line.symbols[place].box[0] - line.symbols[place - 1].box[2] > 0.8 * height:
            return line.first(place)
    return line


def row(symbols: Sequence[Symbol]) -> PixelBox:
    """The box of printed letters, as high as most of them: a written stroke grown to one is higher."""
    x0, _, x1, _ = around(symbol.box for symbol in symbols)
    tops, feet = (sorted(symbol.box[edge] for symbol in symbols) for edge in (1, 3))
    return x0, tops[len(tops) // 2], x1, feet[len(feet) // 2]
