"""The date of issue under the motto: `Quảng Ngãi, ngày 06 tháng 01 năm 2025`. Never a date from the body."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from connector.domain.extraction import Source
from ocr_worker.digits.kinds import Kind
from ocr_worker.layout.header import date_words
from ocr_worker.layout.slots import SlotValue, read_slot
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model, Symbol
from ocr_worker.recognition.symbols import SpelledLine, advance, em_width, spelled
from ocr_worker.recognition.text_lines import Line, around, geometric_lines

DAY, MONTH = r"ng[a4#]?[yv]|nga(?!i)|[nm]gay", r"th[a-z4#]{0,2}n[gq]|than|hang"
YEAR = r"n[a4#]m|nan|am(?=[12l]\w{3}$)"
# how wide these words are in Times, of the size of type, and how much wider they may be in print
WIDE = {DAY: 1.95, MONTH: 2.3, YEAR: 1.75}
TOLERANCE = 1.1
# and how much wider a letter at its end may seem than it is
SWOLLEN = 1.5
EARLIEST = dt.date(1945, 9, 2)
# how often a paper is signed digitally k days after its date (0, 1, …), and how often later still
SIGNED_AFTER = (0.42, 0.2, 0.07, 0.05, 0.04, 0.03, 0.02, 0.02)
SIGNED_LATER = 1 / 31


@dataclass(frozen=True, kw_only=True)
class DateReading:
    """Day, month and year with their confidence, and the words of the place before them."""

    day: SlotValue
    month: SlotValue
    year: SlotValue
    place: str
    box: PixelBox

    @property
    def date(self) -> dt.date | None:
        """None when a part is missing or the calendar has no such day."""
        parts = (self.year.text, self.month.text, self.day.text)
        if not all(parts):
            return None
        try:
            return dt.date(*(int(part or 0) for part in parts))
        except ValueError:
            return None

    @property
    def source(self) -> Source:
        written = Source.HANDWRITING in (self.day.source, self.month.source, self.year.source)
        return Source.HANDWRITING if written else self.day.source

    @property
    def confidence(self) -> float:
        return self.day.confidence * self.month.confidence * self.year.confidence


def read_date(page: PageText, line: Line) -> DateReading | None:
    """The three slots of a date line; None when its words cannot be placed."""
    views = _views(page, line)
    views.sort(key=lambda view: -sum(place is not None for place in _places(view)))
    em = em_width(views)
    words = {pattern: _box_in(views, pattern, em) for pattern in (DAY, MONTH, YEAR)}
    height = line.height
    x0, y0, x1, y1 = line.box
    month = words[MONTH]
    if month is None or (words[DAY] is None and words[YEAR] is None):
        return None
    day = words[DAY] or (month[0] - 4.2 * height, y0, month[0] - 2.6 * height, y1)
    year = words[YEAR] or (month[2] + 2.2 * height, y0, month[2] + 3.6 * height, y1)
    day, month, year = _as_wide_as_printed(em, day, month, year)
    if not day[2] < month[0] < month[2] < year[0]:
        return None
    top, foot = month[1], _foot(month)
    edge = 0.12 * height
    right = min(max(x1, year[2] + 2.6 * height) + edge, year[2] + 4.2 * height)
    between = _between(views)

    def slot(kind: Kind, left: float, end: float, *beside: PixelBox) -> SlotValue:
        line_box = (month[0], top, month[2], foot)
        return read_slot(page, (left, top, end, foot), kind, beside=beside, line=line_box, views=between[kind])

    return DateReading(
        day=slot("day", day[2] - edge, month[0] + edge, day, month),
        month=slot("month", month[2] - edge, year[0] + edge, month, year),
        year=slot("year", year[2] - edge, right, year),
        place=_place(views),
        box=(min(day[0], x0), y0, max(right, x1), y1),
    )


def _between(views: Sequence[SpelledLine]) -> dict[Kind, list[str]]:
    """What each look read in the three slots."""
    found: dict[Kind, list[str]] = {"day": [], "month": [], "year": []}
    for view in views:
        day, month, year = _places(view)
        if day and month:
            found["day"].append(view.text[day[1] : month[0]])
        if month and year:
            found["month"].append(view.text[month[1] : year[0]])
        if year:
            found["year"].append(view.text[year[1] :])
    return found


def _as_wide_as_printed(
    em: float | None, day: PixelBox, month: PixelBox, year: PixelBox
) -> tuple[PixelBox, PixelBox, PixelBox]:
    """Words without what is written beside them: a word box that is too wide has swallowed a digit."""
    if em is None:
        return day, month, year
    if _swallowed(day, DAY, em):
        day = (day[0], day[1], day[0] + WIDE[DAY] * em, day[3])
    if _swallowed(month, MONTH, em):
        # the month is printed as a rule, so the word ends where it seems to end
        month = (month[2] - WIDE[MONTH] * em, month[1], month[2], month[3])
    if _swallowed(year, YEAR, em):
        year = (year[2] - WIDE[YEAR] * em, year[1], year[2], year[3])
    return day, month, year


def _swallowed(box: PixelBox, word: str, em: float) -> bool:
    return box[2] - box[0] > WIDE[word] * em * TOLERANCE


def _views(page: PageText, line: Line) -> list[SpelledLine]:
    """The line as each look spells it."""
    x0, y0, x1, y1 = line.box
    pad = 0.5 * line.height
    known = date_words(line.words) >= 3
    box = (x0 - (3 if known else 24) * pad, y0 - pad, x1 + 3 * pad, y1 + pad)
    views = [spelled(line.words)]
    for model in (Model.FAST, Model.SCRIPT):
        views += [spelled(found.words) for found in geometric_lines(page.column(box, model), cut=False)]
    return views


def _places(view: SpelledLine) -> list[tuple[int, int] | None]:
    """Places of ngày, tháng, năm: the last that fit, since a place's name may hold the same letters (Thạnh, Nam)."""
    year = _last(view, YEAR, len(view.plain))
    month = _last(view, MONTH, year[0] if year else len(view.plain))
    if month is None and year is not None:
        year, month = None, _last(view, MONTH, len(view.plain))
    day = _last(view, DAY, month[0] if month else len(view.plain))
    return [day, month, year]


def _last(view: SpelledLine, pattern: str, end: int) -> tuple[int, int] | None:
    found = [match.span() for match in re.finditer(pattern, view.plain) if match.end() <= end]
    return found[-1] if found else None


def _box_in(views: Sequence[SpelledLine], word: str, em: float | None) -> PixelBox | None:
    """Where a word stands in the first look that saw no written digit grown to it, or else in the first look."""
    boxes = []
    for view in views:
        place = dict(zip((DAY, MONTH, YEAR), _places(view), strict=True))[word]
        if place is not None:
            boxes.append(own_box(view.symbols[slice(*place)], em))
    alone = (box for box in boxes if em is None or not _swallowed(box, word, em))
    return next(alone, boxes[0] if boxes else None)


def own_box(letters: Sequence[Symbol], em: float | None) -> PixelBox:
    """The box of a word whose first or last letter would be too wide with what is written beside it."""
    x0, y0, x1, y1 = around(letter.box for letter in letters)
    if em is None:
        return x0, y0, x1, y1
    first, last = letters[0], letters[-1]
    first_wide, last_wide = (advance(letter.text[0]) * em for letter in (first, last))
    if first.box[2] - first.box[0] > SWOLLEN * first_wide:
        x0 = first.box[2] - first_wide
    if last.box[2] - last.box[0] > SWOLLEN * last_wide:
        x1 = last.box[0] + last_wide
    return x0, y0, x1, y1


def _foot(month: PixelBox) -> float:
    """The foot line of `tháng` without the tail of its g."""
    return month[1] + 0.76 * (month[3] - month[1])


def _place(views: Sequence[SpelledLine]) -> str:
    for view in views:
        day = _places(view)[0]
        if day and day[0] > 1:
            return view.text[: day[0]].strip(" ,.")
    return ""


def supported(confidence: float, date: dt.date, signed: dt.datetime | None, latest: dt.date) -> float:
    """The confidence after the bounds: not before 1945, not after the ``latest`` day or the first signature.

    A first signature within a week after the date makes it more certain: readings that are wrong fall there
    by chance only.
    """
    if date < EARLIEST or date > latest:
        return min(confidence, 0.2)
    if signed is None:
        return confidence
    waited = (signed.date() - date).days
    if waited < 0:
        return min(confidence, 0.2)
    likely = SIGNED_AFTER[waited] if waited < len(SIGNED_AFTER) else SIGNED_LATER
    if waited >= len(SIGNED_AFTER):
        return confidence
    right, wrong = confidence * likely, (1 - confidence) * SIGNED_LATER
    return right / (right + wrong) if right + wrong else confidence
