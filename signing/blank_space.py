"""Where page 1 has room for a visible signature: blank paper, never over ink or an older stamp."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from connector.domain.errors import NoRoomForStamp, UnreadableFile

Corner = Literal["left", "right"]

_SCALE = 2.0  # pixels per point: fine enough for a thin stroke
_EDGE = 10.0  # points kept free at the paper's edge
_DEPTH = 0.25  # how far down the page a signature may stand
_GAP = 2.0  # points between the signature and the nearest ink
_STEP = 2  # pixels between two tried places
_DARKER = 28  # grey levels below the paper around it that make a pixel ink


@dataclass(frozen=True)
class Place:
    """A rectangle on the page as a reader sees it: points from the top left, after /Rotate and CropBox."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class FirstPage:
    """Page 1 as seen: its ink, and how its coordinates map to user space."""

    ink: npt.NDArray[np.uint8]
    rotation: int
    crop: tuple[float, float, float, float]

    def in_user_space(self, place: Place) -> tuple[int, int, int, int]:
        """The annotation rectangle [x0, y0, x1, y1] of a place."""
        left, bottom, right, top = self.crop
        x0, y0, x1, y1 = place.x, place.y, place.x + place.width, place.y + place.height
        corners = {
            0: (left + x0, top - y1, left + x1, top - y0),
            90: (left + y0, bottom + x0, left + y1, bottom + x1),
            180: (right - x1, bottom + y0, right - x0, bottom + y1),
            270: (right - y1, top - x1, right - y0, top - x0),
        }[self.rotation]
        return tuple(round(edge) for edge in corners)  # type: ignore[return-value]


def look_at_first_page(pdf: Path) -> FirstPage:
    """Render page 1 with its annotations, so that older stamps count as ink. Raises UnreadableFile."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            document.init_forms()
            page = document[0]
            rendered = page.render(scale=_SCALE, may_draw_forms=True, draw_annots=True, rev_byteorder=True)
            picture = rendered.to_numpy()[:, :, :3].copy()
            crop = page.get_cropbox(fallback_ok=True)
            return FirstPage(ink=_ink(picture), rotation=page.get_rotation(), crop=crop)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnreadableFile("page 1 cannot be drawn") from error


def _ink(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """1 where something stands on the paper, whatever the paper's tint and light."""
    darkest = picture.min(axis=2)
    paper = cv2.medianBlur(cv2.dilate(darkest, np.ones((15, 15), np.uint8)), 51)
    ink = (paper.astype(np.int16) - darkest > _DARKER).astype(np.uint8)
    # a scanner's specks are no ink: what survives an opening is
    speckless = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    # a black border or a shadow darkens the paper itself
    shadow = (paper < 120).astype(np.uint8)
    return np.asarray(np.maximum(speckless, shadow), dtype=np.uint8)


def find_place(page: FirstPage, width: float, height: float, corner: Corner) -> Place:
    """The free rectangle nearest to the page's top corner. Raises NoRoomForStamp."""
    rows, columns = page.ink.shape
    total = cv2.integral(page.ink)
    gap = _GAP * _SCALE
    box_width, box_height = int(width * _SCALE + 2 * gap), int(height * _SCALE + 2 * gap)
    edge = int(_EDGE * _SCALE)
    lowest = min(int(rows * _DEPTH), rows - edge) - box_height
    span = columns // 2 - edge - box_width
    best: tuple[float, int, int] | None = None
    for top in range(edge, lowest + 1, _STEP):
        for offset in range(0, span + 1, _STEP):
            left = edge + offset if corner == "left" else columns - edge - box_width - offset
            covered = (
                total[top + box_height, left + box_width]
                - total[top, left + box_width]
                - total[top + box_height, left]
                + total[top, left]
            )
            distance = float(np.hypot(top - edge, offset))
            if covered == 0 and (best is None or distance < best[0]):
                best = (distance, left, top)
    if best is None:
        raise NoRoomForStamp(f"{width:.0f} x {height:.0f} points, top {corner}")
    return Place((best[1] + gap) / _SCALE, (best[2] + gap) / _SCALE, width, height)
