"""Frames of rubber stamps on a page, whose words (`CÔNG VĂN ĐẾN`, its own Số and Ngày) are not the paper's."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_worker.pages.channels import darkest
from ocr_worker.pages.clean import CleanPage, PixelBox

# millimetres: an incoming stamp is larger than a word and smaller than a column
WIDTHS, HEIGHTS = (24.0, 95.0), (10.0, 62.0)
# a frame encloses; letters that happen to touch do not fill the rectangle's edges
FRAMED_EDGE = 0.55
EDGE_MM = 2.2


def stamped_frames(page: CleanPage, bottom: float) -> list[PixelBox]:
    """Boxes of frames whose top lies above ``bottom`` (pixels)."""
    scale = 0.5
    part = page.rgb[: round(bottom) + round(page.pixels(HEIGHTS[1]))]
    small = darkest(np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8))
    paper = int(np.percentile(small[::4, ::4], 70))
    ink = (small < paper - 70).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[PixelBox] = []
    for number in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[number])
        wide, high = page.millimetres(w / scale), page.millimetres(h / scale)
        if not (WIDTHS[0] <= wide <= WIDTHS[1] and HEIGHTS[0] <= high <= HEIGHTS[1]) or y / scale > bottom:
            continue
        mask = labels[y : y + h, x : x + w] == number
        if _framed_sides(mask, round(page.pixels(EDGE_MM) * scale)) >= 3:
            found.append((x / scale, y / scale, (x + w) / scale, (y + h) / scale))
    return found


def _framed_sides(mask: np.ndarray, deep: int) -> int:
    strips = ((mask[:deep], 0), (mask[-deep:], 0), (mask[:, :deep], 1), (mask[:, -deep:], 1))
    return sum(bool(strip.any(axis=axis).mean() > FRAMED_EDGE and _is_line(strip, axis)) for strip, axis in strips)


def _is_line(strip: np.ndarray, axis: int) -> bool:
    """Whether the ink along the side is one thin line, not letters that reach to the edge."""
    return bool(strip.sum(axis=axis).mean() < 0.75 * strip.shape[axis])
