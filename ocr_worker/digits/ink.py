"""Written strokes of a slot, told from paper, ruled lines and the print beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

WORKING_DPI = 200
FAINTEST_INK = 0.18  # darkness relative to the paper; pencil and show-through lie below
DARKEST_THRESHOLD = 0.55
DOT_MM = 1.1
MOSTLY_PRINT = 0.85  # a stroke with this share inside a box of print is print
MOSTLY_WRITTEN = 0.25  # below this share it is a written stroke that reaches over the print
UNDERLINE_MM = 5.0  # the flying bar of a 5 is shorter
OTHER_LINE = 0.25  # of the crop's height; a stroke that enters it by less from above or below is another line's
RULED_LINE_MM = 9.0
RULED_LINE_THICKNESS_MM = 0.7


def pixels(millimetres: float) -> int:
    """Millimetres in pixels of the working resolution."""
    return max(1, round(millimetres * WORKING_DPI / 25.4))


@dataclass(frozen=True, kw_only=True)
class Ink:
    """Strokes at WORKING_DPI: `soft` is 0 (paper) to 1 (ink), `labels` numbers connected strokes from 1."""

    soft: Floats
    labels: Labels
    count: int
    scale: float


def find_ink(crop: Bytes, dpi: int, margin_print: Sequence[Box] = ()) -> Ink:
    """Strokes of an RGB crop, without known print, ruled lines and dots."""
    scale = WORKING_DPI / dpi
    page = _rescale(crop, scale)
    darkness = _darkness(page)
    threshold = _threshold(darkness)
    mask = (darkness > threshold).astype(np.uint8)
    mask = _without_second_colour(page, mask)
    mask = _without_ruled_lines(mask)
    mask = _without_print(mask, [_scaled(box, scale) for box in margin_print])
    count, labels = _strokes(mask)
    soft = np.clip((darkness - 0.6 * threshold) / (0.8 * threshold), 0, 1).astype(np.float32)
    return Ink(soft=soft, labels=labels, count=count, scale=scale)


def _rescale(crop: Bytes, scale: float) -> Bytes:
    if abs(scale - 1) < 0.02:
        return crop
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, size, interpolation=method), dtype=np.uint8)


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    return x0, y0, x1, y1


def _darkness(page: Bytes) -> Floats:
    """How much darker than the paper around it; the darkest channel counts, so blue and red ink survive."""
    size = pixels(5)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (size, size))
    paper = cv2.morphologyEx(page, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = cv2.blur(paper, (size, size), borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(paper, np.percentile(page, 60, axis=(0, 1)).astype(np.float32) * 0.8)
    relative = page.astype(np.float32) / np.maximum(paper, 1).astype(np.float32)
    return np.asarray(np.clip(1 - relative.min(axis=2), 0, 1), dtype=np.float32)


def _threshold(darkness: Floats) -> float:
    eight_bit = (darkness * 255).astype(np.uint8)
    otsu, _ = cv2.threshold(eight_bit, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(np.clip(otsu / 255 * 0.9, FAINTEST_INK, DARKEST_THRESHOLD))


def _without_second_colour(page: Bytes, mask: Bytes) -> Bytes:
    """Drops red strokes (a stamp) where the slot is written in black or blue as well."""
    wide = page.astype(np.int16)
    red = (wide[..., 0] - np.maximum(wide[..., 1], wide[..., 2]) > 45) & (mask > 0)
    other = (mask > 0) & ~cv2.dilate(red.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if red.sum() < 0.03 * mask.sum() or other.sum() < pixels(1) * pixels(3):
        return mask
    return np.where(red, 0, mask).astype(np.uint8)


def _without_ruled_lines(mask: Bytes) -> Bytes:
    length = pixels(RULED_LINE_MM)
    if mask.shape[1] <= length:
        return mask
    runs = _bytes(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
    thick = _bytes(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((pixels(RULED_LINE_THICKNESS_MM) + 1, 1), np.uint8)))
    thin = np.where(thick > 0, 0, 1).astype(np.uint8)
    line = _bytes(cv2.dilate(runs & thin, np.ones((3, 1), np.uint8))) & thin
    if not line.any():
        return mask
    rest = np.where(line > 0, 0, mask).astype(np.uint8)
    gap = np.ones((pixels(RULED_LINE_THICKNESS_MM) + 2, 1), np.uint8)
    bridged = _bytes(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap))
    return np.asarray(rest | (bridged & line), dtype=np.uint8)


def _bytes(values: npt.ArrayLike) -> Bytes:
    return np.asarray(values, dtype=np.uint8)


def _without_print(mask: Bytes, boxes: Sequence[Box]) -> Bytes:
    """Clears print inside its boxes and leaves written strokes that only reach into one."""
    if not boxes:
        return mask
    inside = np.zeros_like(mask)
    for x0, y0, x1, y1 in boxes:
        inside[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 1
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    total = np.bincount(labels.ravel(), minlength=count)
    covered = np.bincount(labels.ravel(), weights=inside.ravel(), minlength=count)
    share = covered / np.maximum(total, 1)
    partly, wholly = share > MOSTLY_WRITTEN, share > MOSTLY_PRINT
    partly[0] = wholly[0] = False
    return np.where(wholly[labels] | (partly[labels] & (inside > 0)), 0, mask).astype(np.uint8)


def _strokes(mask: Bytes) -> tuple[int, Labels]:
    """Connected strokes without dots, specks, underlines and what the crop cuts off from other lines."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    dot, rows = pixels(DOT_MM), mask.shape[0]
    keep = np.zeros(count, np.int32)
    kept = 0
    for number in range(1, count):
        _, top, width, height, area = stats[number]
        speck = max(width, height) <= dot or area <= dot * 2
        underline = width > pixels(UNDERLINE_MM) and height < 0.12 * width
        cut_off = (top == 0 or top + height == rows) and height < OTHER_LINE * rows
        if not (speck or underline or cut_off):
            kept += 1
            keep[number] = kept
    return kept, np.asarray(keep[labels], dtype=np.int32)
