"""The paper's number: digits in the slot after `Số:`, notation after the slash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from connector.domain.extraction import Source
from ocr_worker import notation
from ocr_worker.clean import PixelBox
from ocr_worker.document_type import DocumentType
from ocr_worker.layout import Header
from ocr_worker.page_text import PageText
from ocr_worker.recognize import Model, Symbol
from ocr_worker.slots import SlotValue, read_slot
from ocr_worker.symbols import SpelledLine, size_of, spelled
from ocr_worker.text_lines import Line, around

LABEL = re.compile(r"^#*[s58][o06ed#]?[:#]?")
# a notation that contradicts the printed type, or an agency's abbreviation that does not fit its name
CONTRADICTED = 0.5
# of the size of type: how far left of the first letter a slash begins, and the width of ink that is a lost digit
FARTHEST_SLASH, SLASH_WIDTH, STRAY_EM = 0.7, 0.36, 0.1
# an abbreviation that the name of the agency does not explain is read by a person
FOREIGN = 0.93
# a number beside which ink was left unread
LOST_DIGIT = 0.7
# how far right of its label a number is looked for
READ_ON_MM = 75.0


@dataclass(frozen=True, kw_only=True)
class NumberReading:
    """Number and notation, each with its confidence; ``box`` surrounds both."""

    digits: SlotValue
    notation: str
    notation_confidence: float
    box: PixelBox

    @property
    def value(self) -> str | None:
        """`01/CT-UBND`; None when no digits were read."""
        if self.digits.text is None:
            return None
        return f"{self.digits.text}/{self.notation}" if self.notation else self.digits.text

    @property
    def confidence(self) -> float:
        return self.digits.confidence * (self.notation_confidence if self.notation else 0.6)

    @property
    def source(self) -> Source:
        return Source.TEXT if self.digits.source is Source.TEXT else self.digits.source


def read_number(page: PageText, header: Header, kind: DocumentType | None, agency: str | None) -> NumberReading | None:
    """The number line read letter by letter; None when there is none."""
    if header.number is None:
        return None
    line = spelled(header.number.words)
    label_end = _label_end(line)
    slash = _slash(line, label_end)
    if slash is None:
        line = _read_on(page, header.number) or line
        label_end = _label_end(line)
        slash = _slash(line, label_end)
    edges = line.box(0, len(line.symbols))
    if slash is None:
        return _without_notation(page, header.number, line, label_end, edges)
    start, letters = slash
    line = _without_neighbours(line, letters)
    notation_box = _row(line.symbols[letters:])
    gap_end = _slash_edge(line, start, letters)
    text, share = _notation(page, gap_end, notation_box, line.text[letters:])
    text = notation.spelled_for(text, kind)
    label_box = line.box(0, label_end)
    print_line = _capitals(page, notation_box)
    slot = (label_box[2] - 0.15 * header.number.height, edges[1], gap_end + 0.2 * header.number.height, edges[3])
    slot = (slot[0], min(print_line[1], notation_box[1]), slot[2], print_line[3])
    slash_box = (gap_end, edges[1], max(edges[2], notation_box[2]), edges[3])
    seen = line.text[label_end:start].strip(" :.")
    digits = read_slot(page, slot, "number", beside=(label_box, slash_box), line=print_line, views=(seen,))
    em = size_of(line.symbols[letters:])
    if _stray_ink(page, digits, notation_box[0], em):
        digits = replace(digits, confidence=min(digits.confidence, LOST_DIGIT))
    return NumberReading(
        digits=digits,
        notation=text,
        notation_confidence=_checked(notation.worth(share), text, kind, agency),
        box=around([label_box, notation_box]),
    )


def _label_end(line: SpelledLine) -> int:
    label = LABEL.match(line.plain)
    return label.end() if label and label.end() else 1


def _read_on(page: PageText, number: Line) -> SpelledLine | None:
    """The line again, further to the right: the fast reading may have stopped at the written digits."""
    x0, y0, x1, y1 = number.box
    pad = 0.4 * number.height
    right = max(x1, x0 + page.clean.pixels(READ_ON_MM))
    for model in (Model.FAST, Model.SCRIPT):
        words = page.column((x0 - pad, y0 - pad, right, y1 + pad), model)
        row = sorted((word for word in words if y0 < word.middle[1] < y1), key=lambda word: word.box[0])
        if row and _slash(again := spelled(row), _label_end(again)) is not None:
            return again
    return None


def _slash(line: SpelledLine, label_end: int) -> tuple[int, int] | None:
    """Places of the slash and of the first letter of the notation after it."""
    for place in range(label_end, len(line.text)):
        if line.text[place] == "/" and _is_notation(line.text[place + 1 :]):
            return place, place + 1
    # the slash is misread or lost: the first group of capitals with a hyphen
    found = re.search(r"[A-ZĐ][A-Za-zĐđ]{1,6}[-–][A-ZĐ]", line.text[label_end:])
    if found is None:
        return _slash_before_agency(line, label_end)
    letters = label_end + found.start()
    lost = line.text[letters - 1].isalnum() or letters == label_end
    return (letters if lost else letters - 1), letters


def _slash_before_agency(line: SpelledLine, label_end: int) -> tuple[int, int] | None:
    """The slash before a well-known agency's letters, when the type's letters are misread."""
    found = line.find(r"[-#](ubnd|bhxh|hdnd)", label_end)
    if found is None:
        return None
    slash = line.text.rfind("/", label_end, found[0])
    return (slash, slash + 1) if slash >= 0 and found[0] - slash <= 6 else None


def _is_notation(text: str) -> bool:
    return bool(notation.GRAMMAR.match(text) or notation.YEAR_ONLY.match(text)) and len(notation.parsed(text)) > 1


def _notation(page: PageText, left: float, letters: PixelBox, first: str) -> tuple[str, float]:
    """Read again with what is written in the slot made white."""
    y0, y1 = max(round(letters[1]) - 40, 0), round(letters[3]) + 40
    whole = page.clean.grey.copy()
    whole[y0:y1, : max(round(left) - 1, 0)] = 255
    box = (left - page.clean.pixels(0.6), letters[1], letters[2] + page.clean.pixels(1), letters[3])
    texts = ["".join(word.text for word in look) for look in page.looks(box, grey=whole)]
    if page.electronic:
        return notation.agree([first, first, *texts[:2]])
    return notation.agree([*texts, first])


def _without_neighbours(line: SpelledLine, letters: int) -> SpelledLine:
    """The line up to the first gap after the notation: what follows belongs to the date's column."""
    height = line.symbols[letters].box[3] - line.symbols[letters].box[1]
    for place in range(letters + 1, len(line.symbols)):
        if line.symbols[place].box[0] - line.symbols[place - 1].box[2] > 0.8 * height:
            return line.first(place)
    return line


def _row(symbols: Sequence[Symbol]) -> PixelBox:
    """The box of printed letters, as high as most of them: a written stroke grown to one is higher."""
    x0, _, x1, _ = around(symbol.box for symbol in symbols)
    tops, feet = (sorted(symbol.box[edge] for symbol in symbols) for edge in (1, 3))
    return x0, tops[len(tops) // 2], x1, feet[len(feet) // 2]


def _slash_edge(line: SpelledLine, start: int, letters: int) -> float:
    """Where the printed slash begins: a written 1 may be read as one, so it has to stand close to its letters."""
    em = size_of(line.symbols[letters:])
    edge = line.symbols[letters].box[0]
    if start < letters and edge - line.symbols[start].box[0] <= FARTHEST_SLASH * em:
        return line.symbols[start].box[0]
    return edge - SLASH_WIDTH * em


def _stray_ink(page: PageText, digits: SlotValue, edge: float, em: float) -> bool:
    """Whether ink stands between the last digit that was read and the slash: a digit that was lost."""
    if digits.box is None or digits.source is not Source.HANDWRITING:
        return False
    x0, y0, _, y1 = (round(value) for value in digits.box)
    left, right = round(digits.box[2]) + 2, round(edge - FARTHEST_SLASH * em)
    if right - left < 0.1 * em:
        return False
    rows = page.clean.rgb[y0 : y1 + 1, left:right].min(axis=2)
    paper = np.percentile(page.clean.rgb[y0 : y1 + 1, max(x0 - 40, 0) : right], 85)
    inked = (rows < 0.7 * paper).sum(axis=0) > 0.12 * (y1 - y0)
    return bool(inked.sum() > STRAY_EM * em)


def _capitals(page: PageText, box: PixelBox) -> PixelBox:
    """Head and foot of the capitals of the notation, measured on the ink."""
    x0, y0, x1, y1 = (round(edge) for edge in box)
    ink = page.clean.grey[max(y0 - 4, 0) : y1 + 4, max(x0, 0) : x1] < 140
    rows = ink.sum(axis=1)
    inked = np.flatnonzero(rows > 0.12 * max(rows.max(initial=0), 1))
    if not len(inked):
        return box
    return (box[0], max(y0 - 4, 0) + float(inked[0]), box[2], max(y0 - 4, 0) + float(inked[-1]) + 1)


def _checked(confidence: float, text: str, kind: DocumentType | None, agency: str | None) -> float:
    """Less where the notation's first group is not the printed type's, or no group is the agency's."""
    named = notation.type_of(text)
    if text and not text.isdigit() and (kind is None or kind.layout != "form"):
        if "-" not in text:
            confidence = min(confidence, CONTRADICTED)
        elif not notation.agency_fits(text, agency):
            confidence = min(confidence, FOREIGN)
    if kind is None or not text or text.isdigit():
        return confidence
    if kind.layout == "letter":
        return confidence if named is None else min(confidence, CONTRADICTED)
    if kind.abbreviation and named is not kind and kind.layout == "named":
        return min(confidence, CONTRADICTED)
    return confidence


def _without_notation(
    page: PageText, number: Line, line: SpelledLine, label_end: int, edges: PixelBox
) -> NumberReading | None:
    """A bare number, as on forms."""
    label_box = line.box(0, label_end)
    slot = (label_box[2], edges[1], edges[2] + page.clean.pixels(3), edges[3])
    seen = line.text[label_end:].strip(" :.")
    digits = read_slot(page, slot, "number", beside=(label_box,), line=label_box, views=(seen,))
    return NumberReading(digits=digits, notation="", notation_confidence=0.6, box=edges)
