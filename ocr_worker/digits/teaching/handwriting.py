"""Numbers as a hand writes them onto a line, for teaching the reader."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.digits.teaching.hands import GLYPH, PICTURE, Hands, Writer
from ocr_worker.digits.teaching.ink_layer import put

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Span = tuple[int, int]

SMALLEST, GREATEST = 24.0, 50.0  # height of digits, in pixels at 200 dpi
OUTLINED = 0.09  # of numbers whose strokes are hollow: a broad pen drew around them, or the scanner lost their middle


@dataclass(frozen=True, kw_only=True)
class _Manner:
    """What all digits of one number share."""

    size: float
    shear: float
    stretch: float
    elastic: float
    unruly: float
    outline: bool
    twice: bool


def write(
    layer: Bytes, text: str, hands: Hands, start: tuple[float, float], rng: np.random.Generator
) -> tuple[list[Span], float]:
    """Puts the digits onto ``layer`` from ``start`` (left, base line) on; the columns of each, and the right edge."""
    writer, manner = hands.writer(rng), _manner(rng)
    spacing, climb = _spacing(rng) * manner.size, rng.normal(0, 0.06)
    joins = rng.uniform() < 0.1
    x, base = start
    spans: list[Span] = []
    for digit in text:
        ink = _digit(hands, int(digit), writer, manner, rng)
        foot = base + manner.size * (0.1 + rng.normal(0, 0.03 + 0.06 * manner.unruly)) - climb * (x - start[0])
        left, top = round(x), round(foot - ink.shape[0])
        if joins and spans and rng.uniform() < 0.6:
            _join(layer, spans[-1], (left, top, ink), writer.pen * manner.size, rng)
        put(layer, ink, left, top)
        spans.append((left, left + ink.shape[1]))
        x += ink.shape[1] + spacing + rng.normal(0, 0.05) * manner.size
    return spans, x


def _manner(rng: np.random.Generator) -> _Manner:
    return _Manner(
        size=float(rng.uniform(SMALLEST, GREATEST)),
        shear=float(rng.normal(0.13, 0.17)),
        stretch=float(rng.uniform(0.75, 1.3)),
        elastic=float(rng.uniform(0, 4.5)),
        unruly=float(rng.uniform(0, 1)),
        outline=bool(rng.uniform() < OUTLINED),
        twice=bool(rng.uniform() < 0.02),
    )


def _spacing(rng: np.random.Generator) -> float:
    """Digits run into each other, stand close or apart, of their height."""
    near = [rng.uniform(-0.12, 0.02), rng.uniform(0, 0.18), rng.uniform(0.15, 0.45)]
    return float(rng.choice(near, p=[0.3, 0.5, 0.2]))


def _digit(hands: Hands, digit: int, writer: Writer, manner: _Manner, rng: np.random.Generator) -> Bytes:
    """One digit in its size, tightly cut."""
    ink = hands.digit(digit, writer, rng)
    if manner.outline:
        rim = np.ones(2 * (int(rng.integers(3, 8)),), np.uint8)
        ink = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, rim), np.uint8)
    if manner.twice:
        again = hands.digit(digit, writer, rng)
        ink = np.maximum(ink, np.roll(again, (int(rng.integers(-5, 6)), int(rng.integers(-5, 6))), axis=(0, 1)))
    warped = _warped(ink, manner, rng)
    rows, columns = np.flatnonzero((warped > 70).any(1)), np.flatnonzero((warped > 70).any(0))
    if not len(rows):
        return np.zeros((2, 2), np.uint8)
    return warped[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _warped(ink: Bytes, manner: _Manner, rng: np.random.Generator) -> Bytes:
    """Size, slant, turn and an uneven stretch in one step."""
    scale = manner.size * (1 + rng.normal(0, 0.03 + 0.06 * manner.unruly)) / GLYPH
    side = int(PICTURE * 1.1 * max(scale, 0.2))
    turn = np.deg2rad(rng.normal(0, 1.5 + 3 * manner.unruly))
    shear = manner.shear + rng.normal(0, 0.02 + 0.06 * manner.unruly)
    stretch = manner.stretch * (1 + rng.normal(0, 0.06 * manner.unruly))
    grid = _grid(side)
    y = (grid[..., 1] - side / 2) / scale
    x = (grid[..., 0] - side / 2) / scale
    x = (x + shear * y) / stretch
    cos, sin = np.cos(turn), np.sin(turn)
    bend = cv2.resize(rng.standard_normal((5, 5, 2), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    at_x = cos * x - sin * y + PICTURE / 2 + manner.elastic * bend[..., 0]
    at_y = sin * x + cos * y + PICTURE / 2 + manner.elastic * bend[..., 1]
    source = cv2.GaussianBlur(ink, (0, 0), 0.35 / scale) if scale < 0.6 else ink
    return np.asarray(cv2.remap(source, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR), np.uint8)


def _grid(side: int) -> Floats:
    return np.dstack(np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32)))


def _join(layer: Bytes, before: Span, after: tuple[int, int, Bytes], pen: float, rng: np.random.Generator) -> None:
    """The pen stays on the paper from the end of one digit to the start of the next."""
    left, top, ink = after
    ending = layer[:, max(before[0], 0) : max(before[1], 1)]
    rows, columns = np.nonzero(ending > 120)
    there_rows, there_columns = np.nonzero(ink > 120)
    if not len(rows) or not len(there_rows):
        return
    far = int(np.argmax(columns + rng.uniform(0.2, 1.2) * rows))
    near = int(np.argmin(there_columns + rng.uniform(-0.3, 0.8) * there_rows))
    start = (int(columns[far]) + before[0], int(rows[far]))
    end = (int(there_columns[near]) + left, int(there_rows[near]) + top)
    cv2.line(layer, start, end, 230, max(1, round(pen * rng.uniform(0.4, 0.9))), cv2.LINE_AA)
