"""Lines that forms are filled in on, ruled or dotted: recognisers read them into the words, so they are taken out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.black_print import below
from ocr_worker.pages.document import MILLIMETRES_PER_INCH

# dots of a leader: size, distance, and how many in a row make one
DOT_MM, DASH_MM, LEADER_GAP_MM, LEADER_MM, LEADER_DOTS = 0.75, 2.5, 2.4, 8.0, 7
# how far under a letter its dot stands, and by how much of a leader's step a dot that is none of it is off
DOT_BELOW_MM, UNEVEN = 1.0, 0.3
RULE_MM, RULE_THICKNESS_MM = 9.0, 0.9

Bytes = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]


def without_leaders(grey: Bytes, dpi: float) -> Bytes:
    """Takes out rows of dots that forms are filled in on: recognisers read them into the words."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    ink = below(grey, 205)
    # where such rows are shows on a picture half as large as well
    rows = _thin_rows(_halved(ink), per_mm / 2)
    result = grey
    for outline in _outlines_of_runs(rows, round(LEADER_MM * per_mm / 2)):
        x, y, w, h = (2 * edge for edge in cv2.boundingRect(outline))
        top, bottom = max(y - 2, 0), y + h + 2
        x, w = max(x - 3, 0), w + 6
        part = ink[top:bottom, x : x + w]
        _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        fits = (stats[1:, 2] <= DASH_MM * per_mm) & (stats[1:, 3] <= DOT_MM * per_mm)
        if int(fits.sum()) < LEADER_DOTS:
            continue
        if result is grey:
            result = grey.copy()
        fits[fits] &= ~_under_letters(stats[1:][fits], ink[max(top - round(DOT_BELOW_MM * per_mm), 0) : top, x : x + w])
        dots = np.concatenate(([False], fits))[labels]
        erased = cv2.dilate(dots.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        result[top:bottom, x : x + w][erased] = 255
    return result


def _halved(ink: Bytes) -> Bytes:
    """Half as large; a pixel that was inked stays so."""
    wide = cv2.dilate(ink, np.ones((2, 2), np.uint8), anchor=(1, 1))
    return np.ascontiguousarray(wide[1::2, 1::2], np.uint8)


def _under_letters(dots: npt.NDArray[np.number], above: Bytes) -> npt.NDArray[np.bool_]:
    """Which dots (their boxes) stand out of the row's even step and under ink: the dot below of `Vệ ......`."""
    middles = dots[:, 0] + dots[:, 2] / 2
    order = np.argsort(middles)
    steps = np.diff(middles[order])
    even = np.abs(steps - np.median(steps)) < UNEVEN * np.median(steps)
    alone = np.empty(len(dots), bool)
    alone[order] = ~(np.append(even, False) | np.insert(even, 0, False))
    letters = np.array([bool(above[:, x : x + w].any()) for x, w in dots[:, [0, 2]]])
    return np.asarray(alone & letters, bool)


def _thin_rows(ink: Bytes, per_mm: float) -> Bytes:
    """Rows of small marks close to each other, and nothing as high as letters."""
    gap = np.ones((1, round(LEADER_GAP_MM * per_mm)), np.uint8)
    high = np.ones((round(DOT_MM * per_mm) + 2, 1), np.uint8)
    joined = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap), np.uint8)
    letters = cv2.dilate(cv2.morphologyEx(joined, cv2.MORPH_OPEN, high), np.ones((3, 1), np.uint8))
    return np.asarray(cv2.subtract(joined, np.asarray(letters, np.uint8)), np.uint8)


def without_rules(grey: Bytes, dpi: float) -> tuple[Bytes, list[Box]]:
    """Takes out long thin lines across and down, and mends the letters they cross; also where they stood."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    ink = below(grey, 150)
    result = grey.copy()
    boxes = [(x, y, x + w, y + h) for x, y, w, h in _erase(result, ink, per_mm)]
    turned = np.asarray(cv2.transpose(ink), np.uint8)
    boxes += [(y, x, y + h, x + w) for x, y, w, h in _erase(result.T, turned, per_mm)]
    return result, boxes


def _erase(grey: Bytes, ink: Bytes, per_mm: float) -> list[Box]:
    """Whitens the lines across; as left, top, width and height."""
    joined = ink.copy()
    joined[1:] |= ink[:-1]
    thickest = max(RULE_THICKNESS_MM * per_mm, 3)
    found = []
    for outline in _outlines_of_runs(joined, max(round(RULE_MM * per_mm), 3)):
        x, y, w, h = cv2.boundingRect(outline)
        own = np.zeros((h, w), np.uint8)
        cv2.drawContours(own, [outline], 0, 1, cv2.FILLED, offset=(-x, -y))
        # a line that is a little askew is a staircase: what counts is its mean thickness
        if int(own.sum()) / w > thickest or h > 3 * thickest:
            continue
        found.append((x, y, w, h))
        top, bottom = max(y - 1, 0), min(y + h + 1, grey.shape[0])
        line = np.zeros((bottom - top, w), np.uint8)
        line[y - top : y - top + h] = own
        line = np.asarray(cv2.dilate(line, np.ones((3, 1), np.uint8)), np.uint8)
        above, below_it = ink[max(top - 2, 0), x : x + w], ink[min(bottom + 1, ink.shape[0] - 1), x : x + w]
        crossing = (above & below_it).astype(bool)
        grey[top:bottom, x : x + w][(line > 0) & ~crossing[None, :]] = 255
    return found


def _outlines_of_runs(ink: Bytes, length: int) -> Sequence[cv2.typing.MatLike]:
    """Around what has so many pixels or more side by side; only rows that may hold such a run are searched for it."""
    # eight pixels a byte: a run fills so many bytes, wherever it begins
    bytes_filled = max((length - 7) // 8, 1)
    filled = (np.packbits(ink, axis=1) == 255).astype(np.uint8)
    rows = np.flatnonzero(cv2.erode(filled, np.ones((1, bytes_filled), np.uint8)).any(axis=1))
    if not rows.size:
        return ()
    top = int(rows[0])
    runs = np.zeros_like(ink[top : rows[-1] + 1])
    runs[rows - top] = cv2.morphologyEx(ink[rows], cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return cv2.findContours(runs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(0, top))[0]
