"""Frames of rubber stamps on a page, whose words (`CÔNG VĂN ĐẾN`, its own Số and Ngày) are not the paper's."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.clean import CleanPage, PixelBox

# millimetres: an incoming stamp is larger than a word and smaller than a column
WIDTHS, HEIGHTS = (24.0, 95.0), (10.0, 62.0)
# a frame encloses; letters that happen to touch do not fill the rectangle's edges
FRAMED_EDGE = 0.55
EDGE_MM = 2.2


def stamped_frames(page: CleanPage, bottom: float) -> list[PixelBox]:
    """Boxes of frames whose top lies above ``bottom`` (pixels)."""
    scale = 0.5
    part = (0, 0, page.size[0], bottom + page.pixels(HEIGHTS[1]))
    small = page.inks(part, scale=scale)
    paper = int(np.percentile(small[::4, ::4], 70))
    ink = (small < paper - 70).astype(np.uint8)
    joined = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[PixelBox] = []
    for index, outline in enumerate(outlines):
        x, y, w, h = cv2.boundingRect(outline)
        wide, high = page.millimetres(w / scale), page.millimetres(h / scale)
        fits = WIDTHS[0] <= wide <= WIDTHS[1] and HEIGHTS[0] <= high <= HEIGHTS[1]
        if not fits or y / scale > bottom or tree[0][index][3] >= 0:  # the last: the hole in a mark
            continue
        mask = _mark_at(joined[y : y + h, x : x + w], outline[0][0] - (x, y))
        if _framed_sides(mask, round(page.pixels(EDGE_MM) * scale)) >= 3:
            found.append((x / scale, y / scale, (x + w) / scale, (y + h) / scale))
    return found


def _mark_at(ink: npt.NDArray[np.uint8], place: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """The mark that this place (across, down) belongs to, without others in its box."""
    _, labels = cv2.connectedComponents(ink, connectivity=8)
    return np.asarray(labels == labels[place[1], place[0]], np.bool_)


def _framed_sides(mask: np.ndarray, deep: int) -> int:
    strips = ((mask[:deep], 0), (mask[-deep:], 0), (mask[:, :deep], 1), (mask[:, -deep:], 1))
    return sum(bool(strip.any(axis=axis).mean() > FRAMED_EDGE and _is_line(strip, axis)) for strip, axis in strips)


def _is_line(strip: np.ndarray, axis: int) -> bool:
    """Whether the ink along the side is one thin line, not letters that reach to the edge."""
    return bool(strip.sum(axis=axis).mean() < 0.75 * strip.shape[axis])
