"""The text a born-digital PDF carries itself: words with their places."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from connector.domain.extraction import Box
from ocr_worker.pages.document import (
    DEFAULT_LIMITS,
    FORM_DEPTH,
    POINTS_PER_INCH,
    Limits,
    Picture,
    open_document,
    open_page,
    pictures,
)

# an image this large is the picture of a paper (or a background); text drawn before it is hidden by it
COVERING_SHARE = 0.5
# the text layer must account for this much of the page's ink before recognition is left out
COVERED_INK = 0.5
INK_DPI = 50
# darker than this (0 black, 255 white) is ink; pale backgrounds and watermarks are not
INK_LEVEL = 150
_ALIEN = frozenset({0, 0xFFFE, 0xFFFF, 0xFFFD})


@dataclass(frozen=True, kw_only=True)
class TextWord:
    """One word of the PDF's own text (NFC); the box in points from the top left of the unrotated page."""

    text: str
    box_points: Box


def page_words(pdf: Path, number: int, *, limits: Limits = DEFAULT_LIMITS) -> list[TextWord]:
    """The visible words of page ``number`` (from 1) in reading order: lines downwards, words rightwards.

    Words of annotations and signature stamps are not part of the page, hidden recognition layers neither.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    with open_document(pdf, limits) as document:
        page = open_page(document, number)
        return visible_words(page, pictures(page, limits))


def is_born_digital(pdf: Path, number: int, *, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether the visible text of page ``number`` (from 1) accounts for what is printed on it.

    False for scans, also when a recognition layer or the words of a signature stamp lie over them, and for
    a page without words.

    Raises UnreadableFile, EncryptedFile, LimitExceeded.
    """
    with open_document(pdf, limits) as document:
        page = open_page(document, number)
        found = pictures(page, limits)
        return text_covers(page, found)


def text_covers(page: pdfium.PdfPage, found: list[Picture]) -> bool:
    """See ``is_born_digital``, for an opened page and its images."""
    words = visible_words(page, found)
    if not words:
        return False
    # a huge page is drawn smaller: only shares are counted
    scale = min(INK_DPI / POINTS_PER_INCH, 2000 / max(page.get_size()))
    bitmap = page.render(
        scale=scale, rotation=-page.get_rotation() % 360, grayscale=True, draw_annots=False, may_draw_forms=False
    )
    ink = np.asarray(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width) < INK_LEVEL
    text = np.zeros(ink.shape, np.uint8)
    for word in words:
        x0, y0, x1, y1 = (round(value * scale) for value in word.box_points)
        cv2.rectangle(text, (x0 - 1, y0 - 1), (x1 + 1, y1 + 1), 1, cv2.FILLED)
    total = int(ink.sum())
    return total == 0 or float((ink & (text > 0)).sum()) / total >= COVERED_INK


def visible_words(page: pdfium.PdfPage, found: list[Picture]) -> list[TextWord]:
    """See ``page_words``, for an opened page and its images."""
    if page.get_bbox()[2] <= page.get_bbox()[0]:
        return []
    shown = _visible_text(page, found)
    text_page = page.get_textpage()
    try:
        words = [word for word in _words(page, text_page, shown) if _on_page(page, word)]
    finally:
        text_page.close()
    return _in_reading_order(words, page.get_rotation())


def _visible_text(page: pdfium.PdfPage, found: list[Picture]) -> set[int]:
    """The addresses of the text objects that leave ink and lie over no later covering image."""
    left, bottom, right, top = page.get_bbox()
    covering = [picture.depth for picture in found if picture.share_of((right - left, top - bottom)) >= COVERING_SHARE]
    last = max(covering, default=-1)
    hidden = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
    shown = set()
    for depth, drawing in enumerate(page.get_objects(max_depth=FORM_DEPTH)):
        if drawing.type != raw.FPDF_PAGEOBJ_TEXT or depth < last:
            continue
        if raw.FPDFTextObj_GetTextRenderMode(drawing.raw) not in hidden:
            shown.add(_address(drawing.raw))
    return shown


def _address(handle: ctypes._Pointer[ctypes.Structure]) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _words(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, shown: set[int]) -> Iterator[TextWord]:
    left, _, _, top = page.get_bbox()
    letters: list[str] = []
    boxes: list[Box] = []
    for letter, box in _letters(text_page, shown):
        if letter is not None and box is not None:
            letters.append(letter)
            boxes.append((box[0] - left, top - box[3], box[2] - left, top - box[1]))
        elif letters:
            yield _word(letters, boxes)
            letters, boxes = [], []
    if letters:
        yield _word(letters, boxes)


def _letters(text_page: pdfium.PdfTextPage, shown: set[int]) -> Iterator[tuple[str | None, Box | None]]:
    """Each character with its box in PDF space; (None, None) where a word ends."""
    x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page.raw, index)
        visible = code not in _ALIEN and code < 0x110000 and not chr(code).isspace() and code >= 0x20
        if not visible:
            yield None, None
            continue
        if _address(raw.FPDFText_GetTextObject(text_page.raw, index)) not in shown:
            continue
        raw.FPDFText_GetCharBox(text_page.raw, index, x0, x1, y0, y1)
        yield chr(code), (x0.value, y0.value, x1.value, y1.value)


def _word(letters: list[str], boxes: list[Box]) -> TextWord:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return TextWord(
        text=unicodedata.normalize("NFC", "".join(letters)), box_points=(min(x0), min(y0), max(x1), max(y1))
    )


def _on_page(page: pdfium.PdfPage, word: TextWord) -> bool:
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = word.box_points
    return x1 > 0 and y1 > 0 and x0 < right - left and y0 < top - bottom


def _in_reading_order(words: list[TextWord], rotation: int) -> list[TextWord]:
    """Lines downwards, words rightwards, as they stand after /Rotate."""
    upright = sorted(((_turned(word.box_points, rotation), word) for word in words), key=lambda pair: pair[0][1])
    lines: list[list[tuple[Box, TextWord]]] = []
    for box, word in sorted(upright, key=lambda pair: (pair[0][1] + pair[0][3]) / 2):
        middle = (box[1] + box[3]) / 2
        last = lines[-1][-1][0] if lines else None
        if last is not None and last[1] <= middle <= last[3]:
            lines[-1].append((box, word))
        else:
            lines.append([(box, word)])
    return [word for line in lines for _, word in sorted(line, key=lambda pair: pair[0][0])]


def _turned(box: Box, rotation: int) -> Box:
    x0, y0, x1, y1 = box
    if rotation == 90:
        return (-y1, x0, -y0, x1)
    if rotation == 180:
        return (-x1, -y1, -x0, -y0)
    if rotation == 270:
        return (y0, -x1, y1, -x0)
    return box
