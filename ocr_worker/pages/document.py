"""Opening a deposited PDF: refused early when it is broken, encrypted or too big."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from connector.domain.errors import EncryptedFile, LimitExceeded, UnreadableFile
from connector.domain.extraction import Box
from ocr_worker.pages.memory import keep_freed_memory
from ocr_worker.pages.threads import stay_on_one_core

POINTS_PER_INCH, MILLIMETRES_PER_INCH = 72.0, 25.4
# forms inside forms inside forms: deeper nesting is an attack
FORM_DEPTH = 8
# a page's rectangle and its image's differ by rounding to whole points
EDGE_TOLERANCE = 2.0
# pdfium is not safe for threads
_PDFIUM = threading.RLock()
_COLOUR_SPACES = {
    raw.FPDF_COLORSPACE_DEVICERGB: True,
    raw.FPDF_COLORSPACE_CALRGB: True,
    raw.FPDF_COLORSPACE_DEVICECMYK: True,
    raw.FPDF_COLORSPACE_LAB: True,
    raw.FPDF_COLORSPACE_DEVICEGRAY: False,
    raw.FPDF_COLORSPACE_CALGRAY: False,
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one file may ask of this machine; 100 megapixels hold an A3 page at 600 dpi."""

    pages: int = 500
    pixels: int = 100_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One image on a page: its rectangle (points from the top left of the unrotated page) and its pixels."""

    drawing: pdfium.PdfImage
    box: Box
    width: int
    height: int
    upright: bool  # neither turned, mirrored nor slanted by the page
    colour: bool | None  # None: only its pixels tell (indexed colours)
    bits: int
    depth: int

    @property
    def dpi(self) -> float:
        """Pixels per inch along the shorter-measured side."""
        x0, y0, x1, y1 = self.box
        return min(self.width / (x1 - x0), self.height / (y1 - y0)) * POINTS_PER_INCH

    def share_of(self, size: tuple[float, float]) -> float:
        """How much of a page of this size in points the image covers, 0 to 1."""
        x0, y0, x1, y1 = self.box
        across = max(0.0, min(x1, size[0]) - max(x0, 0.0))
        down = max(0.0, min(y1, size[1]) - max(y0, 0.0))
        return across * down / (size[0] * size[1])

    def fills(self, size: tuple[float, float]) -> bool:
        """Whether the image is the page: its edges are the page's edges."""
        edges = zip(self.box, (0.0, 0.0, *size), strict=True)
        return self.upright and all(abs(mine - pages) <= EDGE_TOLERANCE for mine, pages in edges)


@contextmanager
def open_document(pdf: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[pdfium.PdfDocument]:
    """The opened file, held alone by this thread.

    A file whose cross-reference table is damaged is refused rather than repaired: what is missing cannot be
    seen, and no signature can be added to it.

    Raises UnreadableFile, EncryptedFile, LimitExceeded (more pages than allowed).
    """
    keep_freed_memory()
    stay_on_one_core()
    pages = _check_structure(pdf)
    if pages > limits.pages:
        raise LimitExceeded(f"{pages} pages, allowed {limits.pages}")
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(pdf)
        except (pdfium.PdfiumError, OSError) as error:
            raise UnreadableFile("pdfium refuses it") from error
        try:
            if len(document) != pages:
                raise UnreadableFile("its page tree is damaged")
            yield document
        except pdfium.PdfiumError as error:
            raise UnreadableFile("a page cannot be drawn") from error
        finally:
            document.close()


def _check_structure(pdf: Path) -> int:
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as document:
            if document.is_encrypted:
                raise EncryptedFile()
            pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise EncryptedFile() from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, OSError, ValueError, TypeError) as error:
        raise UnreadableFile("its structure is damaged") from error
    if pages == 0:
        raise UnreadableFile("it has no pages")
    return pages


def open_page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Page ``number``, counted from 1. Raises ValueError beyond the last, UnreadableFile when it is damaged."""
    if not 1 <= number <= len(document):
        raise ValueError(f"page {number} of {len(document)}")
    page = document[number - 1]
    x0, y0, x1, y1 = page.get_bbox()
    if x1 - x0 < 1 or y1 - y0 < 1:
        raise UnreadableFile(f"page {number} has no area")
    return page


def unrotated_size(page: pdfium.PdfPage) -> tuple[float, float]:
    """Width and height in points of the visible page (CropBox within MediaBox) before /Rotate."""
    x0, y0, x1, y1 = page.get_bbox()
    return x1 - x0, y1 - y0


def pictures(page: pdfium.PdfPage, limits: Limits = DEFAULT_LIMITS) -> list[Picture]:
    """All images drawn on a page, in the order of drawing, without decoding them.

    Raises LimitExceeded for an image of more pixels than allowed.
    """
    found = []
    for depth, drawing in enumerate(page.get_objects(max_depth=FORM_DEPTH)):
        if drawing.type != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        width, height = drawing.get_px_size()
        if width * height > limits.pixels:
            raise LimitExceeded(f"an image of {width} x {height} pixels")
        picture = _picture(page, drawing, width, height, depth)
        if picture is not None:
            found.append(picture)
    return found


def _picture(page: pdfium.PdfPage, drawing: pdfium.PdfImage, width: int, height: int, depth: int) -> Picture | None:
    left, bottom, right, top = drawing.get_bounds()
    page_left, _, _, page_top = page.get_bbox()
    if right - left < 0.5 or top - bottom < 0.5 or width < 1 or height < 1:
        return None
    a, b, c, d, _, _ = drawing.get_matrix().get()
    slant = max(abs(b) / max(abs(a), 1e-6), abs(c) / max(abs(d), 1e-6))
    metadata = drawing.get_metadata()
    return Picture(
        drawing=drawing,
        box=(left - page_left, page_top - top, right - page_left, page_top - bottom),
        width=width,
        height=height,
        upright=a > 0 and d > 0 and slant < 0.002 and drawing.container is None,
        colour=_colour(metadata.colorspace, metadata.bits_per_pixel),
        bits=metadata.bits_per_pixel,
        depth=depth,
    )


def _colour(space: int, bits_per_pixel: int) -> bool | None:
    if space == raw.FPDF_COLORSPACE_ICCBASED:
        return bits_per_pixel >= 24
    if bits_per_pixel == 1:
        return False
    return _COLOUR_SPACES.get(space)
