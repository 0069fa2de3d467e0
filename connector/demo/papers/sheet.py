"""A4 pages drawn in three inks that wear differently: print, pen and stamp."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import pypdfium2
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from connector.demo.papers.typefaces import Style, Typeface

MM = 72 / 25.4
WIDTH, HEIGHT = 210.0, 297.0
A4_POINTS = (WIDTH * MM, HEIGHT * MM)
POINT = 1 / MM

Align = Literal["left", "centre", "right", "justify"]
_ALIGNMENTS = {"left": TA_LEFT, "centre": TA_CENTER, "justify": TA_JUSTIFY}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawn paper: one PDF for each ink, all with ``pages`` pages of A4."""

    printed: bytes
    written: bytes
    stamped: bytes
    pages: int


def printed_text(drawing: Drawing) -> str:
    """The print of all pages, a line of print a line."""
    with pypdfium2.PdfDocument(drawing.printed) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "\n".join(line for page in pages for line in page.splitlines() if line.strip())


class Sheet:
    """Draws print with millimetres from the top left; pens and stamps get a reportlab canvas of their own."""

    def __init__(self, face: Typeface, *, left: float = 30, right: float = 18, top: float = 22, bottom: float = 20):
        self.face = face
        self.left, self.right, self.top, self.bottom = left, WIDTH - right, top, HEIGHT - bottom
        self.pages = 1
        self._files = [io.BytesIO() for _ in range(3)]
        self._printed, self.pen, self.stamp = (
            Canvas(file, pagesize=A4_POINTS, pageCompression=1, invariant=1, initialFontName=face.font())
            for file in self._files
        )

    @property
    def print(self) -> Any:
        """The canvas of printed things, for what is neither text nor rule."""
        return self._printed

    def next_page(self) -> None:
        """Begin a page; its number is printed in the top margin (Decree 30/2020 App. I part I)."""
        self.finish_page()
        self.pages += 1
        self.text(str(self.pages), WIDTH / 2, 15, size=13, align="centre")

    def finish_page(self) -> None:
        """End the page in all three inks."""
        for canvas in (self._printed, self.pen, self.stamp):
            canvas.showPage()

    def finish(self) -> Drawing:
        """The drawing; nothing may be drawn afterwards."""
        self.finish_page()
        for canvas in (self._printed, self.pen, self.stamp):
            canvas.save()
        printed, written, stamped = (file.getvalue() for file in self._files)
        return Drawing(printed=printed, written=written, stamped=stamped, pages=self.pages)

    def width(self, text: str, size: float, style: Style = "regular") -> float:
        """Millimetres that a text takes."""
        return float(pdfmetrics.stringWidth(text, self.face.font(style), size)) * POINT

    def text(
        self, text: str, x: float, baseline: float, *, size: float, style: Style = "regular", align: Align = "left"
    ) -> float:
        """One line of print; answers its right edge."""
        width = self.width(text, size, style)
        left = x - {"left": 0.0, "centre": width / 2, "right": width, "justify": 0.0}[align]
        self._printed.setFont(self.face.font(style), size)
        self._printed.drawString(left * MM, (HEIGHT - baseline) * MM, text)
        return left + width

    def rule(self, x0: float, x1: float, y: float, *, thickness: float = 0.7) -> None:
        """A horizontal line, ``thickness`` in points."""
        self._printed.setLineWidth(thickness)
        self._printed.line(x0 * MM, (HEIGHT - y) * MM, x1 * MM, (HEIGHT - y) * MM)

    def dots(self, x0: float, x1: float, baseline: float) -> None:
        """The dotted line of a form, to be written on."""
        self._printed.saveState()
        self._printed.setLineWidth(0.8)
        self._printed.setLineCap(1)
        self._printed.setDash(0.1, 2.2)
        self._printed.line(x0 * MM, (HEIGHT - baseline - 0.6) * MM, x1 * MM, (HEIGHT - baseline - 0.6) * MM)
        self._printed.restoreState()

    def paragraph(
        self,
        markup: str,
        y: float,
        *,
        size: float = 13.5,
        align: Align = "justify",
        indent: float = 11,
        leading: float = 1.25,
        after: float = 2,
        x0: float | None = None,
        x1: float | None = None,
        flows: bool = True,
    ) -> float:
        """A paragraph (reportlab's <b> and <i>) below ``y``, over to the next page where it must; the new y."""
        style = ParagraphStyle(
            "body",
            fontName=self.face.font(),
            fontSize=size,
            leading=size * leading,
            firstLineIndent=indent * MM,
            alignment=_ALIGNMENTS[align],
        )
        x0, x1 = x0 or self.left, x1 or self.right
        rest: list[Any] = [Paragraph(markup, style)]
        while rest:
            part = rest.pop(0)
            _, height = part.wrap((x1 - x0) * MM, 10_000)
            if flows and y + height * POINT > self.bottom:
                pieces = part.split((x1 - x0) * MM, (self.bottom - y) * MM)
                if len(pieces) == 2:
                    y = self._place(pieces[0], x0, x1, y)
                self.next_page()
                y = self.top
                rest = [pieces[-1] if pieces else part]
                continue
            y = self._place(part, x0, x1, y)
        return y + after

    def _place(self, part: Any, x0: float, x1: float, y: float) -> float:
        _, height = part.wrap((x1 - x0) * MM, 10_000)
        part.drawOn(self._printed, x0 * MM, (HEIGHT - y) * MM - height)
        return y + float(height) * POINT

    def room(self, needed: float, y: float) -> float:
        """``y`` where ``needed`` millimetres still fit, else the top of a new page."""
        if y + needed <= self.bottom:
            return y
        self.next_page()
        return self.top
