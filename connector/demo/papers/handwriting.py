"""A clerk's hand: written numbers with the shapes that Vietnamese offices write, and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from connector.demo.papers.sheet import HEIGHT, MM

Points = npt.NDArray[np.float64]
Colour = tuple[float, float, float]
Stroke = tuple[tuple[float, float], ...]

BLACK: Colour = (0.07, 0.07, 0.09)
BLUE: Colour = (0.10, 0.16, 0.52)

# Points of smooth strokes in a box one high, y downwards; a stroke begins anew at a corner.
SHAPES: dict[str, tuple[tuple[Stroke, ...], ...]] = {
    "0": (
        (((0.3, 0.02), (0.08, 0.25), (0.04, 0.7), (0.25, 0.98), (0.47, 0.7), (0.48, 0.25), (0.3, 0.03)),),
        (((0.36, 0.06), (0.12, 0.2), (0.03, 0.6), (0.16, 0.96), (0.4, 0.85), (0.5, 0.4), (0.4, 0.05), (0.24, 0.1)),),
        (((0.42, 0.1), (0.22, 0.0), (0.04, 0.4), (0.1, 0.9), (0.34, 0.92), (0.48, 0.5), (0.36, 0.08)),),
    ),
    "1": (
        (((0.02, 0.5), (0.16, 0.3), (0.32, 0.02)), ((0.32, 0.02), (0.3, 0.5), (0.27, 1))),
        (((0.1, 0.28), (0.3, 0.0)), ((0.3, 0.0), (0.29, 0.55), (0.28, 1))),
        (((0.0, 0.62), (0.2, 0.36), (0.36, 0.0)), ((0.36, 0.0), (0.32, 0.6), (0.24, 1.02))),
    ),
    "2": (
        (((0.05, 0.24), (0.2, 0.02), (0.46, 0.12), (0.44, 0.42), (0.2, 0.76), (0.02, 0.96)),
         ((0.02, 0.96), (0.28, 0.9), (0.58, 0.97))),
        (((0.06, 0.25), (0.26, 0.0), (0.5, 0.16), (0.4, 0.52), (0.14, 0.86), (0.0, 0.94), (0.02, 0.8), (0.18, 0.8),
          (0.36, 0.96), (0.62, 0.9)),),
        (((0.24, 0.3), (0.08, 0.26), (0.1, 0.08), (0.34, 0.0), (0.52, 0.16), (0.38, 0.52), (0.04, 0.92),
          (0.14, 0.8), (0.4, 0.98), (0.6, 0.86)),),
    ),
    "3": (
        (((0.05, 0.14), (0.26, 0.0), (0.46, 0.14), (0.4, 0.38), (0.2, 0.46)),
         ((0.2, 0.46), (0.46, 0.52), (0.5, 0.8), (0.26, 1.0), (0.0, 0.9))),
        (((0.06, 0.06), (0.28, 0.04), (0.52, 0.04)), ((0.52, 0.04), (0.36, 0.22), (0.22, 0.42)),
         ((0.22, 0.42), (0.5, 0.5), (0.5, 0.82), (0.22, 1.0), (0.0, 0.92))),
    ),
    "4": (
        (((0.3, 0.0), (0.16, 0.32), (0.02, 0.62)), ((0.02, 0.62), (0.3, 0.6), (0.62, 0.54)),
         ((0.5, 0.2), (0.42, 0.6), (0.34, 1.0))),
        (((0.14, 0.04), (0.1, 0.3), (0.12, 0.52), (0.34, 0.54), (0.56, 0.44)),
         ((0.52, 0.06), (0.46, 0.5), (0.36, 1.0))),
        (((0.46, 0.0), (0.22, 0.36), (0.0, 0.66)), ((0.0, 0.66), (0.3, 0.66), (0.62, 0.64)),
         ((0.46, 0.0), (0.44, 0.5), (0.4, 1.0))),
    ),
    "5": (
        (((0.16, 0.06), (0.1, 0.44)), ((0.1, 0.44), (0.32, 0.38), (0.5, 0.6), (0.38, 0.92), (0.0, 0.96)),
         ((0.16, 0.06), (0.4, 0.04), (0.72, -0.03))),
        (((0.56, 0.02), (0.2, 0.05)), ((0.2, 0.05), (0.12, 0.42), (0.36, 0.38), (0.5, 0.62), (0.34, 0.96),
          (0.0, 0.92))),
    ),
    "6": (
        (((0.44, 0.0), (0.2, 0.28), (0.05, 0.7), (0.2, 0.99), (0.46, 0.84), (0.4, 0.6), (0.2, 0.58), (0.06, 0.76)),),
        (((0.34, 0.0), (0.1, 0.4), (0.05, 0.8), (0.26, 1.0), (0.44, 0.78), (0.28, 0.56), (0.08, 0.7)),),
    ),
    "7": (
        (((0.02, 0.1), (0.24, 0.05), (0.56, 0.04)), ((0.56, 0.04), (0.36, 0.48), (0.26, 1.0)),
         ((0.12, 0.54), (0.36, 0.5), (0.62, 0.45))),
        (((0.02, 0.2), (0.05, 0.05), (0.3, 0.06), (0.56, 0.03)), ((0.56, 0.03), (0.36, 0.5), (0.28, 1.0))),
        (((0.0, 0.08), (0.2, 0.0), (0.38, 0.08), (0.56, 0.0)), ((0.56, 0.0), (0.38, 0.46), (0.3, 1.0)),
         ((0.16, 0.5), (0.6, 0.46))),
    ),
    "8": (
        (((0.46, 0.14), (0.24, 0.0), (0.08, 0.2), (0.26, 0.44), (0.48, 0.72), (0.28, 1.0), (0.05, 0.78),
          (0.26, 0.46), (0.48, 0.2), (0.4, 0.04)),),
        (((0.28, 0.0), (0.1, 0.14), (0.2, 0.38), (0.38, 0.42), (0.46, 0.18), (0.28, 0.0)),
         ((0.28, 0.43), (0.06, 0.64), (0.18, 0.98), (0.44, 0.9), (0.46, 0.6), (0.28, 0.43))),
    ),
    "9": (
        (((0.48, 0.16), (0.28, 0.0), (0.06, 0.2), (0.16, 0.46), (0.4, 0.42), (0.5, 0.14)),
         ((0.5, 0.14), (0.48, 0.56), (0.36, 1.0))),
        (((0.46, 0.24), (0.26, 0.02), (0.06, 0.2), (0.2, 0.5), (0.46, 0.26), (0.5, 0.66), (0.32, 0.98), (0.04, 0.9)),),
    ),
    "/": ((((0.5, -0.1), (0.25, 0.5), (0.0, 1.1)),),),
    "-": ((((0.02, 0.55), (0.36, 0.53)),),),
    ".": ((((0.05, 0.97), (0.07, 0.99)),),),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Hand:
    """One writer with one pen: ``size`` is the height of a digit and ``pen`` the stroke's width in millimetres."""

    forms: tuple[int, ...]
    size: float = 4.2
    slant: float = 0.28
    narrow: float = 1.0
    spacing: float = 0.14
    pen: float = 0.55
    wobble: float = 0.02
    colour: Colour = BLACK
    # a Debian handwriting font instead of drawn strokes
    font: Path | None = field(default=None)

    def width(self, text: str) -> float:
        """About how many millimetres a text takes."""
        digit = 0.8 if self.font else 0.5 * self.narrow + 0.6 * max(self.slant, 0.0)
        return len(text) * self.size * (digit + self.spacing)


def some_hand(rng: np.random.Generator, *, fonts: Sequence[Path] = (), colour: Colour | None = None) -> Hand:
    """A writer: some write with felt pens, most in black, all in their own slant and shapes."""
    pen = float(rng.choice([rng.uniform(0.3, 0.5), rng.uniform(0.5, 0.75), rng.uniform(0.8, 1.05)], p=[0.4, 0.4, 0.2]))
    font = Path(str(rng.choice([str(one) for one in fonts]))) if fonts and rng.uniform() < 0.35 else None
    return Hand(
        forms=tuple(int(number) for number in rng.integers(0, 60, 10)),
        size=float(rng.uniform(3.6, 5.0)),
        slant=float(rng.normal(0.26, 0.1)),
        narrow=float(rng.uniform(0.85, 1.2)),
        spacing=float(rng.uniform(0.05, 0.2)),
        pen=pen,
        wobble=float(rng.uniform(0.012, 0.03)),
        colour=colour or (BLUE if rng.uniform() < 0.45 else BLACK),
        font=font,
    )


def write(canvas: Any, text: str, x: float, baseline: float, hand: Hand, rng: np.random.Generator) -> float:
    """Write digits (and ``/``, ``-``, ``.``) from ``x`` millimetres on; answers the right edge."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*hand.colour)
    canvas.setFillColorRGB(*hand.colour)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    drift = rng.normal(0, 0.03)
    start = x
    for sign in text:
        if sign == " ":
            x += hand.size * 0.35
            continue
        foot = baseline + hand.size * rng.normal(0.04, 0.03) - drift * (x - start)
        scale = hand.size * rng.uniform(0.93, 1.07)
        advance = _font_sign(canvas, sign, x, foot, scale, hand) if hand.font else None
        if advance is None:
            advance = _stroke_sign(canvas, sign, x, foot, scale, hand, rng)
        x += advance + hand.size * (hand.spacing + rng.normal(0, 0.03))
    canvas.restoreState()
    return x


def _stroke_sign(
    canvas: Any, sign: str, x: float, foot: float, scale: float, hand: Hand, rng: np.random.Generator
) -> float:
    shapes = SHAPES[sign]
    form = hand.forms[int(sign)] if sign.isdigit() else 0
    # now and then a writer makes another form of the same digit
    shape = shapes[(form + (rng.uniform() < 0.08)) % len(shapes)]
    moved: dict[tuple[float, float], tuple[float, float]] = {}
    for point in (point for stroke in shape for point in stroke):
        moved.setdefault(point, (point[0] + rng.normal(0, hand.wobble), point[1] + rng.normal(0, hand.wobble)))
    slant = hand.slant + rng.normal(0, 0.03)
    right = 0.0
    for stroke in shape:
        curve = smooth(np.array([moved[point] for point in stroke]))
        across = (curve[:, 0] * hand.narrow + slant * (1 - curve[:, 1])) * scale
        right = max(right, float(across.max()))
        line = np.column_stack((x + across, foot - scale * (1 - curve[:, 1])))
        draw_stroke(canvas, line, hand.pen, rng)
    return right


def smooth(points: Points, steps: int = 8) -> Points:
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0, 1, steps + 1)[:, None]
    parts = [
        0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack(parts)


def draw_stroke(canvas: Any, line: Points, pen: float, rng: np.random.Generator) -> None:
    """A line in millimetres from the top left whose width follows the pressure of the hand."""
    pressure = 1 + 0.18 * np.sin(np.linspace(rng.uniform(0, 6), rng.uniform(6, 9), len(line))) + rng.normal(0, 0.03)
    for (x0, y0), (x1, y1), width in zip(line, line[1:], pressure[1:], strict=False):
        canvas.setLineWidth(max(0.2, pen * width) * MM)
        canvas.line(x0 * MM, (HEIGHT - y0) * MM, x1 * MM, (HEIGHT - y1) * MM)


@cache
def _open_font(font: Path) -> TTFont:
    return TTFont(font)


def _font_sign(canvas: Any, sign: str, x: float, foot: float, scale: float, hand: Hand) -> float | None:
    """One glyph of a handwriting font; None where the font has none."""
    assert hand.font is not None
    font = _open_font(hand.font)
    name = font.getBestCmap().get(ord(sign))
    eight = font.getBestCmap().get(ord("8"))
    if name is None or eight is None:
        return None
    glyphs = font.getGlyphSet()
    tall = float(font["hmtx"][eight][0]) * 1.45  # about the height of a digit
    unit = scale * MM / tall
    pen = ReportLabPen(glyphs)
    slant = hand.slant * 0.5
    glyphs[name].draw(TransformPen(pen, (unit, 0, slant * unit, unit, x * MM, (HEIGHT - foot) * MM)))
    path = canvas.beginPath()
    for step, numbers in _steps(pen.path):
        getattr(path, step)(*numbers)
    canvas.setLineWidth(hand.pen * 0.25 * MM)
    canvas.drawPath(path, stroke=1, fill=1)
    advance = float(font["hmtx"][name][0])
    return advance * unit / MM


def _steps(path: Any) -> list[tuple[str, tuple[float, ...]]]:
    """The steps of a reportlab graphics path as calls on a canvas path."""
    names = (("moveTo", 2), ("lineTo", 2), ("curveTo", 6), ("close", 0))
    steps, position = [], 0
    for kind in path.operators:
        name, count = names[kind]
        steps.append((name, tuple(path.points[position : position + count])))
        position += count
    return steps


def sign_name(canvas: Any, x: float, y: float, rng: np.random.Generator, *, colour: Colour, pen: float = 0.45) -> None:
    """A signature about 35 mm wide around (x, y): a few loops of letters and one long flourish."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineCap(1)
    steps = int(rng.integers(7, 11))
    loops = [(-16.0, rng.uniform(-2, 3))]
    for step in range(steps):
        along = -14 + 20 * step / steps
        loops.append((along + rng.normal(0, 1.2), rng.uniform(-5.5, -1) if step % 2 == 0 else rng.uniform(0.5, 4)))
    loops += [(12.0, rng.uniform(-3, 0)), (rng.uniform(17, 22), rng.uniform(-6, -1))]
    place = np.array((x, y))
    draw_stroke(canvas, smooth(np.array(loops), 14) + place, pen, rng)
    flourish = np.array([(-14 + rng.normal(0, 2), 5.0), (0.0, 3 + rng.normal(0, 1)), (rng.uniform(16, 24), 1.0)])
    draw_stroke(canvas, smooth(flourish, 14) + place, pen * 0.8, rng)
    canvas.restoreState()
