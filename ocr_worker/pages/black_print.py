"""What is printed in black, on paper made white: without uneven light, tinted paper and coloured ink."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.document import MILLIMETRES_PER_INCH
from ocr_worker.pages.reduced import halved

# the paper's own shade changes over centimetres
SHADE_DPI, SHADE_MM = 75.0, 6.0
DARKEST_PAPER = 40
# how far apart the channels of grey print may be after JPEG and the sensor's own fringes
GREY_CHROMA = 40
# a page whose ink is coloured by more than this is printed in colour, not stamped
COLOURED_PRINT = 0.6
SOME = 4  # every fourth row shows it

Bytes = npt.NDArray[np.uint8]


def black_print(rgb: Bytes, small: Bytes, small_dpi: float) -> Bytes:
    """The page in grey; ``small`` is the same page at a resolution that shows its paper."""
    return _without_colour(_even(rgb, *halved(small, small_dpi, below=SHADE_DPI)))


def _even(rgb: Bytes, small: Bytes, dpi: float) -> Bytes:
    """Every channel divided by the paper around, so that uneven light and tinted paper become white."""
    size = round(SHADE_MM * dpi / MILLIMETRES_PER_INCH) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((size, size), np.uint8)), 5)
    paper = np.maximum(paper, DARKEST_PAPER)
    paper = cv2.resize(paper, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(rgb, paper, scale=255), np.uint8)


def _without_colour(even: Bytes) -> Bytes:
    """Grey print stays, red and blue ink becomes paper (Decree 30 prints in black; stamps and pens are coloured)."""
    red, green, blue = cv2.split(even)
    high = cv2.max(cv2.max(red, green), blue)
    low = cv2.min(cv2.min(red, green), blue)
    # of what is no further apart than the channels of grey print nothing is left
    chroma = cv2.subtract(high, low)
    coloured = np.asarray(cv2.addWeighted(chroma, 1.0, chroma, 0.0, -GREY_CHROMA), np.uint8)
    if _is_coloured_print(np.asarray(low[::SOME], np.uint8), coloured[::SOME]):
        return np.asarray(cv2.addWeighted(high, 0.4, low, 0.6, 0), np.uint8)
    # the rim of a coloured stroke is blurred into the paper and hardly coloured itself
    wide = cv2.dilate(coloured, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.add(cv2.add(high, wide), wide), np.uint8)


def _is_coloured_print(low: Bytes, coloured: Bytes) -> bool:
    """Whether most of what is dark has a colour."""
    inked = below(low, 140)
    total = cv2.countNonZero(inked)
    return bool(total) and cv2.countNonZero(cv2.subtract(inked, below(coloured, 31))) > COLOURED_PRINT * total


def below(grey: Bytes, level: int) -> Bytes:
    """1 where a pixel is darker than a level."""
    return np.asarray(cv2.threshold(grey, level - 1, 1, cv2.THRESH_BINARY_INV)[1], np.uint8)
