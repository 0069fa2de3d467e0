"""One slot of a printed line, such as the gap between `Số:` and `/QĐ-UBND`: written by hand or printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from connector.domain.extraction import Source
from ocr_worker.digits import SlotReader, SlotReading
from ocr_worker.digits.ink import WORKING_DPI, find_ink
from ocr_worker.digits.kinds import Kind, allowed
from ocr_worker.layout.slot_ink import Bytes, coloured_share, without_black, without_stamp
from ocr_worker.pages.clean import CleanPage, PixelBox
from ocr_worker.recognition.page_text import PageText

# of a slot's ink: from here on the pen was coloured; how far its strokes may reach over the print beside them
COLOURED_PEN, REACH_MM = 0.5, 4.0
# only number and day are left to the pen as a rule
USUALLY_PRINTED = ("month", "year")
# what recognisers read for printed digits
_CONFUSED = str.maketrans({"O": "0", "o": "0", "Ò": "0", "l": "1", "I": "1", "]": "1", "|": "1"})
# of the height of print: how far digits of print may differ from it in height and foot
SAME_HEIGHT, SAME_FOOT, WIDEST_DIGIT = 0.13, 0.10, 0.85
# a slot that only recognisers of print could read is worth this when all of them agree
PRINT_AGREED, PRINT_MOSTLY, PRINT_SPLIT = 0.99, 0.96, 0.6
# what is left of the doubt where readers of print agree with the reader of handwriting, by how sure they are: they
# look at the same strokes and may make the same mistake
SAME_MISTAKE = {PRINT_AGREED: 0.25, PRINT_MOSTLY: 0.5, PRINT_SPLIT: 0.8}
# print whose last digit has grown together with the slash, by how sure the readers of print are
WITH_SLASH = {PRINT_AGREED: 0.965, PRINT_MOSTLY: 0.9, PRINT_SPLIT: 0.7}
# a last 1 that readers of print do not see is one if it is surer than this, and is never worth more
SLASH_OR_ONE = 0.9
# handwriting that is surer than this has no digit too many
SURELY_WRITTEN = 0.95
# two readings of one slot that differ leave at most this
DISPUTED = 0.7
# the text of a born-digital page that the picture does not contradict
OWN_TEXT = 0.995


@dataclass(frozen=True, kw_only=True)
class SlotValue:
    """The digits of a slot, how sure they are, and what read them; ``blank`` where nothing is written."""

    text: str | None
    confidence: float
    source: Source
    box: PixelBox | None
    blank: bool = False


@cache
def slot_reader() -> SlotReader:
    """The one reader of handwriting of this process."""
    return SlotReader()


def read_slot(
    page: PageText, box: PixelBox, kind: Kind, *, beside: Sequence[PixelBox], line: PixelBox, views: Sequence[str] = ()
) -> SlotValue:
    """Digits between two words of print.

    ``box`` is the gap, ``beside`` the boxes of the print that may reach into it, ``line`` the box of printed
    capitals or ascenders on the same line (their height and foot tell print from handwriting).
    """
    if page.electronic:
        return _own_text(page, box, kind, beside, views)
    written = _written(page.clean, box, kind, beside)
    if written.blank and kind == "number":
        # the number is given later (written by hand when the paper is signed): readers of print see specks and slashes
        return written
    printed = _printed(page, box, kind, beside, views)
    if printed is not None and (
        (kind in USUALLY_PRINTED and (printed.confidence >= PRINT_MOSTLY or printed.text == written.text))
        or _stands_like_print(page.clean, box, beside, line, printed.text or "")
    ):
        return joined(printed, written, kind)
    if written.text is not None:
        return read_twice(written, printed, kind)
    if printed is not None:
        return SlotValue(text=printed.text, confidence=min(printed.confidence, 0.5), source=Source.PRINT, box=box)
    return SlotValue(text=None, confidence=0.0, source=Source.HANDWRITING, box=None)


def _own_text(page: PageText, box: PixelBox, kind: Kind, beside: Sequence[PixelBox], views: Sequence[str]) -> SlotValue:
    """The digits of the PDF's own text, in doubt where the picture shows others."""
    own = next((digits for view in views if (digits := digits_of(view)) and _fits(digits, kind)), None)
    if own is None:
        return SlotValue(text=None, confidence=0.0, source=Source.TEXT, box=None)
    printed = _printed(page, box, kind, beside, views[1:])
    differs = printed is not None and printed.text != own and printed.confidence >= PRINT_MOSTLY
    return SlotValue(text=own, confidence=DISPUTED if differs else OWN_TEXT, source=Source.TEXT, box=box)


def read_twice(written: SlotValue, printed: SlotValue | None, kind: Kind) -> SlotValue:
    """Handwriting that readers of print looked at too; what they all see without a slash is print after all."""
    if printed is None:
        return written
    if kind == "number" and _with_slash(written, printed):
        if _one_is_sure(written, printed):
            return replace(written, confidence=min(written.confidence, SLASH_OR_ONE))
        return replace(printed, confidence=WITH_SLASH[printed.confidence])
    if printed.text != written.text:
        return written
    doubt = (1 - written.confidence) * SAME_MISTAKE[printed.confidence]
    return replace(written, confidence=1 - doubt)


def joined(printed: SlotValue, written: SlotValue, kind: Kind) -> SlotValue:
    """Print, put in doubt by a reading of handwriting that differs: a written 11 may stand like a printed 4."""
    if written.text == printed.text:
        return replace(printed, confidence=max(printed.confidence, PRINT_AGREED))
    if kind == "number" and _with_slash(written, printed) and not _one_is_sure(written, printed):
        return printed
    doubted = written.confidence > 0.9 if kind in USUALLY_PRINTED else written.text is not None
    if not doubted:
        return printed
    preferred = written.confidence > (printed.confidence if kind in USUALLY_PRINTED else 0.1)
    if preferred or _lacks_digit(printed, written):
        return replace(written, confidence=min(written.confidence, DISPUTED))
    return replace(printed, confidence=min(printed.confidence, DISPUTED))


def _with_slash(written: SlotValue, printed: SlotValue) -> bool:
    """Whether the reader of handwriting may have taken the printed slash beside the digits for a 1."""
    return written.text in (f"{printed.text}1", f"{printed.text}7")


def _one_is_sure(written: SlotValue, printed: SlotValue) -> bool:
    """Whether that 1 is one after all: the readers of print do not agree on what they see."""
    return written.confidence > SLASH_OR_ONE and printed.confidence <= PRINT_SPLIT


def _lacks_digit(printed: SlotValue, written: SlotValue) -> bool:
    """Whether print is what is left when a digit is lost, which happens to its readers more than a digit too many."""
    return written.confidence > SURELY_WRITTEN and (printed.text or "") in (written.text or "")


def _written(clean: CleanPage, box: PixelBox, kind: Kind, beside: Sequence[PixelBox]) -> SlotValue:
    x0, y0, x1, y1 = _grown(clean, box)
    crop = _seen(clean, (x0, y0, x1, y1))
    if min(crop.shape[:2]) < 6:
        return SlotValue(text=None, confidence=0.0, source=Source.HANDWRITING, box=None)
    margins = [_shifted(other, x0, y0) for other in beside]
    as_it_is = _handwriting(clean, crop, (x0, y0), kind, margins)
    if coloured_share(crop) <= COLOURED_PEN:
        return as_it_is
    # a coloured pen is told from black print by its colour: what it writes over the print is seen whole, but broken
    # where the two cross
    reach = round(clean.pixels(REACH_MM))
    x0, x1 = max(x0 - reach, 0), min(x1 + reach, clean.size[0])
    pen = without_black(_seen(clean, (x0, y0, x1, y1)))
    alone = _handwriting(clean, pen, (x0, y0), kind, [])
    return alone if alone.text == as_it_is.text else longer(as_it_is, alone)


def longer(as_it_is: SlotValue, alone: SlotValue) -> SlotValue:
    """Of two readings of a pen that differ the one that lost no digit, or else the unbroken strokes; in doubt."""
    likelier = max((as_it_is, alone), key=lambda value: len(value.text or ""))
    return replace(likelier, confidence=min(likelier.confidence, DISPUTED))


def _handwriting(
    clean: CleanPage, crop: Bytes, corner: tuple[int, int], kind: Kind, margins: Sequence[tuple[int, int, int, int]]
) -> SlotValue:
    reading: SlotReading = slot_reader().read(crop, dpi=round(clean.dpi), kind=kind, margin_print=margins)
    place = None
    if reading.box is not None:
        left, top, right, bottom = reading.box
        place = (left + corner[0], top + corner[1], right + corner[0], bottom + corner[1])
    return SlotValue(
        text=reading.text,
        confidence=reading.confidence,
        source=Source.HANDWRITING,
        box=place,
        blank=reading.reason == "empty",
    )


def _seen(clean: CleanPage, box: PixelBox) -> Bytes:
    """What stands in a slot, in its colours, without a stamp over it."""
    return without_stamp(clean.colours(box))


def _grown(clean: CleanPage, box: PixelBox) -> tuple[int, int, int, int]:
    """The gap with what a pen reaches above and below the line."""
    width, height = clean.size
    x0, y0, x1, y1 = box
    reach = clean.pixels(3.0)
    return max(round(x0), 0), max(round(y0 - reach), 0), min(round(x1), width), min(round(y1 + reach * 0.8), height)


def _shifted(box: PixelBox, left: int, top: int) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    return round(x0) - left, round(y0) - top, round(x1) - left, round(y1) - top


def _printed(
    page: PageText, box: PixelBox, kind: Kind, beside: Sequence[PixelBox], views: Sequence[str]
) -> SlotValue | None:
    """The digits as the recognisers of print see them, in the line (``views``) and cut out of it."""
    middle = (box[0] + box[2]) / 2
    x0 = max([box[0], *(other[2] for other in beside if other[2] <= middle)])
    x1 = min([box[2], *(other[0] for other in beside if other[0] >= middle)])
    inner = (x0, box[1], x1, box[3])
    texts = [digits_of("".join(word.text for word in look)) for look in page.looks(inner, pad=0.0)]
    texts += [digits_of(view) for view in views]
    counted = {text: texts.count(text) for text in texts if text and _fits(text, kind)}
    if not counted:
        return None
    best = max(counted, key=lambda text: counted[text])
    others = sum(counted.values()) - counted[best]
    confidence = PRINT_SPLIT
    if counted[best] >= 3 and others <= counted[best] - 2:
        confidence = PRINT_AGREED if counted[best] >= 5 and others <= 1 else PRINT_MOSTLY
    return SlotValue(text=best, confidence=confidence, source=Source.PRINT, box=inner)


def digits_of(reading: str) -> str:
    """The digits of a reading, "" when anything else stands there."""
    text = reading.replace(" ", "").strip(".,:;-_'`\"¡!").translate(_CONFUSED)
    return text if re.fullmatch(r"\d{1,6}[a-z]?", text) else ""


def _fits(text: str, kind: Kind) -> bool:
    """Whether digits may stand in a slot of this kind; a number may end in a letter."""
    return allowed(text, kind) if text.isdigit() else kind == "number"


def _stands_like_print(clean: CleanPage, box: PixelBox, beside: Sequence[PixelBox], line: PixelBox, text: str) -> bool:
    """Whether there is one stroke for each digit, as high as the print beside it and on its foot line."""
    x0, y0, x1, y1 = _grown(clean, box)
    crop = _seen(clean, (x0, y0, x1, y1))
    if min(crop.shape[:2]) < 6:
        return False
    ink = find_ink(crop, round(clean.dpi), [_shifted(other, x0, y0) for other in beside])
    scale = WORKING_DPI / clean.dpi
    high = (line[3] - line[1]) * scale
    foot = (line[3] - y0) * scale
    for stroke in range(1, ink.count + 1):
        rows, columns = np.nonzero(ink.labels == stroke)
        if abs(np.ptp(rows) + 1 - high) > SAME_HEIGHT * high + 1 or abs(rows.max() + 1 - foot) > SAME_FOOT * high + 1:
            return False
        if np.ptp(columns) + 1 > WIDEST_DIGIT * high:
            return False
    return ink.count == len(text) > 0
