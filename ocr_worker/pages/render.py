"""Pages as pictures: straight from the PDF where a page is one image, drawn otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from connector.domain.errors import LimitExceeded
from connector.domain.extraction import Box
from ocr_worker.pages.document import (
    DEFAULT_LIMITS,
    POINTS_PER_INCH,
    Limits,
    Picture,
    open_document,
    open_page,
    pictures,
    unrotated_size,
)
from ocr_worker.pages.text_layer import TextWord, is_born_digital, page_words

__all__ = ["PageImage", "TextWord", "is_born_digital", "page_count", "page_image", "page_words", "preview"]

# the resolution at which a page that is not a scan is drawn
DRAWN_DPI = 300
# images that make up a scan reach at least this resolution when the page is drawn anew
LOWEST_DPI = 100
HIGHEST_DPI = 600
# from this share of the page on, an image is the picture of a paper and no illustration
PICTURE_SHARE = 0.5
_QUARTER_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class PageImage:
    """A page as a reader sees it: ``rgb`` (height, width, 3), ``page`` counts from 1.

    ``frame`` is what the picture covers, in points from the top left of the unrotated page; ``rotation`` is
    the quarter turn clockwise (/Rotate) that a reader sees applied.
    """

    rgb: Pixels = field(repr=False)
    dpi: float
    page: int
    frame: Box
    rotation: int = 0

    def to_points(self, box: tuple[float, float, float, float]) -> Box:
        """A box in this picture's pixels as PDF points from the top left of the unrotated page."""
        height, width = self.rgb.shape[:2]
        left, right = box[0] / width, box[2] / width
        top, bottom = box[1] / height, box[3] / height
        if self.rotation == 90:
            left, top, right, bottom = top, 1 - right, bottom, 1 - left
        elif self.rotation == 180:
            left, top, right, bottom = 1 - right, 1 - bottom, 1 - left, 1 - top
        elif self.rotation == 270:
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        x0, y0, x1, y1 = self.frame
        across, down = x1 - x0, y1 - y0
        return (x0 + left * across, y0 + top * down, x0 + right * across, y0 + bottom * down)

    def from_points(self, box: Box) -> tuple[float, float, float, float]:
        """The inverse of ``to_points``."""
        x0, y0, x1, y1 = self.frame
        left, right = (box[0] - x0) / (x1 - x0), (box[2] - x0) / (x1 - x0)
        top, bottom = (box[1] - y0) / (y1 - y0), (box[3] - y0) / (y1 - y0)
        if self.rotation == 90:
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        elif self.rotation == 180:
            left, top, right, bottom = 1 - right, 1 - bottom, 1 - left, 1 - top
        elif self.rotation == 270:
            left, top, right, bottom = top, 1 - right, bottom, 1 - left
        height, width = self.rgb.shape[:2]
        return (left * width, top * height, right * width, bottom * height)


def page_count(pdf: Path, *, limits: Limits = DEFAULT_LIMITS) -> int:
    """How many pages the file has. Raises UnreadableFile, EncryptedFile, LimitExceeded."""
    with open_document(pdf, limits) as document:
        return len(document)


def page_image(pdf: Path, number: int, *, dpi: int | None = None, limits: Limits = DEFAULT_LIMITS) -> PageImage:
    """Page ``number`` (from 1) upright, without annotations and signature stamps.

    A page that is one image comes with that image's own pixels; any other is drawn at its images'
    resolution, a page without images at 300 dpi. With ``dpi`` the picture is brought to that resolution.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    with open_document(pdf, limits) as document:
        return draw_page(open_page(document, number), number, dpi=dpi, limits=limits)


def preview(pdf: Path, number: int, dpi: int, *, limits: Limits = DEFAULT_LIMITS) -> Pixels:
    """Page ``number`` (from 1) as a reader sees it, with signature stamps and annotations.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    with open_document(pdf, limits) as document:
        # pypdfium2 draws stamps of form fields only after this, and only into pages opened later
        document.init_forms()
        return draw_seen(open_page(document, number), dpi, limits)


def draw_seen(page: pdfium.PdfPage, dpi: int, limits: Limits) -> Pixels:
    """A page as a reader sees it; its document's forms were initialised before it was opened."""
    pictures(page, limits)
    return _render(page, dpi, limits, annotations=True)


def draw_page(page: pdfium.PdfPage, number: int, *, dpi: int | None, limits: Limits) -> PageImage:
    """An opened page as a picture; see ``page_image``."""
    size = unrotated_size(page)
    rotation = page.get_rotation()
    found = pictures(page, limits)
    only = sole_picture(page, found)
    rgb = None if only is None else _own_pixels(only)
    if only is None or rgb is None:
        wanted = float(dpi or drawing_dpi(found, size))
        drawn = _render(page, wanted, limits)
        return PageImage(rgb=drawn, dpi=wanted, page=number, frame=(0.0, 0.0, *size), rotation=rotation)
    own = only.dpi
    if dpi is not None and abs(dpi - own) > 1:
        rgb, own = _resample(rgb, dpi / own, limits), float(dpi)
    if rotation:
        rgb = np.ascontiguousarray(cv2.rotate(rgb, _QUARTER_TURNS[rotation]), np.uint8)
    return PageImage(rgb=rgb, dpi=own, page=number, frame=only.box, rotation=rotation)


def shown_page(page: pdfium.PdfPage, number: int, *, dpi: int, limits: Limits) -> PageImage:
    """An opened page with what reviewers put on it (stamps, notes) but without signature stamps."""
    plain = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
    if all(kind in plain for kind in _annotation_kinds(page)):
        return draw_page(page, number, dpi=dpi, limits=limits)
    pictures(page, limits)
    drawn = _render(page, dpi, limits, annotations=True)
    frame = (0.0, 0.0, *unrotated_size(page))
    return PageImage(rgb=drawn, dpi=float(dpi), page=number, frame=frame, rotation=page.get_rotation())


def _annotation_kinds(page: pdfium.PdfPage) -> Iterator[int]:
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        try:
            yield raw.FPDFAnnot_GetSubtype(annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def sole_picture(page: pdfium.PdfPage, found: list[Picture]) -> Picture | None:
    """The image that is the whole page, or None when anything else is to be seen on it."""
    if len(found) != 1 or not found[0].fills(unrotated_size(page)):
        return None
    only = found[0]
    if raw.FPDFPageObj_HasTransparency(only.drawing.raw):
        return None
    others = (drawing for drawing in page.get_objects(max_depth=1) if drawing.type != raw.FPDF_PAGEOBJ_IMAGE)
    if any(is_visible(drawing) for drawing in others):
        return None
    across, down = unrotated_size(page)
    even = abs(only.width / across / (only.height / down) - 1) < 0.01
    return only if even and only.colour is not None and only.bits in (1, 8, 24) else None


def is_visible(drawing: pdfium.PdfObject) -> bool:
    """Whether an object leaves ink on the page: the text of a recognition layer does not."""
    if drawing.type != raw.FPDF_PAGEOBJ_TEXT:
        return True
    mode = raw.FPDFTextObj_GetTextRenderMode(drawing.raw)
    return bool(mode not in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP))


def drawing_dpi(found: list[Picture], size: tuple[float, float]) -> int:
    """The resolution at which a page is drawn: that of the images which picture the paper, else 300."""
    scanned = [picture for picture in found if picture.share_of(size) >= PICTURE_SHARE]
    if not scanned and sum(picture.share_of(size) for picture in found) >= PICTURE_SHARE:
        scanned = found  # a scan delivered in strips
    if not scanned:
        return DRAWN_DPI
    return round(min(max(max(picture.dpi for picture in scanned), LOWEST_DPI), HIGHEST_DPI))


def _own_pixels(picture: Picture) -> Pixels | None:
    bitmap = picture.drawing.get_bitmap(render=False)
    pixels = np.asarray(bitmap.to_numpy())
    if (pixels.shape[1], pixels.shape[0]) != (picture.width, picture.height):
        return None
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.asarray(cv2.cvtColor(pixels.reshape(pixels.shape[:2]), cv2.COLOR_GRAY2RGB), np.uint8)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGB), np.uint8)


def _resample(rgb: Pixels, factor: float, limits: Limits) -> Pixels:
    height, width = round(rgb.shape[0] * factor), round(rgb.shape[1] * factor)
    _check_pixels(width, height, limits)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (max(width, 1), max(height, 1)), interpolation=how), np.uint8)


def _render(page: pdfium.PdfPage, dpi: float, limits: Limits, *, annotations: bool = False) -> Pixels:
    scale = dpi / POINTS_PER_INCH
    width, height = page.get_size()
    _check_pixels(width * scale, height * scale, limits)
    bitmap = page.render(scale=scale, draw_annots=annotations, may_draw_forms=annotations, rev_byteorder=True)
    pixels = np.asarray(bitmap.to_numpy())
    return np.ascontiguousarray(pixels[:, :, :3], np.uint8)


def _check_pixels(width: float, height: float, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise LimitExceeded(f"a page of {width:.0f} x {height:.0f} pixels")
