"""Finding stamps of whose frame only pieces are left, or whose frame touches the print beside it: in dark ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.document import MILLIMETRES_PER_INCH
from ocr_worker.secrecy.dark_stamps import MARK_JOIN, MOST_WORDS, PRINT_LEVEL, WORD_HEIGHTS, WORD_LENGTHS
from ocr_worker.secrecy.stamp_frame import (
    MOST_STAMPS,
    Picture,
    Stamp,
    stamp_rectangle,
    upright,
)

# millimetres and shape of what is no letter: pieces of a frame, its corners, and print glued to it
LETTER, FRAME_PIECE, CORNER, CORNER_INK = 7.5, 3.6, 3.0, 0.22
# what is left of a frame is joined over gaps like this; its size; of its height: what lies between it and the words
TORN_JOIN, TORN_LENGTHS, TORN_HEIGHTS, FRAME_EDGE = 2.6, (14.0, 65.0), (6.8, 14.5), 0.2
# of a torn frame's height: blank paper at both ends of its words; of the length of a side: what is left of it
FRAME_ROOM, LEFT_OF_SIDE, DUST = 0.2, 0.3, 0.02
FEWEST_SIDES = 3
# inside a frame nothing stands beside the words: they may be joined over wider gaps
FRAMED_JOINS = (3.0, 1.3)
# how near to a piece of a frame the words stand that it framed
FRAME_REACH = 3.0


def words_in_broken_frames(darkness: Picture, dpi: float) -> Iterator[Stamp]:
    """Every short line that stands in the pieces of a frame, without them: what black and white scans leave of one."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    letters, pieces = _parted(darkness, per_mm)
    across, down = (round(join * per_mm) for join in FRAMED_JOINS)
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
    reach = 2 * round(FRAME_REACH * per_mm) + 1
    framed = np.asarray(cv2.dilate(pieces, np.ones((reach, reach), np.uint8)), np.uint8)
    only = np.where(cv2.dilate(pieces, np.ones((3, 3), np.uint8)) > 0, 0, darkness).astype(np.uint8)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = 0
    for outline in sorted(outlines, key=lambda outline: cv2.boundingRect(outline)[1]):
        rectangle = stamp_rectangle(outline, per_mm, WORD_LENGTHS, WORD_HEIGHTS)
        if rectangle is None or not _all_round(framed, cv2.boundingRect(outline)):
            continue
        found += 1
        if found > MOST_WORDS:
            return
        yield upright(only, rectangle, per_mm)


def _parted(darkness: Picture, per_mm: float) -> tuple[Picture, Picture]:
    """The ink of letters and marks, and that of longer or slimmer strokes."""
    mask = (darkness > PRINT_LEVEL).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    across, down = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    long, short = np.maximum(across, down), np.minimum(across, down)
    slim = (long > FRAME_PIECE * short) & (long > MARK_JOIN * per_mm)
    corner = (long > CORNER * per_mm) & (stats[:, cv2.CC_STAT_AREA] < CORNER_INK * across * down)
    piece = (long > LETTER * per_mm) | slim | corner
    piece[0] = False
    pieces = np.where(piece, 1, 0).astype(np.uint8)[labels]
    return np.asarray(cv2.subtract(mask, pieces), np.uint8), pieces


def _all_round(framed: Picture, box: Sequence[int]) -> bool:
    """Whether pieces of a frame stand on most sides of a box."""
    x, y, across, down = box
    part = framed[y : y + down, x : x + across]
    edges = (part[0], part[-1], part[:, 0], part[:, -1])
    return sum(float(edge.mean()) > 0.5 for edge in edges) >= FEWEST_SIDES


def torn_frames(darkness: Picture, dpi: float) -> Iterator[Stamp]:
    """Every patch of dark ink of a framed stamp's size: dashes and crumbs are left of its frame."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    mask = (darkness > PRINT_LEVEL).astype(np.uint8)
    join = round(TORN_JOIN * per_mm)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = 0
    for outline in sorted(outlines, key=lambda outline: cv2.boundingRect(outline)[1]):
        rectangle = stamp_rectangle(outline, per_mm, TORN_LENGTHS, TORN_HEIGHTS)
        if rectangle is None:
            continue
        stamp = upright(darkness, rectangle, per_mm)
        if not _was_framed(stamp.whole > PRINT_LEVEL):
            continue
        found += 1
        if found > MOST_STAMPS:
            return
        yield _core(stamp)


def _was_framed(mask: npt.NDArray[np.bool_]) -> bool:
    """Whether pieces of ink stand along most edges, and nothing between them and the word in the middle."""
    high, wide = mask.shape
    edge = round(FRAME_EDGE * high)
    rims = (mask[:edge].any(axis=0), mask[-edge:].any(axis=0), mask[:, :edge].any(axis=1), mask[:, -edge:].any(axis=1))
    inside = mask[edge : high - edge]
    room = round(FRAME_ROOM * high)
    free = (inside[:, edge + 2 : edge + room], inside[:, wide - edge - room : wide - edge - 2])
    sides = sum(float(rim.mean()) > LEFT_OF_SIDE for rim in rims)
    return sides >= FEWEST_SIDES and all(float(part.mean()) < DUST for part in free)


def _core(stamp: Stamp) -> Stamp:
    """The stamp without what stands at its edges."""
    high, wide = stamp.whole.shape
    edge = round(FRAME_EDGE * high)
    inner = np.ascontiguousarray(stamp.whole[edge : high - edge, edge : wide - edge])
    return replace(stamp, ink=inner, whole=inner, sides=0)
