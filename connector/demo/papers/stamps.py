"""Seals and office stamps, drawn with the canvas of the stamp ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportlab.pdfbase import pdfmetrics

from connector.demo.papers.sheet import HEIGHT, MM
from connector.demo.papers.typefaces import ARIMO, TINOS

Colour = tuple[float, float, float]
RED: Colour = (0.84, 0.09, 0.13)
VIOLET: Colour = (0.35, 0.16, 0.50)

SEAL_RADIUS = 18.0  # 36 mm across, an agency's seal


def round_seal(
    canvas: Any, x: float, y: float, *, around: str, inside: Sequence[str] = (), turned: float = 0, colour: Colour = RED
) -> None:
    """An agency's seal with its middle at (x, y) millimetres, ``turned`` degrees; a star where nothing is inside."""
    canvas.saveState()
    canvas.translate(x * MM, (HEIGHT - y) * MM)
    canvas.rotate(turned)
    canvas.setStrokeColorRGB(*colour)
    canvas.setFillColorRGB(*colour)
    for radius, width in ((SEAL_RADIUS, 1.5), (SEAL_RADIUS - 0.9, 0.5), (SEAL_RADIUS - 5.4, 0.9)):
        canvas.setLineWidth(width)
        canvas.circle(0, 0, radius * MM, stroke=1, fill=0)
    _around(canvas, around, (SEAL_RADIUS - 4.1) * MM)
    star(canvas, 0, -(SEAL_RADIUS - 3.1) * MM, 1.5 * MM)
    if inside:
        _inside(canvas, inside)
    else:
        _emblem(canvas)
    canvas.restoreState()


def _around(canvas: Any, text: str, radius: float) -> None:
    """Capitals along the upper three quarters of a circle."""
    font = ARIMO.font("bold")
    size = min(8.2, 8.2 * 4.6 * radius / max(pdfmetrics.stringWidth(text, font, 8.2), 1.0))
    full = pdfmetrics.stringWidth(text, font, size) / radius
    sweep = min(full * 1.12, 4.9)
    stretch = sweep / full
    angle = math.pi / 2 + sweep / 2
    canvas.setFont(font, size)
    for sign in text:
        step = pdfmetrics.stringWidth(sign, font, size) / radius * stretch
        angle -= step / 2
        canvas.saveState()
        canvas.translate(radius * math.cos(angle), radius * math.sin(angle))
        canvas.rotate(math.degrees(angle) - 90)
        canvas.drawCentredString(0, 0, sign)
        canvas.restoreState()
        angle -= step / 2


def _inside(canvas: Any, lines: Sequence[str]) -> None:
    font = ARIMO.font("bold")
    size = min(8.0, *(8.0 * 23.0 * MM / pdfmetrics.stringWidth(line, font, 8.0) for line in lines))
    canvas.setFont(font, size)
    top = (len(lines) - 1) * size * 0.62
    for place, line in enumerate(lines):
        canvas.drawCentredString(0, top - place * size * 1.24 - size * 0.35, line)


def _emblem(canvas: Any) -> None:
    """Star, ears of rice and wheel of the State's emblem, as coarse as a worn seal shows them."""
    canvas.setLineWidth(0.8)
    star(canvas, 0, 3.2 * MM, 2.6 * MM)
    for side in (-1, 1):
        for step in range(9):
            angle = math.radians(-65 + step * 17)
            x, y = side * 8.3 * MM * math.cos(angle), 8.3 * MM * math.sin(angle)
            canvas.ellipse(x - 1.1 * MM, y - 0.7 * MM, x + 1.1 * MM, y + 0.7 * MM, stroke=0, fill=1)
    canvas.circle(0, -5.2 * MM, 2.4 * MM, stroke=1, fill=0)
    canvas.circle(0, -5.2 * MM, 1.2 * MM, stroke=1, fill=0)
    canvas.line(-7.5 * MM, -7.9 * MM, 7.5 * MM, -7.9 * MM)


def star(canvas: Any, x: float, y: float, radius: float) -> None:
    """A filled five-pointed star, in points."""
    path = canvas.beginPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.4
        angle = math.pi / 2 + corner * math.pi / 5
        move = path.moveTo if corner == 0 else path.lineTo
        move(x + reach * math.cos(angle), y + reach * math.sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def urgency(canvas: Any, x: float, y: float, *, text: str = "HỎA TỐC", turned: float = 12) -> None:
    """A framed urgency stamp (Decree 30/2020 App. I: 30 x 8 mm) with its middle at (x, y)."""
    canvas.saveState()
    canvas.translate(x * MM, (HEIGHT - y) * MM)
    canvas.rotate(turned)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    width, height = (30.0, 8.0) if text == "HỎA TỐC" else ((40.0, 8.0) if len(text) > 6 else (20.0, 8.0))
    canvas.setLineWidth(1.1)
    canvas.rect(-width / 2 * MM, -height / 2 * MM, width * MM, height * MM)
    canvas.setFont(TINOS.font("bold"), 14)
    canvas.drawCentredString(0, -4.6, text)
    canvas.restoreState()


@dataclass(frozen=True, kw_only=True)
class SecrecyMark:
    """One way in which offices make a secrecy stamp: framed red capitals of 14 points, or home-made."""

    text: str = "MẬT"
    colour: Colour = RED
    frame: Literal["single", "double", "round", "none"] = "single"
    size: float = 1.0  # of the form's
    turned: float = 0.0
    sans: bool = False
    strength: float = 1.0  # how much ink is left


def secrecy(canvas: Any, x: float, y: float, mark: SecrecyMark) -> None:
    """A secrecy stamp with its middle at (x, y)."""
    canvas.saveState()
    canvas.translate(x * MM, (HEIGHT - y) * MM)
    canvas.rotate(mark.turned)
    canvas.scale(mark.size, mark.size)
    canvas.setStrokeColorRGB(*mark.colour)
    canvas.setFillColorRGB(*mark.colour)
    canvas.setStrokeAlpha(mark.strength)
    canvas.setFillAlpha(mark.strength)
    width, height = {"MẬT": 20.0, "TỐI MẬT": 30.0}.get(mark.text, 40.0) * MM, 8.0 * MM
    canvas.setLineWidth(1.1)
    if mark.frame == "round":
        canvas.roundRect(-width / 2, -height / 2, width, height, 1.6 * MM)
    elif mark.frame != "none":
        canvas.rect(-width / 2, -height / 2, width, height)
    if mark.frame == "double":
        canvas.setLineWidth(0.5)
        inset = 0.9 * MM
        canvas.rect(-width / 2 + inset, -height / 2 + inset, width - 2 * inset, height - 2 * inset)
    canvas.setFont((ARIMO if mark.sans else TINOS).font("bold"), 14)
    canvas.drawCentredString(0, -4.6, mark.text)
    canvas.restoreState()


def incoming(canvas: Any, x: float, y: float, *, office: str, turned: float, colour: Colour) -> tuple[float, float]:
    """The box CÔNG VĂN ĐẾN of the receiving office; answers where its Số and Ngày are written (mm, unturned)."""
    canvas.saveState()
    canvas.translate(x * MM, (HEIGHT - y) * MM)
    canvas.rotate(turned)
    canvas.setStrokeColorRGB(*colour)
    canvas.setFillColorRGB(*colour)
    width, height = 46.0, 20.0
    canvas.setLineWidth(1.0)
    canvas.rect(-width / 2 * MM, -height / 2 * MM, width * MM, height * MM)
    canvas.setFont(ARIMO.font("bold"), 7.5)
    canvas.drawCentredString(0, 6.6 * MM, office)
    canvas.setFont(ARIMO.font("bold"), 9)
    canvas.drawCentredString(0, 2.4 * MM, "CÔNG VĂN ĐẾN")
    canvas.setFont(ARIMO.font(), 8.5)
    canvas.drawString(-20 * MM, -2.6 * MM, "Số: ........................")
    canvas.drawString(-20 * MM, -7.6 * MM, "Ngày: ....................")
    canvas.restoreState()
    return x - 12.0, y + 2.0
