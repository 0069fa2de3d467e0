"""Forms of written digits as strokes, drawn anew each time (for teaching the reader, not used at run time)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Stroke = tuple[tuple[float, float], ...]

CANVAS = 160
BODY = 88

# Points of a smooth curve in a box of one by one, y downwards; a corner is the end of one stroke
# and the start of the next. Vietnamese hands: a 1 with a long up-stroke, a barred 7, a 5 with a flying bar.
FORMS: dict[int, tuple[tuple[Stroke, ...], ...]] = {
    1: (
        (((0.5, 0), (0.48, 0.5), (0.45, 1)),),
        (((0.05, 0.5), (0.3, 0.28), (0.6, 0)), ((0.6, 0), (0.56, 0.5), (0.5, 1))),
        (((-0.1, 0.7), (0.3, 0.35), (0.65, 0)), ((0.65, 0), (0.6, 0.5), (0.55, 1))),
        (((0.25, 0.22), (0.4, 0.12), (0.55, 0)), ((0.55, 0), (0.54, 0.5), (0.53, 1))),
        (((0.2, 0.25), (0.55, 0)), ((0.55, 0), (0.54, 1)), ((0.2, 1), (0.85, 0.98))),
    ),
    2: (
        (((0.05, 0.25), (0.35, 0), (0.8, 0.08), (0.8, 0.38), (0.4, 0.75), (0, 1)), ((0, 1), (0.5, 0.97), (1, 1))),
        (((0.1, 0.2), (0.45, 0), (0.85, 0.2), (0.6, 0.6), (0.2, 0.95), (0, 0.88), (0.2, 0.78), (0.6, 0.97),
         (1, 0.9)),),
        (((0.0, 0.3), (0.3, 0.0), (0.7, 0.15), (0.5, 0.6), (0.05, 0.97)), ((0.05, 0.97), (0.4, 0.85), (0.95, 1))),
    ),
    3: (
        (((0.05, 0.12), (0.4, 0), (0.8, 0.15), (0.7, 0.4), (0.35, 0.48)),
         ((0.35, 0.48), (0.8, 0.55), (0.9, 0.8), (0.5, 1), (0.05, 0.9))),
        (((0.05, 0.03), (0.85, 0.03)), ((0.85, 0.03), (0.4, 0.42)),
         ((0.4, 0.42), (0.9, 0.55), (0.88, 0.85), (0.45, 1), (0, 0.88))),
        (((0.1, 0.1), (0.5, 0), (0.8, 0.2), (0.5, 0.46), (0.45, 0.48), (0.85, 0.6), (0.75, 0.92), (0.3, 1),
         (0, 0.85)),),
    ),
    4: (
        (((0.35, 0), (0.2, 0.3), (0, 0.6)), ((0, 0.6), (0.5, 0.58), (1, 0.6)), ((0.72, 0.25), (0.66, 0.6),
         (0.62, 1))),
        (((0.75, 0), (0.4, 0.35), (0, 0.68)), ((0, 0.68), (1, 0.68)), ((0.75, 0), (0.72, 0.5), (0.7, 1))),
        (((0.4, 0.05), (0.05, 0.55)), ((0.05, 0.55), (0.5, 0.5), (1.1, 0.48)), ((0.9, 0.15), (0.7, 0.6), (0.5, 1))),
        (((0.1, 0), (0.05, 0.3), (0.15, 0.5), (0.5, 0.5), (0.8, 0.45)), ((0.8, 0), (0.78, 0.5), (0.7, 1))),
    ),
    5: (
        (((0.9, 0.02), (0.3, 0.03)), ((0.3, 0.03), (0.2, 0.42)),
         ((0.2, 0.42), (0.6, 0.36), (0.9, 0.62), (0.7, 0.95), (0.05, 0.95))),
        (((0.3, 0.08), (0.15, 0.42)), ((0.15, 0.42), (0.55, 0.38), (0.8, 0.68), (0.55, 0.97), (0, 0.93)),
         ((0.35, 0.02), (0.7, 0.0), (1.15, -0.06))),
        (((0.95, 0), (0.4, 0.05), (0.25, 0.4), (0.6, 0.45), (0.8, 0.7), (0.5, 1), (0.05, 0.92)),),
        (((0.2, 0.1), (0.15, 0.45)), ((0.15, 0.45), (0.6, 0.4), (0.85, 0.7), (0.5, 1), (0.1, 0.9)),
         ((0.4, 0.06), (0.9, 0.04))),
    ),
    6: (
        (((0.75, 0), (0.3, 0.3), (0.05, 0.7), (0.3, 1), (0.8, 0.9), (0.82, 0.6), (0.5, 0.5), (0.1, 0.72)),),
        (((0.55, 0), (0.15, 0.4), (0.05, 0.75), (0.35, 1), (0.75, 0.85), (0.65, 0.6), (0.35, 0.6), (0.12, 0.8)),),
        (((0.9, 0.05), (0.5, 0.02), (0.15, 0.4), (0.1, 0.8), (0.5, 1), (0.85, 0.75), (0.5, 0.52), (0.15, 0.68)),),
    ),
    7: (
        (((0, 0.05), (0.5, 0.04), (1, 0.03)), ((1, 0.03), (0.6, 0.5), (0.35, 1))),
        (((0, 0.05), (0.5, 0.06), (0.95, 0.03)), ((0.95, 0.03), (0.6, 0.5), (0.4, 1)), ((0.2, 0.52), (0.95, 0.47))),
        (((0.02, 0.22), (0.06, 0.04)), ((0.06, 0.04), (0.9, 0.04)), ((0.9, 0.04), (0.6, 0.45), (0.5, 1))),
        (((0, 0.1), (0.3, 0.0), (0.6, 0.1), (0.95, 0.02)), ((0.95, 0.02), (0.55, 0.5), (0.4, 1)),
         ((0.25, 0.5), (0.85, 0.5))),
        (((0, 0.08), (0.9, 0.03), (0.62, 0.5), (0.5, 1)), ((0.25, 0.55), (1.1, 0.48))),
    ),
    8: (
        (((0.8, 0.15), (0.4, 0), (0.12, 0.22), (0.45, 0.46), (0.88, 0.75), (0.5, 1), (0.1, 0.78), (0.5, 0.46),
         (0.85, 0.2), (0.72, 0.06)),),
        (((0.5, 0), (0.2, 0.12), (0.3, 0.4), (0.6, 0.46), (0.85, 0.2), (0.5, 0)),
         ((0.5, 0.46), (0.1, 0.65), (0.3, 0.98), (0.8, 0.9), (0.85, 0.6), (0.5, 0.46))),
    ),
    9: (
        (((0.85, 0.25), (0.5, 0), (0.1, 0.2), (0.2, 0.48), (0.6, 0.48), (0.85, 0.2)), ((0.85, 0.2),
         (0.78, 0.6), (0.65, 1))),
        (((0.85, 0.2), (0.45, 0), (0.1, 0.22), (0.35, 0.5), (0.85, 0.25), (0.88, 0.7), (0.55, 1), (0.1, 0.9)),),
        (((0.8, 0.1), (0.4, 0), (0.08, 0.25), (0.3, 0.48), (0.75, 0.3)), ((0.85, 0.05), (0.8, 0.5),
         (0.4, 0.97), (0.15, 0.95))),
    ),
}  # fmt: skip


def draw_digit(digit: int, rng: np.random.Generator) -> Floats:
    """One drawing of a digit, ink 1 on 0, in a square canvas."""
    strokes = _zero(rng) if digit == 0 else _form(digit, rng)
    width = BODY * rng.uniform(0.42, 0.78) * (0.75 if digit == 1 else 1.0)
    left, top = (CANVAS - width) / 2, (CANVAS - BODY) / 2
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    pen = max(2, round(BODY * rng.uniform(0.035, 0.15)))
    for stroke in strokes:
        line = np.column_stack((left + stroke[:, 0] * width, top + stroke[:, 1] * BODY))
        cv2.polylines(ink, [np.round(line * 8).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 3)
    return np.asarray(ink / 255.0, dtype=np.float32)


def _form(digit: int, rng: np.random.Generator) -> list[Floats]:
    forms = FORMS[digit]
    strokes = forms[rng.integers(len(forms))]
    wobble = rng.uniform(0.01, 0.05)
    moved: dict[tuple[float, float], tuple[float, float]] = {}
    for point in (point for stroke in strokes for point in stroke):
        moved.setdefault(point, (point[0] + rng.normal(0, wobble), point[1] + rng.normal(0, wobble)))
    return [_curve(np.array([moved[point] for point in stroke], np.float32)) for stroke in strokes]


def _zero(rng: np.random.Generator) -> list[Floats]:
    """A loop that closes, stays open or runs over its start."""
    start = rng.uniform(-2.6, -0.4)
    turn = 2 * np.pi * rng.choice([rng.uniform(0.86, 0.97), rng.uniform(0.97, 1.12)])
    angle = start - np.linspace(0, turn, 9)
    egg = rng.uniform(-0.12, 0.12)
    radius = 0.5 * (1 + rng.normal(0, 0.04, angle.size))
    points = np.column_stack((0.5 + radius * np.cos(angle) * (1 + egg * np.sin(angle)), 0.5 + radius * np.sin(angle)))
    return [_curve(points.astype(np.float32))]


def _curve(points: Floats) -> Floats:
    """Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    steps = np.linspace(0, 1, 9, dtype=np.float32)[:, None]
    parts = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5
            * (
                2 * p1
                + (p2 - p0) * steps
                + (2 * p0 - 5 * p1 + 4 * p2 - p3) * steps**2
                + (3 * p1 - p0 - 3 * p2 + p3) * steps**3
            )
        )
    return np.vstack(parts).astype(np.float32)
