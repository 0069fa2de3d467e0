"""A slot as the network sees it: how dark it is in red and in blue light, and where print is known to stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.digits.ink import Box

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

PICTURE_DPI = 134
HEIGHT = 48
WIDTHS = (80, 128, 192)  # of pictures that are read together; a wider slot is shrunk
COLUMN = 2  # pixels of each reading of the network
VIEWS = ((0.13, 1.0), (-0.1, 0.93))  # lean and size
PAPER_MM = 5.0
FAINTEST = 0.22  # ink paler than this share of the paper is not made darker


@dataclass(frozen=True, kw_only=True)
class SlotPicture:
    """HEIGHT rows and one of WIDTHS columns; a red stamp is dark in the second layer alone, a blue pen in the first."""

    pixels: Bytes
    scale: float
    left: int

    def column(self, reading: int) -> float:
        """Where in the crop the network made one of its readings."""
        return ((reading + 0.5) * COLUMN - self.left) / self.scale


def slot_picture(crop: Bytes, dpi: float, margin_print: Sequence[Box] = ()) -> SlotPicture:
    """An RGB crop; ``margin_print`` holds boxes of known print within it."""
    scale = min(PICTURE_DPI / dpi, WIDTHS[-1] / crop.shape[1])
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    page = np.asarray(cv2.resize(crop, size, interpolation=method), np.uint8)
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[..., :2] = _darkness(page[..., (0, 2)])
    for x0, y0, x1, y1 in margin_print:
        left, top = max(round(x0 * scale), 0), max(round(y0 * scale), 0)
        picture[top : max(round(y1 * scale), 0), left : max(round(x1 * scale), 0), 2] = 255
    return _placed(picture, scale)


def other_views(picture: SlotPicture) -> list[Bytes]:
    """The same slot leaning to either side, larger and smaller."""
    middle = np.array([picture.pixels.shape[1] / 2, HEIGHT / 2])
    views = []
    for lean, size in VIEWS:
        matrix = np.array([[size, lean], [0, size]])
        across = np.column_stack((matrix, middle - matrix @ middle))
        views.append(np.asarray(cv2.warpAffine(picture.pixels, across, picture.pixels.shape[1::-1]), np.uint8))
    return views


def _darkness(page: Bytes) -> Bytes:
    """0 for the paper around it, 255 for the darkest ink."""
    reach = max(3, round(PAPER_MM * PICTURE_DPI / 25.4))
    paper = cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_REPLICATE)
    paper = cv2.blur(paper, (reach, reach), borderType=cv2.BORDER_REPLICATE)
    dark = 1 - page.astype(np.float32) / np.maximum(paper, 1).astype(np.float32)
    darkest = max(float(np.percentile(dark.max(axis=2), 99)), FAINTEST)
    return np.asarray(np.clip(dark / darkest, 0, 1) * 255, np.uint8)


def _placed(picture: Bytes, scale: float) -> SlotPicture:
    """In the middle of a picture of the size that the network takes."""
    height, width = picture.shape[:2]
    room = next((wide for wide in WIDTHS if wide >= width), WIDTHS[-1])
    placed = np.zeros((HEIGHT, room, 3), np.uint8)
    top, left = (HEIGHT - height) // 2, (room - width) // 2
    part = picture[max(-top, 0) : max(-top, 0) + HEIGHT, :room]
    placed[max(top, 0) : max(top, 0) + part.shape[0], left : left + width] = part
    return SlotPicture(pixels=placed, scale=scale, left=left)
