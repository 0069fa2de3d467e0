"""A line of print without the tall strokes of a pen: beside them, recognisers take capitals for small letters."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.line_rows import INK
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Grey, Model, Symbol, Word
from ocr_worker.recognition.text_lines import Line

# of the height of a capital: no letter of print is higher, not even Q with its tail or a capital with its marks
TALLEST_PRINT = 1.4
# and how far print reaches over its capitals and below their foot
ABOVE, BELOW = 0.15, 0.3
# how far right of the line its print may go on, where it was read no further, and how wide a stroke's edge is
BEYOND_MM, EDGE = 5.0, 5


def without_tall_strokes(page: PageText, line: Line) -> Iterator[list[Word]]:
    """What each model reads in the line then; ``line`` begins with a printed capital."""
    capital = _first_symbol(line)
    if page.electronic or capital is None:
        return
    left, head, _, foot = capital.box
    right = line.box[2] + page.clean.pixels(BEYOND_MM)
    grey = _cleared(page.clean.grey, (left, head, right, foot))
    row = (left - 2, head - 3, right, foot + 3)
    for model in Model:
        yield page.recognizer.crop(grey, page.clean.dpi, row, model=model, lines=False)


def _first_symbol(line: Line) -> Symbol | None:
    return next((symbol for word in line.words for symbol in word.symbols), None)


def _cleared(grey: Grey, box: PixelBox) -> Grey:
    """A copy in which all strokes of a row of print are white that are higher than its capitals.

    Print that such a stroke touches on its right stays: it begins where the stroke no longer leaves the row.
    """
    cleared = grey.copy()
    x0, head, x1, foot = (max(round(edge), 0) for edge in box)
    capital = foot - head
    top = max(head - 2 * capital, 0)
    part = cleared[top : foot + 2 * capital, x0:x1]
    _, labels, stats, _ = cv2.connectedComponentsWithStats((part < INK).astype(np.uint8), connectivity=8)
    beyond = np.ones(part.shape, bool)
    beyond[round(head - top - ABOVE * capital) : round(foot - top + BELOW * capital)] = False
    pen = np.zeros(part.shape, np.uint8)
    for stroke in np.flatnonzero(stats[:, cv2.CC_STAT_HEIGHT] > TALLEST_PRINT * capital)[1:]:
        columns = np.flatnonzero(((labels == stroke) & beyond).any(axis=0))
        if len(columns):
            pen[:, : columns[-1] + 1] |= (labels == stroke)[:, : columns[-1] + 1]
    part[cv2.dilate(pen, np.ones((EDGE, EDGE), np.uint8)) > 0] = 255
    return cleared
