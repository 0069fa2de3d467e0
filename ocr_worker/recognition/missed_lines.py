"""A line of print that the recogniser's own page layout passed over, found by its ink."""

from __future__ import annotations

import numpy as np

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.line_rows import INK
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model
from ocr_worker.recognition.text_lines import Line

# of a line's height: the room that a missed line needs, and how high its letters stand at least and at most
ROOM, LOWEST, HIGHEST = 0.9, 0.45, 1.7
# it is longer than this many letter heights
SHORTEST = 3.0


def missed_line(page: PageText, above: Line, bottom: float, centre: float) -> Line | None:
    """The first line between ``above`` and ``bottom`` whose middle is ``centre``; None when there is only paper."""
    x0, _, x1, y0 = above.box
    half = max(centre - x0, x1 - centre) + 6 * above.height
    box = _band(page, (centre - half, y0 + 0.08 * above.height, centre + half, bottom), above.height)
    if box is None or abs((box[0] + box[2]) / 2 - centre) > above.height:
        return None
    x0, y0, x1, y1 = box
    words = page.column((x0 - 6, y0 - 4, x1 + 6, y1 + 4), Model.FAST)
    return Line(words=tuple(sorted(words, key=lambda word: word.box[0]))) if words else None


def _band(page: PageText, box: PixelBox, height: float) -> PixelBox | None:
    """The topmost band of ink of a line's height in a box, and how far its ink reaches."""
    left, top, right, bottom = (max(round(edge), 0) for edge in box)
    ink = page.clean.grey[top:bottom, left:right] < INK
    if bottom - top < ROOM * height or not ink.size:
        return None
    rows = np.flatnonzero(ink.sum(axis=1) > 0.25 * height)
    if not rows.size:
        return None
    # marks stand clear of their letters by less than this
    bands = np.split(rows, np.flatnonzero(np.diff(rows) > 0.25 * height) + 1)
    for band in bands:
        first, last = int(band[0]), int(band[-1])
        columns = np.flatnonzero(ink[first : last + 1].any(axis=0))
        fits = LOWEST * height <= last - first + 1 <= HIGHEST * height
        if fits and columns[-1] - columns[0] >= SHORTEST * height:
            return float(left + columns[0]), float(top + first), float(left + columns[-1]), float(top + last + 1)
    return None
