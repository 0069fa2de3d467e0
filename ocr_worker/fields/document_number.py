"""The paper's number: digits in the slot after `Số:`, notation after the slash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from connector.domain.extraction import Source
from ocr_worker.digits.kinds import LONGEST
from ocr_worker.layout.header import Header
from ocr_worker.layout.lone_slash import is_lone_slash
from ocr_worker.layout.number_line import SLASH_WIDTH, NumberLine, label_end, number_line
from ocr_worker.layout.print_alone import without_tall_strokes
from ocr_worker.layout.slot_ink import dark_between
from ocr_worker.layout.slots import SlotValue, read_slot
from ocr_worker.lexicon import notation
from ocr_worker.lexicon.document_type import DocumentType
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model
from ocr_worker.recognition.symbols import SpelledLine, spelled
from ocr_worker.recognition.text_lines import Line, around, fold

# a notation that contradicts the printed type, or an agency's abbreviation that does not fit its name
CONTRADICTED = 0.5
# of the size of type: the width of ink that is a lost digit, how far a slash reaches over capitals, and how high
# the dots stand that a number is written on
STRAY_EM, OVER_CAPITALS, DOTTED_LINE = 0.12, 0.1, 0.24
# what was read as a slash may be a written digit where it takes more room than a slash of Times or Arial
ROOMY_SLASH = 0.47
# an abbreviation that the name of the agency does not explain is read by a person
FOREIGN = 0.93
# of the size of type: how far a digit written upon the slash may reach over the letters
OVER_LETTERS = 0.5
# a number beside which ink was left unread
LOST_DIGIT = 0.7
# how sure a digit has to be that is read where the slash was seen, and one that may be the slash
READ_IN_SLASH, SURELY_READ = 0.6, 0.95
# how sure both readings have to be that see the same digits with the slash's room and without it
READ_ALIKE = 0.99
# how far right of its label a number is looked for
READ_ON_MM = 75.0


@dataclass(frozen=True, kw_only=True)
class NumberReading:
    """Number and notation, each with its confidence; ``box`` surrounds both."""

    digits: SlotValue
    notation: str
    notation_confidence: float
    box: PixelBox
    separator: str = "/"

    @property
    def value(self) -> str | None:
        """`01/CT-UBND`, `15-CV/TU`; None when no digits were read."""
        if self.digits.text is None:
            return None
        return f"{self.digits.text}{self.separator}{self.notation}" if self.notation else self.digits.text

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
    found = _places(page, header.number, kind, _year(header))
    if found is None:
        line = spelled(header.number.words)
        end = label_end(line)
        return _without_notation(page, header.number, line, end, line.box(0, len(line.symbols)))
    text, share = _notation(page, found, kind, agency)
    digits = _digits(page, found, header.number.height)
    if not found.separator_seen and fold(text)[:1] != fold(found.text)[:1]:
        # the slash was not seen, and what stood before the notation was no letter of it
        digits = replace(digits, confidence=min(digits.confidence, LOST_DIGIT))
    return NumberReading(
        digits=digits,
        notation=text,
        notation_confidence=_checked(share, text, kind, agency, found.separator),
        box=around([found.label_box, found.letters_box]),
        separator=found.separator,
    )


def _places(page: PageText, number: Line, kind: DocumentType | None, year: str | None) -> NumberLine | None:
    """The places of the number line; looked for again where it shows no notation, or not the printed type's."""
    abbreviation = kind.abbreviation or "" if kind is not None else ""
    find = partial(number_line, year=year, kind=abbreviation)
    found = find(spelled(number.words))
    if found is not None and (kind is None or kind.layout != "named" or notation.type_of(found.text) is kind):
        return found
    looks = (find(spelled(words)) for words in without_tall_strokes(page, number) if words)
    again = next((look for look in looks if look is not None and _fits_better(look, found, kind)), None)
    return again or found or _read_on(page, number, find)


def _fits_better(look: NumberLine, found: NumberLine | None, kind: DocumentType | None) -> bool:
    """Whether a look shows a notation where none was found, or that of the printed type."""
    return found is None or notation.type_of(notation.canonical(look.text)) is kind


def _year(header: Header) -> str | None:
    """The year that ends the line of the date."""
    years = notation.YEAR_ONLY.findall(header.date.text) if header.date is not None else []
    return years[-1] if years else None


def _digits(page: PageText, found: NumberLine, height: float) -> SlotValue:
    """What stands between the label and the slash, in doubt where ink is left beside it."""
    capitals = _capitals(page, found.letters_box)
    digits = _slot_up_to(page, found, height, capitals, found.gap_end)
    if _lacks_digits(digits.text or "", found.between):
        # where each digit stands like print, the line may show one too many
        likelier = digits.text if digits.source is Source.PRINT else found.between
        return replace(digits, text=likelier, confidence=min(digits.confidence, LOST_DIGIT))
    if digits.box is None or digits.source is not Source.HANDWRITING:
        return digits
    if not _stray_ink(page, digits, found, capitals) and not _slash_in_doubt(page, found):
        return digits
    whole = _slot_up_to(page, found, height, capitals, found.edge)
    sure = min(digits.confidence, whole.confidence)
    alike = not found.separator_seen and whole.text == digits.text and sure > READ_ALIKE
    if alike and not _stray_ink(page, whole, found, capitals):
        # no slash was read, but with its room, where one more digit would show, the slot reads the same
        return replace(digits, confidence=sure)
    digits = _with_last(page, found, height, capitals, digits, whole)
    return replace(digits, confidence=min(digits.confidence, LOST_DIGIT))


def _lacks_digits(text: str, between: str) -> bool:
    """Whether the line shows the same digits and more: the slot may have been cut too short."""
    return between.isdigit() and LONGEST >= len(between) > len(text) > 0 and text in between


def _slash_in_doubt(page: PageText, found: NumberLine) -> bool:
    """Whether a digit may stand in the place of the slash: none was read there, or one too wide."""
    unseen = not found.separator_seen or found.edge - found.gap_end > ROOMY_SLASH * found.em
    return found.separator == "/" and unseen and not is_lone_slash(page, found)


def _slot_up_to(page: PageText, found: NumberLine, height: float, capitals: PixelBox, end: float) -> SlotValue:
    """The slot of the number, where the print after it begins at ``end``; all of a digit shows that reaches over it."""
    label, letters = found.label_box, found.letters_box
    _, top, right, foot = found.line.box(0, len(found.line.symbols))
    reach = OVER_LETTERS * found.em if end >= found.edge else 0.2 * height
    slot = (label[2] - 0.15 * height, min(capitals[1], letters[1]), end + reach, capitals[3])
    slash = (end, top, max(right, letters[2]), foot)
    return read_slot(page, slot, "number", beside=(label, slash), line=capitals, views=(found.between,))


def _with_last(
    page: PageText, found: NumberLine, height: float, capitals: PixelBox, digits: SlotValue, whole: SlotValue
) -> SlotValue:
    """The digits with one more that was written into the slash, if it can be read there.

    ``whole`` is the slot with all of the slash's room. A 1 or a 7 may be the slash itself: it counts where its stroke
    rises over the capitals, as a slash does not, or where no slash was read and the digit is sure.
    """
    for end in (found.edge - SLASH_WIDTH * found.em, found.edge):
        if end <= found.gap_end:
            continue
        more = whole if end == found.edge else _slot_up_to(page, found, height, capitals, end)
        longer = more.source is Source.HANDWRITING and len(more.text or "") == len(digits.text or "") + 1
        if not longer or more.confidence < READ_IN_SLASH or not (more.text or "").startswith(digits.text or ""):
            continue
        sure = not found.separator_seen and more.confidence > SURELY_READ
        if sure or not (more.text or "").endswith(("1", "7")) or _rises_over_slash(page, digits, found, capitals):
            return more
    return digits


def _read_on(page: PageText, number: Line, find: Callable[[SpelledLine], NumberLine | None]) -> NumberLine | None:
    """The line again, further to the right: the fast reading may have stopped at the written digits."""
    x0, y0, x1, y1 = number.box
    pad = 0.4 * number.height
    right = max(x1, x0 + page.clean.pixels(READ_ON_MM))
    for model in (Model.FAST, Model.SCRIPT):
        words = page.column((x0 - pad, y0 - pad, right, y1 + pad), model)
        row = sorted((word for word in words if y0 < word.middle[1] < y1), key=lambda word: word.box[0])
        if row and (found := find(spelled(row))) is not None:
            return found
    return None


def _notation(page: PageText, found: NumberLine, kind: DocumentType | None, agency: str | None) -> tuple[str, float]:
    """Read again with what is written in the slot made white."""
    letters, first = found.letters_box, found.text
    y0, y1 = max(round(letters[1]) - 40, 0), round(letters[3]) + 40
    whole = page.clean.grey.copy()
    whole[y0:y1, : max(round(found.gap_end) - 1, 0)] = 255
    box = (found.gap_end - page.clean.pixels(0.6), letters[1], letters[2] + page.clean.pixels(1), letters[3])
    texts = ["".join(word.text for word in look) for look in page.looks(box, grey=whole)]
    looks = [first, first, *texts[:2]] if page.electronic else [*texts, first]
    return notation.agree(looks, kind, agency=agency, party=found.separator == "-")


def _stray_ink(page: PageText, digits: SlotValue, found: NumberLine, capitals: PixelBox) -> bool:
    """Whether ink stands beside the digits that were read, or rises over the slash: a digit that was lost.

    A last 1 or 7 that reaches over the slash may be the slash itself, unless the line shows both.
    """
    if digits.box is None:
        return False
    em, top, foot = found.em, capitals[1], capitals[3]
    over = digits.box[2] > found.gap_end + STRAY_EM * em
    if over and (digits.text or "").endswith(("1", "7")) and found.between != digits.text:
        return True
    above_dots = foot - DOTTED_LINE * em
    left = (found.label_box[2] + 0.25 * em, top, digits.box[0] - 2, above_dots)
    right = (digits.box[2] + 2, top, found.gap_end - 0.05 * em, above_dots)
    beside = max(_inked(page, place, 0.12 * (place[3] - place[1])) for place in (left, right))
    return beside > STRAY_EM * em or _rises_over_slash(page, digits, found, capitals)


def _rises_over_slash(page: PageText, digits: SlotValue, found: NumberLine, capitals: PixelBox) -> bool:
    """Whether ink stands above the slash that belongs to none of the digits."""
    em, top = found.em, capitals[1]
    read = digits.box[2] + 2 if digits.box else found.gap_end
    over = (max(read, found.gap_end), top - 0.3 * em, found.edge, top - OVER_CAPITALS * em)
    return _inked(page, over, 2) > STRAY_EM * em


def _inked(page: PageText, place: PixelBox, least: float) -> int:
    """How many columns of a place hold at least so many pixels of ink."""
    x0, y0, x1, y1 = (max(round(edge), 0) for edge in place)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return 0
    return int((dark_between(page.clean, (x0, y0, x1, y1)).sum(axis=0) >= least).sum())


def _capitals(page: PageText, box: PixelBox) -> PixelBox:
    """Head and foot of the capitals of the notation, measured on the ink."""
    x0, y0, x1, y1 = (round(edge) for edge in box)
    ink = page.clean.grey[max(y0 - 4, 0) : y1 + 4, max(x0, 0) : x1] < 140
    rows = ink.sum(axis=1)
    inked = np.flatnonzero(rows > 0.12 * max(rows.max(initial=0), 1))
    if not len(inked):
        return box
    return (box[0], max(y0 - 4, 0) + float(inked[0]), box[2], max(y0 - 4, 0) + float(inked[-1]) + 1)


def _checked(share: float, text: str, kind: DocumentType | None, agency: str | None, separator: str) -> float:
    """Less where the notation's first group is not the printed type's, or no group is the agency's.

    Type and agency are printed elsewhere too: a notation that says both, and nothing more, is read twice.
    """
    named = notation.type_of(text)
    confidence = notation.worth(share)
    fits = notation.agency_fits(text, agency)
    if fits and kind is not None and named is kind and text.count("-") == 1 and share >= notation.MOSTLY:
        confidence = max(confidence, notation.CONFIRMED)
    if text and not text.isdigit() and (kind is None or kind.layout != "form"):
        if ("-" if separator == "/" else "/") not in text:
            confidence = min(confidence, CONTRADICTED)
        elif not fits:
            confidence = min(confidence, FOREIGN)
    if kind is None or not text or text.isdigit():
        return confidence
    if kind.layout == "letter":
        return confidence if named is None else min(confidence, CONTRADICTED)
    if kind.abbreviation and named is not kind and kind.layout == "named":
        return min(confidence, CONTRADICTED)
    return confidence


def _without_notation(
    page: PageText, number: Line, line: SpelledLine, end: int, edges: PixelBox
) -> NumberReading | None:
    """A bare number, as on forms."""
    label_box = line.box(0, end)
    slot = (label_box[2], edges[1], edges[2] + page.clean.pixels(3), edges[3])
    seen = line.text[end:].strip(" :.")
    digits = read_slot(page, slot, "number", beside=(label_box,), line=label_box, views=(seen,))
    return NumberReading(digits=digits, notation="", notation_confidence=0.6, box=edges)
