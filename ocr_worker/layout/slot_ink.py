"""Whose ink stands in a slot: a pen's, black print's, or a red stamp's over both."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.channels import brightest, darkest
from ocr_worker.pages.clean import CleanPage, PixelBox

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

# of 255: how far apart the channels of a coloured pen are, those of a stamp, and those of its pale edges
PEN_CHROMA, STAMP_RED, STAMP_EDGE = 45, 45, 25
# ink is darker than this share of the paper; so many pixels of it that are not red are writing or print
DARKER, LEAST_OTHER = 0.72, 190
# of the paper: how much of red light a stamp's ink swallows, at the most
STAMP_PALE = 0.2
# of the paper beside a place: what is darker is ink; and how many pixels of it to either side show that paper
DARK, BESIDE = 0.7, 60


def dark_between(clean: CleanPage, box: PixelBox) -> Mask:
    """Which pixels of a box are darker than the paper in it and to either side."""
    part = clean.inks(box)
    if not part.size:
        return np.zeros(part.shape, np.bool_)
    x0, y0, x1, y1 = box
    paper = np.percentile(clean.colours((x0 - BESIDE, y0, x1 + BESIDE, y1)), 85)
    return np.asarray(part < DARK * paper, np.bool_)


def without_stamp(crop: Bytes) -> Bytes:
    """The crop with red ink made paper; where it covers other ink, that stays, for red light passes through it.

    Seals are red (Decree 30/2020 Art. 32) and pens blue or black; where all is red, a red number is left as it is.
    """
    redness = _redness(crop)
    if not (redness > STAMP_RED).any():
        return crop
    red = redness > STAMP_EDGE
    if int((_is_ink(crop) & ~_wider(red)).sum()) < LEAST_OTHER:
        return crop
    paper = _paper(crop)
    seen = np.clip(crop[..., :1] / paper[0] / (1 - STAMP_PALE), 0, 1) * paper
    return np.where(_wider(red)[..., None], seen, crop).astype(np.uint8)


def coloured_share(crop: Bytes) -> float:
    """How much of the ink is a coloured pen's, 0 to 1; what is left of a stamp is not."""
    ink = _is_ink(crop)
    total = int(ink.sum())
    pen = ink & (_chroma(crop) > PEN_CHROMA) & (_redness(crop) == 0)
    return float(pen.sum()) / total if total else 0.0


def without_black(crop: Bytes) -> Bytes:
    """The crop with black print made paper; a coloured stroke keeps its dark core."""
    pen = _wider(_is_ink(crop) & (_chroma(crop) > PEN_CHROMA))
    return np.where(pen[..., None], crop, _paper(crop)).astype(np.uint8)


def _is_ink(crop: Bytes) -> Mask:
    """Which pixels are clearly darker than the paper, in any colour."""
    return np.asarray(darkest(crop) < DARKER * _paper(crop).min(), np.bool_)


def _paper(crop: Bytes) -> npt.NDArray[np.float64]:
    return np.asarray(np.percentile(crop.reshape(-1, 3), 80, axis=0), np.float64)


def _wider(mask: Mask) -> Mask:
    """With the pixels around it."""
    return cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


def _redness(crop: Bytes) -> Bytes:
    """By how much red is the brightest channel, 0 where it is not."""
    red, green, blue = cv2.split(crop)
    return np.asarray(cv2.subtract(red, cv2.max(green, blue)), np.uint8)


def _chroma(crop: Bytes) -> Bytes:
    return np.asarray(cv2.subtract(brightest(crop), darkest(crop)), np.uint8)
