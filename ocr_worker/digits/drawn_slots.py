"""Drawn slots with known digits, for teaching and calibrating the reader (not used at run time)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr_worker.digits.hands import FONTS, Hands
from ocr_worker.digits.ink import Box

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

PRINT = tuple(f"truetype/croscore/Tinos-{style}.ttf" for style in ("Regular", "Italic", "Bold", "BoldItalic"))
BEFORE = ("Số:", "Số:", "Số", "số:", "ngày", "ngày", "tháng", "Q", "g", "y", "")
AFTER = ("/QĐ-UBND", "/UBND", "/TTr", "/CT-BHXH", "/", "tháng", "tháng", "năm", "Đ", "Q", "-", "t", "n", "")
PRINT_LABEL = 100


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A drawn crop at WORKING_DPI; `owner` says for each pixel which digit (from 1) or PRINT_LABEL inked it."""

    crop: Bytes
    text: str
    owner: Labels
    margin_print: tuple[Box, ...]


def draw_slot(text: str, hands: Hands, rng: np.random.Generator) -> Slot:
    """Writes `text` into a slot between print and degrades it as a scan does."""
    height = int(rng.integers(64, 110))
    canvas = _Canvas(height, 640)
    base = height * rng.uniform(0.55, 0.75)
    em = int(rng.integers(33, 42))
    kind = PRINT[int(rng.choice(4, p=[0.45, 0.45, 0.05, 0.05]))]
    x = 8.0
    before = BEFORE[rng.integers(len(BEFORE))]
    x = canvas.print(before, kind, em, x, base, rng) + rng.uniform(-4, 26)
    x = _write(canvas, text, hands, x, base, rng) + _gap_after(text, rng)
    after = AFTER[rng.integers(len(AFTER))]
    x = canvas.print(after, kind, em, x, base, rng)
    _other_lines(canvas, kind, em, x, rng)
    _litter(canvas, base, x, rng)
    return _finish(canvas, text, x, rng)


def _gap_after(text: str, rng: np.random.Generator) -> float:
    """Every third number is written up to the slash or over it."""
    if not text:
        return float(rng.uniform(20, 120))
    return float(rng.uniform(-9, 5) if rng.uniform() < 0.33 else rng.uniform(0, 45))


class _Canvas:
    def __init__(self, height: int, width: int) -> None:
        self.ink = np.zeros((height, width), np.float32)
        self.owner = np.zeros((height, width), np.int32)
        self.boxes: list[Box] = []

    def put(self, ink: Floats, left: int, top: int, owner: int) -> None:
        y0, x0 = max(top, 0), max(left, 0)
        y1, x1 = min(top + ink.shape[0], self.ink.shape[0]), min(left + ink.shape[1], self.ink.shape[1])
        if y1 <= y0 or x1 <= x0:
            return
        part = ink[y0 - top : y1 - top, x0 - left : x1 - left]
        region = self.ink[y0:y1, x0:x1]
        stronger = part > region
        self.owner[y0:y1, x0:x1][stronger & (part > 0.3)] = owner
        np.maximum(region, part, out=region)

    def print(self, word: str, font: str, em: int, x: float, base: float, rng: np.random.Generator) -> float:
        if not word:
            return x
        face = ImageFont.truetype(str(FONTS / font), em)
        image = Image.new("L", (em * (len(word) + 1), em * 2))
        ImageDraw.Draw(image).text((4, em * 1.4), word, fill=255, font=face, anchor="ls")
        ink = _floats(np.asarray(image)) / np.float32(255)
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        left, top = round(x), round(base - em * 1.4)
        self.put(_floats(ink), left - int(columns[0]), top, PRINT_LABEL)
        right = left + int(columns[-1] - columns[0]) + 1
        jitter = rng.integers(-2, 3, 4)
        self.boxes.append(
            (left + jitter[0], top + int(rows[0]) + jitter[1], right + jitter[2], top + int(rows[-1]) + 1 + jitter[3])
        )
        return float(right)


def _write(canvas: _Canvas, text: str, hands: Hands, x: float, base: float, rng: np.random.Generator) -> float:
    style = hands.style(rng)
    size = rng.uniform(24, 52)
    shear, stretch = rng.normal(0.1, 0.2), rng.uniform(0.75, 1.3)
    swell = int(rng.choice([-1, 0, 0, 0, 1, 2, 3, 4, 5, 6]))
    spacing = rng.uniform(-0.13, 0.25) * size
    drift = rng.normal(0, 0.06)
    for place, digit in enumerate(text):
        shape = _warp(hands.digit(int(digit), style, rng), shear, stretch, swell, rng)
        scale = size * rng.uniform(0.88, 1.12) / 90
        ink = _floats(cv2.resize(shape, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        rows, columns = np.flatnonzero((ink > 0.3).any(1)), np.flatnonzero((ink > 0.3).any(0))
        if not len(rows):
            continue
        ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        bottom = base + size * (0.12 + rng.normal(0, 0.07)) + drift * (x - 80) * 0.5
        canvas.put(ink, round(x), round(bottom - ink.shape[0]), place + 1)
        x += ink.shape[1] + spacing + rng.normal(0, 0.05) * size
    return x


def _warp(ink: Floats, shear: float, stretch: float, swell: int, rng: np.random.Generator) -> Floats:
    if swell > 0:
        ink = _floats(cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (swell + 1, swell + 1))))
    elif swell < 0 and ink.sum() > 900:
        ink = _floats(cv2.erode(ink, np.ones((2, 2), np.uint8)))
    height, width = ink.shape
    turn = np.deg2rad(rng.normal(0, 4))
    slant = shear + rng.normal(0, 0.06)
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[stretch * cos, -sin - slant], [sin * stretch, cos]])
    offset = np.array([width / 2, height / 2]) - matrix @ np.array([width / 2, height / 2])
    ink = _floats(cv2.warpAffine(ink, np.column_stack((matrix, offset)), (width, height), flags=cv2.INTER_LINEAR))
    amount = rng.uniform(0, 4.5)
    field = rng.normal(0, 1, (2, 5, 5)).astype(np.float32)
    dx, dy = (cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) * amount for part in field)
    grid_y, grid_x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(cv2.remap(ink, grid_x + dx, grid_y + dy, cv2.INTER_LINEAR), dtype=np.float32)


def _other_lines(canvas: _Canvas, font: str, em: int, right: float, rng: np.random.Generator) -> None:
    """What the crop cuts off from the line above and below, and the underline of the heading."""
    known = len(canvas.boxes)
    height = canvas.ink.shape[0]
    words = ("TỈNH QUẢNG NGÃI", "V/v đăng ký bổ sung", "Hạnh phúc", "CHỈ THỊ", "nội dung trình")
    if rng.uniform() < 0.2:
        word = words[rng.integers(len(words))]
        canvas.print(word, font, em, rng.uniform(-150, right), height + em * rng.uniform(0.2, 0.6), rng)
    if rng.uniform() < 0.1:
        word = words[rng.integers(len(words))]
        canvas.print(word, font, em, rng.uniform(-150, right), rng.uniform(0, 5), rng)
    if rng.uniform() < 0.12:
        line = np.ones((int(rng.integers(2, 5)), int(rng.uniform(40, 200))), np.float32)
        canvas.put(line, int(rng.uniform(-60, right)), int(rng.uniform(0, 8)), PRINT_LABEL)
    del canvas.boxes[known:]  # nobody tells the reader of these


def _litter(canvas: _Canvas, base: float, right: float, rng: np.random.Generator) -> None:
    """Ruled dots or a line, a stamp's arc, specks."""
    width = int(min(right, canvas.ink.shape[1] - 1))
    layer = np.zeros(canvas.ink.shape, np.uint8)
    draw = rng.uniform()
    y = int(base + rng.uniform(0, 6))
    if draw < 0.14:
        for x in range(0, width, int(rng.integers(6, 12))):
            cv2.circle(layer, (x, y), int(rng.integers(1, 3)), 255, -1, cv2.LINE_AA)
    elif draw < 0.18:
        cv2.line(layer, (0, y), (width, y + int(rng.integers(-2, 3))), 255, int(rng.integers(1, 3)), cv2.LINE_AA)
    elif draw < 0.24:
        centre = (int(rng.uniform(0, width)), int(rng.choice([-60, 170])))
        cv2.circle(layer, centre, int(rng.integers(80, 130)), 200, int(rng.integers(1, 5)), cv2.LINE_AA)
    for _ in range(int(rng.poisson(0.6))):
        cv2.circle(
            layer, (int(rng.uniform(0, width)), int(rng.uniform(0, layer.shape[0]))), int(rng.integers(1, 3)), 255, -1
        )
    canvas.put(_floats(layer) / np.float32(255), 0, 0, PRINT_LABEL)


def _finish(canvas: _Canvas, text: str, right: float, rng: np.random.Generator) -> Slot:
    """Cuts the crop, gives it paper, ink and the scanner's faults."""
    left_edge, right_edge = 0, int(min(right + 10, canvas.ink.shape[1]))
    boxes = canvas.boxes
    if rng.uniform() < 0.5 and boxes:
        written = np.flatnonzero(((canvas.owner > 0) & (canvas.owner < PRINT_LABEL)).any(0))
        if len(written):
            left_edge = max(0, int(written[0]) - int(rng.integers(0, 14)))
            right_edge = min(right_edge, int(written[-1]) + int(rng.integers(1, 16)))
    if rng.uniform() < 0.35:
        boxes = []
    ink, owner = canvas.ink[:, left_edge:right_edge], canvas.owner[:, left_edge:right_edge]
    crop = scan(ink, rng)
    shifted = tuple((x0 - left_edge, y0, x1 - left_edge, y1) for x0, y0, x1, y1 in boxes)
    return Slot(crop=crop, text=text, owner=owner, margin_print=shifted)


def scan(ink: Floats, rng: np.random.Generator) -> Bytes:
    """Paper, pen colour, blur, resolution, noise, bilevel or JPEG, as scanners leave them."""
    ink = _floats(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.3)))
    paper = rng.uniform(190, 255, 1) + rng.normal(0, 4, 3)
    pen = rng.choice([(20, 20, 25), (30, 45, 130), (60, 60, 65), (170, 30, 40)], p=[0.5, 0.3, 0.15, 0.05])
    pen = np.asarray(pen) + rng.uniform(-15, 40)
    page = paper + ink[..., None] * (np.clip(pen, 0, 200) - paper)
    page = page + cv2.resize(rng.normal(0, 5, (3, 5)), ink.shape[::-1], interpolation=cv2.INTER_CUBIC)[..., None]
    draw = rng.uniform()
    if draw < 0.3:
        page = _resampled(page, rng.uniform(0.48, 0.75))
    page = page + rng.normal(0, rng.uniform(0.5, 9), page.shape)
    grey = np.clip(page, 0, 255).astype(np.uint8)
    if 0.3 < draw < 0.5:
        limit = float(paper.min()) * rng.uniform(0.5, 0.8)
        return np.where(grey.min(axis=2, keepdims=True) > limit, 255, 0).astype(np.uint8).repeat(3, axis=2)
    quality = int(rng.integers(25, 95))
    _, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _resampled(page: npt.NDArray[np.float64], factor: float) -> npt.NDArray[np.float64]:
    height, width = page.shape[:2]
    small = cv2.resize(page, (max(8, int(width * factor)), max(8, int(height * factor))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))
