"""What Article 8.2 asks about a capture, measured on the file page by page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium

from connector.domain.capture import CaptureFacts, PageFacts
from connector.domain.errors import UnreadableFile
from ocr_worker.pages.channels import darkest
from ocr_worker.pages.document import (
    DEFAULT_LIMITS,
    Limits,
    Picture,
    open_document,
    open_page,
    pictures,
    unrotated_size,
)
from ocr_worker.pages.marks import is_blank, text_runs_off
from ocr_worker.pages.page_likeness import LIKENESS_DPI, PagePairs
from ocr_worker.pages.render import PICTURE_SHARE, draw_page
from ocr_worker.pages.text_layer import text_covers

# letters of 8 points are still 12 pixels high, and a page stays below 2 megapixels
LOOK_DPI = 150
_VIETNAM = dt.timezone(dt.timedelta(hours=7))
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?")
_FIELD_DEPTH = 16


def capture_facts(pdf: Path, *, limits: Limits = DEFAULT_LIMITS) -> CaptureFacts:
    """PDF version, signed fields, time of capture and the facts of every page, for Article 8.2 b to e.

    Sizes are points after /Rotate. ``colour`` is that of the image's colour space: a colour scan of a black
    and white paper is a colour capture. ``created_at`` is what the file says, taken as Vietnam's time when
    it names no zone.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    with open_document(pdf, limits) as document:
        pairs = PagePairs()
        pages = tuple(_page_facts(document, number, limits, pairs) for number in range(1, len(document) + 1))
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as structure:
            return CaptureFacts(
                pdf_version=_version(structure),
                pages=pages,
                signature_fields=tuple(signed_fields(structure)),
                created_at=_created_at(structure),
                alike=pairs.alike,
            )
    except (pikepdf.PdfError, ValueError, TypeError) as error:
        raise UnreadableFile("its catalogue is damaged") from error


def _page_facts(document: pdfium.PdfDocument, number: int, limits: Limits, pairs: PagePairs) -> PageFacts:
    """The facts of one page; ``pairs`` compares it with those before."""
    page = open_page(document, number)
    try:
        width, height = page.get_size()
        found = pictures(page, limits)
        scanned = scan_pictures(page, found)
        grey = darkest(draw_page(page, number, dpi=LOOK_DPI, limits=limits).rgb)
        factor = LIKENESS_DPI / LOOK_DPI
        pairs.add(np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8))
        return PageFacts(
            number=number,
            width=width,
            height=height,
            dpi=round(max(picture.dpi for picture in scanned)) if scanned else None,
            colour=any(_has_colour(picture) for picture in scanned) if scanned else None,
            blank=is_blank(grey, LOOK_DPI),
            cut_edges=bool(scanned) and text_runs_off(grey, LOOK_DPI),
        )
    finally:
        page.close()


def scan_pictures(page: pdfium.PdfPage, found: list[Picture]) -> list[Picture]:
    """The images which picture the paper: one that fills the page, layers of it, or strips; none if born digital."""
    size = unrotated_size(page)
    if sum(picture.share_of(size) for picture in found) < PICTURE_SHARE or text_covers(page, found):
        return []
    large = [picture for picture in found if picture.share_of(size) >= PICTURE_SHARE]
    return large or found


def _has_colour(picture: Picture) -> bool:
    if picture.colour is not None:
        return picture.colour
    pixels = np.asarray(picture.drawing.get_bitmap(render=False).to_numpy())
    if pixels.ndim == 2 or pixels.shape[2] < 3:
        return False
    return bool((np.ptp(pixels[:, :, :3], axis=2) > 16).any())


def _version(structure: pikepdf.Pdf) -> tuple[int, int]:
    """The later of the header's version and the catalogue's (ISO 32000-1, 7.2.2)."""
    stated = [structure.pdf_version, str(structure.Root.get("/Version", "/0.0")).lstrip("/")]
    return max((int(major), int(minor)) for major, minor in (version.split(".", 1) for version in stated))


def signed_fields(structure: pikepdf.Pdf) -> Iterator[str]:
    """The full names of signature fields that hold a signature."""
    form = structure.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if isinstance(fields, pikepdf.Array):
        yield from _signed_below(fields, "", None, 0)


def _signed_below(fields: pikepdf.Array, prefix: str, kind: object, depth: int) -> Iterator[str]:
    if depth > _FIELD_DEPTH:
        return
    for entry in fields:
        if not isinstance(entry, pikepdf.Dictionary):
            continue
        own_kind = entry.get("/FT", kind)
        name = str(entry.get("/T", ""))
        full = ".".join(part for part in (prefix, name) if part)
        if own_kind == pikepdf.Name.Sig and isinstance(entry.get("/V"), pikepdf.Dictionary):
            yield full
        kids = entry.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            yield from _signed_below(kids, full, own_kind, depth + 1)


def _created_at(structure: pikepdf.Pdf) -> dt.datetime | None:
    information = structure.trailer.get("/Info")
    stated = information.get("/CreationDate") if isinstance(information, pikepdf.Dictionary) else None
    found = _PDF_DATE.match(str(stated)) if stated is not None else None
    if found is None:
        return None
    *numbers, utc, sign, hours, minutes = found.groups()
    zone = dt.UTC if utc else _VIETNAM
    try:
        if sign:
            offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
            zone = dt.timezone(offset if sign == "+" else -offset)
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
