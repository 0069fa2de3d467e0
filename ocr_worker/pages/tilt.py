"""How askew a sheet lies: the angle at which the rows of its ink are told apart best."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.channels import brightest
from ocr_worker.pages.document import MILLIMETRES_PER_INCH

STEEPEST = 6.0  # degrees that a sheet may lie askew
STRAIGHT = 0.12
# darker than the paper around it by this much (of 255)
CONTRAST = 50
PAPER_MM = 3.0
# the scanner's own border and the paper's shadow lie straight whatever the sheet does
RIM_MM = 8.0
# pixels of ink: fewer tell nothing, more tell nothing new
FEWEST, COARSE, FINE = 500, 10_000, 40_000

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.float32]


def tilt(rgb: Bytes, dpi: float) -> float:
    """Degrees by which lines of text climb to the right; 0 where they hardly do. 75 to 150 dpi suffice."""
    grey = brightest(rgb)
    size = round(PAPER_MM * dpi / MILLIMETRES_PER_INCH) | 1
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((size, size), np.uint8)), 5)
    rim = round(RIM_MM * dpi / MILLIMETRES_PER_INCH)
    inked = np.nonzero(cv2.subtract(paper, grey)[rim:-rim, rim:-rim] > CONTRAST)
    rows, columns = (places.astype(np.float32) for places in inked)
    if len(rows) < FEWEST:
        return 0.0
    if len(rows) > FINE:
        chosen = np.random.default_rng(0).choice(len(rows), FINE, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    some = slice(None, None, max(len(rows) // COARSE, 1))
    best = _sharpest(rows[some], columns[some], np.arange(-STEEPEST, STEEPEST + 0.1, 0.5))
    best = _sharpest(rows, columns, np.arange(best - 0.5, best + 0.51, 0.1))
    best = _sharpest(rows, columns, np.array((best - 0.05, best, best + 0.05)))
    return best if abs(best) >= STRAIGHT else 0.0


def _sharpest(rows: Places, columns: Places, angles: npt.NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _sharpness(rows, columns, angle)))


def _sharpness(rows: Places, columns: Places, degrees: float) -> float:
    along = rows + columns * np.float32(np.tan(np.deg2rad(degrees)))
    steps = np.diff(np.bincount((along - along.min()).astype(np.intp)))
    return float(np.dot(steps, steps))
