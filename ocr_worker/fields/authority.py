"""The issuing agency: the last name in the left column, below its parent (Decree 30/2020 App. I, box 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_worker.layout.header import Header
from ocr_worker.layout.line_vote import read_line
from ocr_worker.lexicon.agency_heads import begins_name, begins_with_level
from ocr_worker.lexicon.agency_names import agency_name
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.line_rows import INK
from ocr_worker.recognition.page_text import UNANIMOUS, PageText
from ocr_worker.recognition.text_lines import around, fold

# the issuing agency is set in bold, its parent is not: from this ratio of strokes on they are told apart by it
BOLDER = 1.17
# a name whose first line is in doubt
GUESSED_START = 0.8


@dataclass(frozen=True, kw_only=True)
class AuthorityReading:
    """The agency in normal capitals; ``snapped`` when the lexicon corrected what was read."""

    name: str
    confidence: float
    snapped: bool
    box: PixelBox
    text: str


def read_authority(page: PageText, header: Header) -> AuthorityReading | None:
    """The agency lines read by vote, joined to names; the last name issues the paper."""
    lines = [(read_line(page, line), line.box) for line in header.agency]
    lines = [(line, box) for line, box in lines if len(fold(line.text)) > 1]
    if not lines:
        return None
    texts = [_tidy(line.text) for line, _ in lines]
    first, certain = _first_line(page, texts, [box for _, box in lines])
    printed = " ".join(texts[first:])
    read = min(line.confidence for line, _ in lines[first:])
    name = agency_name(printed, [word.text for word in page.words], sure=read >= UNANIMOUS)
    confidence = name.confidence(read)
    return AuthorityReading(
        name=name.text,
        confidence=confidence if certain else min(confidence, GUESSED_START),
        snapped=name.corrected,
        box=around(box for _, box in lines[first:]),
        text=printed,
    )


def _tidy(text: str) -> str:
    words = [word.strip("|_~'`\"“”.;:¬-—–*") for word in text.split()]
    kept = [word if word else ("-" if raw in "-—–" else "") for word, raw in zip(words, text.split(), strict=True)]
    return " ".join(word for word in kept if word and (len(word) > 1 or word.isalpha() or word == "-")).strip(" -,")


def _first_line(page: PageText, texts: Sequence[str], boxes: Sequence[PixelBox]) -> tuple[int, bool]:
    """The index of the line in which the last agency's name begins, and whether nothing speaks against it."""
    by_word = _first_by_word(texts)
    by_weight = _first_by_weight([_stroke(page, box) for box in boxes])
    if by_weight is None or by_weight == by_word:
        return by_word, True
    if begins_name(texts[by_weight]):
        # a bold name may hold a word that begins other names: Ban Quản lý rừng / phòng hộ …
        return by_weight, by_weight < by_word
    # a place goes on with a name, however bold it is set
    return by_word, begins_with_level(texts[by_weight])


def _first_by_word(texts: Sequence[str]) -> int:
    first = 0
    for place in range(1, len(texts)):
        if begins_name(texts[place]) and not _continues(texts[place - 1]):
            first = place
    return first


def _first_by_weight(strokes: Sequence[float]) -> int | None:
    """The first of the bold lines at the end; None when all lines are equally bold."""
    if len(strokes) < 2 or strokes[-1] < BOLDER * min(strokes):
        return None
    middle = (strokes[-1] * min(strokes)) ** 0.5
    first = len(strokes) - 1
    while first and strokes[first - 1] > middle:
        first -= 1
    return first if first else None


def _stroke(page: PageText, box: PixelBox) -> float:
    """The mean thickness of strokes: twice the ink's distance to the paper."""
    x0, y0, x1, y1 = (round(edge) for edge in box)
    ink = (page.clean.grey[max(y0, 0) : y1, max(x0, 0) : x1] < INK).astype(np.uint8)
    if not ink.any():
        return 1.0
    deep = cv2.distanceTransform(np.pad(ink, 1), cv2.DIST_L2, 3)
    return float(deep[deep > 0].mean())


def _continues(text: str) -> bool:
    """Whether a line cannot be the end of a name."""
    last = fold(text.split()[-1]) if text.split() else ""
    return last in {"va", "cua", "cac", "cap", "thuoc"} or text.endswith((",", "-"))
