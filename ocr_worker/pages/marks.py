"""Marks of ink on a picture of a page: is there anything, and does text run off the paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.document import MILLIMETRES_PER_INCH

# darker than the paper around it by this much (of 255) is ink; what shines through from the back is paler
CONTRAST = 45
# smaller marks are dust
SMALLEST_MARK = 0.9
# the scanner's own shadow and the paper's edge
RIM = 4.0
# one page number is two marks; below this a page counts as empty
FEWEST_MARKS = 2
# rows of letters cut by one edge before it is called cut: one may be a stamp, two a flourish
CUT_ROWS = 4

Grey = npt.NDArray[np.uint8]
# columns of connectedComponentsWithStats
_LEFT, _TOP, _WIDTH, _HEIGHT, _AREA = range(5)


def is_blank(grey: Grey, dpi: float) -> bool:
    """Whether a page shows nothing but paper, dust, punch holes and the shadow of its edge."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    marks = _marks(_ink(grey, dpi), per_mm)
    height, width = grey.shape
    rim = RIM * per_mm
    count = 0
    for left, top, across, down, area in marks:
        inside = left > rim and top > rim and left + across < width - rim and top + down < height - rim
        if inside and not _is_hole(across, down, area, per_mm) and not _is_crease(across, down, per_mm):
            count += 1
    return count < FEWEST_MARKS


def text_runs_off(grey: Grey, dpi: float) -> bool:
    """Whether lines of text run into an edge of the picture; False when in doubt.

    A scanner's black border, a ruled line or one stamp at the edge is no cut text.
    """
    per_mm = dpi / MILLIMETRES_PER_INCH
    ink = _ink(grey, dpi)
    sides = (ink, np.fliplr(ink))
    ends = (ink.T, np.flipud(ink).T)
    return any(_rows_cut(np.ascontiguousarray(side), per_mm) >= CUT_ROWS for side in sides) or any(
        _letters_cut(np.ascontiguousarray(end), per_mm) for end in ends
    )


def _ink(grey: Grey, dpi: float) -> Grey:
    """1 where a pixel is clearly darker than the paper around it."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    size = max(int(dpi / 4 * 0.5) | 1, 3)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((size, size), np.uint8)), size)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return (cv2.subtract(paper, grey) > CONTRAST).astype(np.uint8)


def _marks(ink: Grey, per_mm: float) -> list[tuple[int, int, int, int, int]]:
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = (tuple(int(value) for value in row) for row in boxes[1:])
    least = SMALLEST_MARK * per_mm
    return [(left, top, across, down, area) for left, top, across, down, area in found if max(across, down) >= least]


def _is_hole(across: int, down: int, area: int, per_mm: float) -> bool:
    round_enough = 0.7 < across / down < 1.4 and area > 0.6 * across * down
    return round_enough and 4 < max(across, down) / per_mm < 9


def _is_crease(across: int, down: int, per_mm: float) -> bool:
    return min(across, down) < 1.0 * per_mm and max(across, down) > 40 * per_mm


def _rows_cut(ink: Grey, per_mm: float) -> int:
    """How many rows of text start with a letter that the left edge cuts."""
    height = ink.shape[0]
    marks = [mark for mark in _marks(ink, per_mm) if _is_letter(mark, per_mm)]
    touching = sorted((mark for mark in marks if mark[_LEFT] <= 1), key=lambda mark: mark[_TOP])
    rows, last = 0, -1.0
    for mark in touching:
        middle = mark[_TOP] + mark[_HEIGHT] / 2
        near_corner = middle < RIM * per_mm or middle > height - RIM * per_mm
        if near_corner or middle - last < 2.5 * per_mm:
            continue
        followers = sum(
            1
            for other in marks
            if 1 < other[_LEFT] < 25 * per_mm and other[_TOP] <= middle <= other[_TOP] + other[_HEIGHT]
        )
        if followers >= 3:
            rows, last = rows + 1, middle
    return rows


def _letters_cut(ink: Grey, per_mm: float) -> bool:
    """Whether a row of letters lies across the edge (here turned to be the left one)."""
    touching = [mark for mark in _marks(ink, per_mm) if mark[_LEFT] <= 1 and _is_letter(mark, per_mm)]
    if len(touching) < 12:
        return False
    tops = np.sort([mark[_TOP] for mark in touching])
    gaps = np.diff(tops) / per_mm
    return bool(np.median(gaps) < 4 and np.ptp(tops) > 30 * per_mm)


def _is_letter(mark: tuple[int, int, int, int, int], per_mm: float) -> bool:
    across, down = mark[_WIDTH] / per_mm, mark[_HEIGHT] / per_mm
    solid = mark[_AREA] / (mark[_WIDTH] * mark[_HEIGHT])
    return 0.4 <= across <= 8 and 1.0 <= down <= 8 and solid < 0.85
