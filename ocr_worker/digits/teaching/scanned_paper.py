"""Paper, ink and the faults of scanners, for teaching the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

BLACK, GREY, BLUE, RED = (20, 20, 25), (60, 60, 65), (30, 45, 130), (170, 30, 40)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What one device has put onto the paper: 255 where it is inked."""

    ink: Bytes
    kind: Literal["print", "pen", "stamp"]


def scan(layers: Sequence[Layer], rng: np.random.Generator) -> Bytes:
    """Blur, resolution, noise, bilevel or JPEG, as scanners leave them; some pages are scanned grey."""
    paper = rng.uniform(190, 255) + rng.normal(0, 4, 3)
    page = np.broadcast_to(paper.astype(np.float32), (*layers[0].ink.shape, 3))
    black_pen = rng.uniform() < 0.15  # pen and print of one colour
    toner = rng.uniform(-15, 45)
    for layer in layers:
        shade = toner if layer.kind == "print" or black_pen else rng.uniform(-15, 40)
        colour = np.clip(np.array(_colour(layer.kind, black_pen, rng), np.float32) + shade, 0, 200).astype(np.float32)
        page = page + (layer.ink.astype(np.float32) / 255)[..., None] * (colour - page)
    if rng.uniform() < 0.25:
        page = np.repeat(page.mean(axis=2, keepdims=True), 3, axis=2)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 1.3)), np.float32)
    light = rng.normal(0, 5, (3, 5)).astype(np.float32)
    page = page + cv2.resize(light, page.shape[1::-1], interpolation=cv2.INTER_CUBIC)[..., None]
    return _captured(page, float(paper.min()), rng)


def _colour(kind: str, black_pen: bool, rng: np.random.Generator) -> tuple[int, int, int]:
    if kind == "print" or (kind == "pen" and black_pen):
        return BLACK
    if kind == "stamp":
        return RED if rng.uniform() < 0.5 else BLACK
    return (BLACK, BLUE, GREY, RED)[int(rng.choice(4, p=[0.45, 0.35, 0.16, 0.04]))]


def _captured(page: Floats, paper: float, rng: np.random.Generator) -> Bytes:
    draw = rng.uniform()
    if draw < 0.3:
        page = _resampled(page, rng.uniform(0.48, 0.75))
    page = page + rng.standard_normal(page.shape, np.float32) * np.float32(rng.uniform(0.5, 9))
    if draw > 0.9:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.5), np.float32)
    seen = np.clip(page, 0, 255).astype(np.uint8)
    if 0.3 < draw < 0.48:
        limit = paper * rng.uniform(0.5, 0.8)
        return np.where(seen.min(axis=2, keepdims=True) > limit, 255, 0).astype(np.uint8).repeat(3, axis=2)
    _, packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


def _resampled(page: Floats, factor: float) -> Floats:
    height, width = page.shape[:2]
    small = cv2.resize(page, (max(8, int(width * factor)), max(8, int(height * factor))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)
