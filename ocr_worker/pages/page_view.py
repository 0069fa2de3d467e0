"""Pages drawn for people, within limits: a deposited file is never trusted."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium

from connector.domain.errors import UnreadableFile
from connector.domain.page_view import PageView, PaperView
from ocr_worker.limits import run_limited
from ocr_worker.pages.document import DEFAULT_LIMITS, open_document, open_page, unrotated_size
from ocr_worker.pages.render import draw_seen

_JPEG_QUALITY = 80


def view_paper(pdf: Path, numbers: Collection[int], *, dpi: int, seconds: float, megabytes: int) -> PaperView:
    """The pages of these numbers (from 1; others than the file's are left out) with stamps and annotations.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    return run_limited(_view, pdf, frozenset(numbers), dpi, seconds=seconds, megabytes=megabytes)


def _view(pdf: Path, numbers: frozenset[int], dpi: int) -> PaperView:
    with open_document(pdf, DEFAULT_LIMITS) as document:
        # pypdfium2 draws stamps of form fields only after this, and only into pages opened later
        document.init_forms()
        wanted = [each for each in sorted(numbers) if 1 <= each <= len(document)]
        drawn = tuple(_page(open_page(document, each), each, dpi) for each in wanted)
        return PaperView(pages=len(document), drawn=drawn)


def _page(page: pdfium.PdfPage, number: int, dpi: int) -> PageView:
    (across, down), rotation = unrotated_size(page), page.get_rotation()
    pixels = draw_seen(page, dpi, DEFAULT_LIMITS)
    done, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    if not done:
        raise UnreadableFile(f"page {number} cannot be drawn")
    turned = rotation in (90, 270)
    return PageView(
        number=number,
        width=down if turned else across,
        height=across if turned else down,
        rotation=rotation,
        jpeg=bytes(np.asarray(encoded).tobytes()),
    )
