"""Every page of a paper as words: upright, from its own text where it is born digital, else recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from ocr_worker.pages.clean import CleanPage, clean_page
from ocr_worker.pages.document import DEFAULT_LIMITS, Limits, open_document, open_page, pictures
from ocr_worker.pages.render import PageImage, draw_page
from ocr_worker.pages.text_layer import TextWord, text_covers, visible_words
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Recognizer, Word
from ocr_worker.recognition.text_lines import geometric_lines

# a page read worse than this is tried in the other three directions
LOW_CONFIDENCE = 0.72
FEW_WORDS = 12
TURNS = (180, 90, 270)
# the first pages and the last one may be looked at again; the pictures of all pages of a long paper, some
# 40 MB each, would fill the memory
KEPT_PICTURES = 8
# so many pages are read before the file is opened anew: it keeps the data of all its pictures while it is open
TOGETHER = 16


def read_pages(pdf: Path, recognizer: Recognizer, *, limits: Limits = DEFAULT_LIMITS) -> list[PageText]:
    """All pages in order. Raises UnreadableFile, EncryptedFile, LimitExceeded."""
    pages: list[PageText] = []
    count = 1
    while len(pages) < count:
        with open_document(pdf, limits) as document:
            count = len(document)
            for number in range(len(pages) + 1, min(len(pages) + TOGETHER, count) + 1):
                page = _read_page(document, number, recognizer, limits)
                kept = number <= KEPT_PICTURES or number == count
                pages.append(page if kept else _without_pictures(page))
    return pages


def _without_pictures(page: PageText) -> PageText:
    """The page's words in their places; its pictures become blank paper that takes no memory."""
    clean = page.clean
    image = replace(clean.image, rgb=_blank(clean.image.rgb))
    words = [replace(word, symbols=()) for word in page.words]
    return replace(page, words=words, clean=replace(clean, image=image, grey=_blank(clean.grey)))


def _blank(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.broadcast_to(np.uint8(255), picture.shape)


def _read_page(document: pdfium.PdfDocument, number: int, recognizer: Recognizer, limits: Limits) -> PageText:
    page = open_page(document, number)
    try:
        found = pictures(page, limits)
        own = visible_words(page, found) if text_covers(page, found) else []
        image = draw_page(page, number, dpi=None, limits=limits)
    finally:
        page.close()
    clean = clean_page(image)
    if own:
        return PageText(clean=clean, words=_placed(clean, own), recognizer=recognizer, electronic=True)
    return recognised(image, clean, recognizer)


def recognised(image: PageImage, clean: CleanPage, recognizer: Recognizer) -> PageText:
    """The page's words; a page that reads badly is turned until it reads well."""
    words = recognizer.page(clean.grey, clean.dpi)
    if reading_worth(words) < LOW_CONFIDENCE:
        best = (reading_worth(words), clean, words)
        for turn in TURNS:
            turned = clean_page(image, turned=turn)
            other = recognizer.page(turned.grey, turned.dpi)
            if reading_worth(other) > best[0] + 0.1:
                best = (reading_worth(other), turned, other)
            if best[0] >= 0.85:
                break
        _, clean, words = best
    return PageText(clean=clean, words=words, recognizer=recognizer)


def reading_worth(words: Sequence[Word]) -> float:
    """Mean confidence by letters; few words are worth little, and words that lie on their side nothing."""
    upright = [word for word in words if word.height > 0 and (len(word.text) < 3 or _lies(word))]
    letters = [(len(word.text), word.confidence) for word in upright if any(letter.isalpha() for letter in word.text)]
    total = sum(size for size, _ in letters)
    if not total:
        return 0.0
    mean = sum(size * confidence for size, confidence in letters) / total
    return mean * min(1.0, len(letters) / FEW_WORDS)


def _lies(word: Word) -> bool:
    return word.box[2] - word.box[0] > 0.7 * word.height


def _placed(clean: CleanPage, own: Sequence[TextWord]) -> list[Word]:
    """The text layer's words in pixels of the cleaned page."""
    words = [Word(text=word.text, box=clean.from_points(word.box_points), confidence=1.0) for word in own]
    placed = []
    for number, line in enumerate(geometric_lines(words)):
        placed += [Word(text=word.text, box=word.box, confidence=1.0, line=number, block=0) for word in line.words]
    return placed
