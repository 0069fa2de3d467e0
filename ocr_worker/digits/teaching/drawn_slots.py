"""Drawn slots with known digits, for teaching and calibrating the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr_worker.digits.ink import Box
from ocr_worker.digits.teaching.hands import FONTS, Hands
from ocr_worker.digits.teaching.handwriting import write
from ocr_worker.digits.teaching.ink_layer import put
from ocr_worker.digits.teaching.scanned_paper import Layer, scan

Bytes = npt.NDArray[np.uint8]

PRINT = tuple(f"truetype/croscore/Tinos-{style}.ttf" for style in ("Regular", "Italic", "Bold", "BoldItalic"))
BEFORE = ("Số:", "Số:", "Số:", "Số", "số:", "ngày", "ngày", "ngày", "tháng", "năm", "Q", "g", "y", "")
YEARS = tuple(f"/{year}/QĐ" for year in range(1995, 2031))
AFTER = ("/QĐ-UBND", "/UBND", "/TTr", "/CT-BHXH", "/", "-", "tháng", "tháng", "tháng", "năm", "Đ", "t", "n", "")
OTHER_LINES = ("TỈNH QUẢNG NGÃI", "V/v đăng ký bổ sung", "Hạnh phúc", "CHỈ THỊ", "nội dung trình", "BẢO HIỂM XÃ HỘI")
WITH_YEAR = 0.04  # of numbers after whose slash a printed year stands
WIDTH = 640
# of a digit's ink at least this share lies within the crop
VISIBLE = 0.8


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A drawn crop at WORKING_DPI; ``margin_print`` holds the boxes of print that the reader is told of."""

    crop: Bytes
    text: str
    margin_print: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class _Print:
    """Words on one line in one font."""

    font: str
    em: int
    base: float


def draw_slot(text: str, hands: Hands, rng: np.random.Generator) -> Slot:
    """Writes ``text`` into a slot between print and degrades it as a scan does."""
    height = int(rng.integers(62, 80))
    page, pen, litter = (np.zeros((height, WIDTH), np.uint8) for _ in range(3))
    em = int(rng.integers(33, 42))
    font = PRINT[int(rng.choice(4, p=[0.45, 0.45, 0.05, 0.05]))]
    line = _Print(font=font, em=em, base=height * rng.uniform(0.6, 0.7))
    before = _word(page, str(rng.choice(BEFORE)), line, rng.uniform(2, 60))
    left = (before[2] if before else 30) + _gap_before(rng)
    shares, right = write(pen, text, hands, (left, line.base), rng)
    following = str(rng.choice(YEARS if rng.uniform() < WITH_YEAR else AFTER))
    after = _word(page, following, line, right + _gap_after(text, rng))
    _other_lines(page, line, rng)
    _litter(litter, line, rng)
    edges = _edges(before, after, shares, rng)
    known = _known(before, after, page, pen, rng)
    cut = np.s_[:, edges[0] : edges[1]]
    layers = (Layer(ink=page[cut], kind="print"), Layer(ink=pen[cut], kind="pen"), Layer(ink=litter[cut], kind="stamp"))
    boxes = tuple((x0 - edges[0], y0, x1 - edges[0], y1) for x0, y0, x1, y1 in known)
    return Slot(crop=scan(layers, rng), text=text, margin_print=boxes)


def _gap_before(rng: np.random.Generator) -> float:
    return float(rng.uniform(-5, 6) if rng.uniform() < 0.3 else rng.uniform(2, 40))


def _gap_after(text: str, rng: np.random.Generator) -> float:
    """Every third number is written up to the slash or over it."""
    if not text:
        return float(rng.uniform(20, 120))
    return float(rng.uniform(-12, 5) if rng.uniform() < 0.3 else rng.uniform(2, 50))


def _edges(
    before: Box | None, after: Box | None, digits: list[tuple[int, int]], rng: np.random.Generator
) -> tuple[int, int]:
    """Where the crop begins and ends: at the print beside the digits as a rule, at the digits, or far away."""
    first = min((left for left, _ in digits), default=before[2] if before else 20)
    last = max((right for _, right in digits), default=(after[0] if after else first + 60))
    draw = rng.uniform()
    left = before[2] - rng.uniform(1, 14) if before else first - rng.uniform(0, 40)
    right = after[0] + rng.uniform(2, 16) if after else last + rng.uniform(2, 60)
    if draw < 0.2:
        left, right = first - rng.uniform(0, 14), last + rng.uniform(1, 16)
    elif draw < 0.32:
        left, right = left - rng.uniform(0, 50), right + rng.uniform(0, 50)
    if digits:
        # what is cut off cannot be read
        left = min(left, first + (1 - VISIBLE) * (digits[0][1] - digits[0][0]))
        right = max(right, last - (1 - VISIBLE) * (digits[-1][1] - digits[-1][0]))
    start = int(np.clip(left, 0, WIDTH - 40))
    return start, int(np.clip(right, start + 24, WIDTH))


def _known(before: Box | None, after: Box | None, page: Bytes, pen: Bytes, rng: np.random.Generator) -> list[Box]:
    """The boxes of print that are told; print beside a coloured pen is taken away instead, with what it crossed."""
    draw = rng.uniform()
    if draw < 0.14:
        pen[page > 90] = 0
        page[:] = 0
        return []
    if draw < 0.24:
        return []
    boxes = []
    for box in (before, after):
        if box is not None:
            jitter = rng.integers(-2, 3, 4)
            boxes.append((box[0] + jitter[0], box[1] + jitter[1], box[2] + jitter[2], box[3] + jitter[3]))
    return boxes


def _word(page: Bytes, word: str, line: _Print, x: float) -> Box | None:
    if not word:
        return None
    ink, rise = _rendered(word, line.font, line.em)
    left, top = round(x), round(line.base - rise)
    put(page, ink, left, top)
    return left, top, left + ink.shape[1], top + ink.shape[0]


@lru_cache(maxsize=4000)
def _rendered(word: str, font: str, em: int) -> tuple[Bytes, float]:
    """A word and how far its top lies above the base line."""
    face = ImageFont.truetype(str(FONTS / font), em)
    image = Image.new("L", (em * (len(word) + 2), em * 2))
    ImageDraw.Draw(image).text((em // 2, em * 1.4), word, fill=255, font=face, anchor="ls")
    ink = np.asarray(image)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], em * 1.4 - float(rows[0])


def _other_lines(page: Bytes, line: _Print, rng: np.random.Generator) -> None:
    """What the crop cuts off from the line above and below, and the underline of the heading."""
    height = page.shape[0]
    if rng.uniform() < 0.2:
        below = _Print(font=line.font, em=line.em, base=height + line.em * rng.uniform(0.2, 0.6))
        _word(page, str(rng.choice(OTHER_LINES)), below, rng.uniform(-150, 200))
    if rng.uniform() < 0.1:
        above = _Print(font=line.font, em=line.em, base=rng.uniform(0, 7))
        _word(page, str(rng.choice(OTHER_LINES)), above, rng.uniform(-150, 200))
    if rng.uniform() < 0.15:
        left, top = int(rng.uniform(-60, 250)), int(rng.uniform(0, 9))
        page[top : top + int(rng.integers(2, 5)), max(left, 0) : left + int(rng.uniform(40, 200))] = 255


def _litter(layer: Bytes, line: _Print, rng: np.random.Generator) -> None:
    """Ruled dots or a line, a stamp's arc, specks."""
    draw, y = rng.uniform(), int(line.base + rng.uniform(-1, 7))
    if draw < 0.17:
        for x in range(0, WIDTH, int(rng.integers(6, 12))):
            cv2.circle(layer, (x, y), int(rng.integers(1, 3)), 255, -1, cv2.LINE_AA)
    elif draw < 0.21:
        cv2.line(layer, (0, y), (WIDTH, y + int(rng.integers(-4, 5))), 255, int(rng.integers(1, 3)), cv2.LINE_AA)
    elif draw < 0.3:
        centre = (int(rng.uniform(0, 300)), int(rng.choice([-60, 140])))
        cv2.circle(layer, centre, int(rng.integers(70, 130)), 220, int(rng.integers(1, 5)), cv2.LINE_AA)
    for _ in range(int(rng.poisson(1.5))):
        spot = (int(rng.uniform(0, WIDTH)), int(rng.uniform(0, layer.shape[0])))
        cv2.circle(layer, spot, int(rng.integers(1, 3)), 255, -1)
