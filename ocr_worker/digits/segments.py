"""Cuts of written strokes into pieces, each of which may be one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.digits.ink import Box, Ink, pixels

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

PIECE_SIZE = 32
LINE_HEIGHT = 32
LINE_WIDTH = 160
MOST_SEGMENTS = 24
MOST_SEGMENTS_IN_PIECE = 5
WIDEST_PIECE = 1.45  # of the height of the tallest stroke
SLANTS = (-0.2, 0.0, 0.2, 0.4, 0.6)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Segments `first` up to but not including `last`, as a picture of the piece and of the ink around it."""

    first: int
    last: int
    box: Box


@dataclass(frozen=True, kw_only=True)
class Segments:
    """Smallest parts of the strokes, numbered from 1 along the line; `line` is the whole slot as one picture."""

    soft: Floats
    owner: Labels
    count: int
    height: int
    boxes: tuple[Box, ...]


def cut(ink: Ink) -> Segments:
    """Every connected stroke, divided where its profile along the slant is thin."""
    slant = _slant(ink)
    middle = ink.soft.shape[0] / 2
    rows, columns = np.nonzero(ink.labels)
    along = columns + slant * (rows - middle)
    owner = ink.labels[rows, columns]
    parts = np.zeros(len(rows), np.int32)
    centres: list[float] = []
    for stroke in range(1, ink.count + 1):
        chosen = np.flatnonzero(owner == stroke)
        edges = _cuts(along[chosen], int(np.ptp(rows[chosen])) + 1)
        which = np.searchsorted(edges, along[chosen])
        for part in np.unique(which):
            members = chosen[which == part]
            centres.append(float(along[members].mean()))
            parts[members] = len(centres)
    order = np.argsort(centres)[:MOST_SEGMENTS]
    rank = np.zeros(len(centres) + 1, np.int32)
    rank[order + 1] = np.arange(1, len(order) + 1)
    numbered = np.zeros(ink.labels.shape, np.int32)
    numbered[rows, columns] = rank[parts]
    boxes = tuple(_box(numbered == number) for number in range(1, len(order) + 1))
    return Segments(soft=ink.soft, owner=numbered, count=len(order), height=_written_height(ink), boxes=boxes)


def pieces(segments: Segments) -> list[Piece]:
    """All runs of neighbouring segments that are no wider than a digit may be."""
    widest = max(WIDEST_PIECE * segments.height, pixels(4))
    found = []
    for first in range(segments.count):
        for last in range(first + 1, min(first + MOST_SEGMENTS_IN_PIECE, segments.count) + 1):
            box = joined(segments.boxes[first:last])
            if last == first + 1 or box[2] - box[0] <= widest:
                found.append(Piece(first=first, last=last, box=box))
    return found


def joined(boxes: tuple[Box, ...]) -> Box:
    """The box around boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def piece_picture(segments: Segments, piece: Piece) -> Floats:
    """Two channels of 32 by 32: the piece, and the other ink in the same window."""
    x0, y0, x1, y1 = piece.box
    side = max(x1 - x0, y1 - y0, 0.5 * segments.height) * 1.25
    scale = PIECE_SIZE / side
    shift = (PIECE_SIZE / 2 - scale * (x0 + x1) / 2, PIECE_SIZE / 2 - scale * (y0 + y1) / 2)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    own = (segments.owner > piece.first) & (segments.owner <= piece.last)
    reach = round(side)
    top, left = max(y0 - reach, 0), max(x0 - reach, 0)
    window = np.s_[top : y1 + reach, left : x1 + reach]
    matrix[:, 2] += scale * np.array([left, top])
    ink, mine = segments.soft[window], own[window]
    other = (segments.owner[window] > 0) & ~mine
    near = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    layers = (np.where(near & ~other, ink, 0), np.where(other, ink, 0))
    return np.stack([_placed(layer, matrix, scale, (PIECE_SIZE, PIECE_SIZE)) for layer in layers], axis=-1)


def line_picture(segments: Segments) -> Floats:
    """The whole slot, 32 high and up to 160 wide."""
    tall = tuple(box for box in segments.boxes if box[3] - box[1] >= 0.35 * segments.height) or segments.boxes
    _, y0, _, y1 = joined(tall)
    x0, _, x1, _ = joined(segments.boxes)
    scale = min(LINE_HEIGHT / ((y1 - y0) * 1.15), LINE_WIDTH / ((x1 - x0) + 0.3 * (y1 - y0)))
    matrix = np.array(
        [[scale, 0, 4 - scale * x0], [0, scale, LINE_HEIGHT / 2 - scale * (y0 + y1) / 2]], dtype=np.float64
    )
    near = cv2.dilate((segments.owner > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return _placed(np.where(near, segments.soft, 0), matrix, scale, (LINE_WIDTH, LINE_HEIGHT))[..., None]


def _placed(layer: Floats, matrix: npt.NDArray[np.float64], scale: float, size: tuple[int, int]) -> Floats:
    if scale < 1:
        layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.4 / scale), dtype=np.float32)
    return np.asarray(cv2.warpAffine(layer, matrix, size, flags=cv2.INTER_LINEAR), dtype=np.float32)


def _written_height(ink: Ink) -> int:
    rows = [np.flatnonzero((ink.labels == stroke).any(1)) for stroke in range(1, ink.count + 1)]
    return max((int(np.ptp(found)) + 1 for found in rows), default=1)


def _slant(ink: Ink) -> float:
    """The shear whose column profile is sharpest."""
    rows, columns = np.nonzero(ink.labels)
    if len(rows) == 0:
        return 0.0
    middle = ink.soft.shape[0] / 2
    sharpness = []
    for slant in SLANTS:
        along = columns + slant * (rows - middle)
        profile = np.bincount((along - along.min()).astype(int)).astype(np.float64)
        sharpness.append(float((np.diff(profile, prepend=0) ** 2).sum()) * (1.05 if slant == 0 else 1.0))
    return SLANTS[int(np.argmax(sharpness))]


def _cuts(along: npt.NDArray[np.float64], height: int) -> npt.NDArray[np.float64]:
    """Positions along the line where a stroke may be two digits that touch."""
    start = along.min()
    profile = np.bincount((along - start).astype(int)).astype(np.float32)
    if len(profile) < max(0.5 * height, pixels(1.8)):
        return np.array([])
    smooth = cv2.GaussianBlur(profile[None], (0, 0), max(1.0, pixels(0.15)))[0]
    margin = pixels(0.5)
    inner = np.arange(margin, len(smooth) - margin)
    low = [x for x in inner if smooth[x] <= smooth[x - 1] and smooth[x] < smooth[x + 1] and smooth[x] < 0.7 * height]
    low = sorted(low, key=lambda x: float(smooth[x]))[: 1 + round(len(profile) / max(0.28 * height, pixels(1)))]
    chosen: list[int] = []
    for x in low:
        if all(abs(x - other) >= pixels(0.6) for other in chosen):
            chosen.append(int(x))
    return np.asarray(np.sort(chosen) + float(start) + 0.5, dtype=np.float64)


def _box(mask: npt.NDArray[np.bool_]) -> Box:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
