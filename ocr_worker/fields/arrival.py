"""The day that an incoming stamp (`CÔNG VĂN ĐẾN`) prints: no paper is dated after it arrived."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model
from ocr_worker.recognition.text_lines import fold

_ARRIVED = re.compile(r"vanden|^den")
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")


def arrived_on(page: PageText, frames: Sequence[PixelBox]) -> dt.date | None:
    """The earliest day that is printed whole in an incoming stamp's frame; a written one is not guessed at."""
    days = []
    for frame in frames:
        # stamps are red or violet: the cleaned page has lost them
        ink = page.clean.inks(frame)
        whole = (0, 0, ink.shape[1], ink.shape[0])
        words = page.recognizer.crop(ink, page.clean.dpi, whole, model=Model.FAST)
        days += stamped_days(" ".join(word.text for word in words))
    return min(days, default=None)


def stamped_days(text: str) -> list[dt.date]:
    """The days of an incoming stamp's text; none where it does not say that something arrived."""
    if not _ARRIVED.search(fold(text)):
        return []
    days = []
    for day, month, year in _DAY.findall(text):
        try:
            days.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return days
