"""Where page 1 has room for a visible signature: blank paper, never over ink or an older stamp."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from connector.domain.errors import EncryptedFile, UnreadableFile

Corner = Literal["left", "right"]

_SCALE = 2.0  # pixels per point: fine enough for a thin stroke
_EDGE = 10.0  # points kept free at the paper's edge
_DEPTH = 0.25  # how far down the page a signature may stand
_GAPS = (5.0, 2.0)  # points between the signature and the nearest ink: wished for, and the least
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
    """The top of page 1 as seen: its ink, and how its coordinates map to user space."""

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
    """Render page 1 with its annotations, so that older stamps count as ink.

    Raises UnreadableFile, EncryptedFile.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            document.init_forms()
            page = document[0]
            # no signature may stand below, and drawing less is quicker
            below = page.get_height() * (1 - _DEPTH)
            rendered = page.render(scale=_SCALE, crop=(0, below, 0, 0), draw_annots=True, rev_byteorder=True)
            picture = rendered.to_numpy()[:, :, :3].copy()
            crop = page.get_cropbox(fallback_ok=True)
            return FirstPage(ink=_ink(picture), rotation=page.get_rotation(), crop=crop)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile("a password is needed") from error
        raise UnreadableFile("page 1 cannot be drawn") from error
    except IndexError as error:
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


def find_place(page: FirstPage, width: float, height: float, corner: Corner) -> Place | None:
    """The free rectangle nearest to the page's top corner, with air around it where there is; None without room."""
    for gap in _GAPS:
        place = _nearest(page, width, height, corner, gap)
        if place is not None:
            return place
    return None


def _nearest(page: FirstPage, width: float, height: float, corner: Corner, gap: float) -> Place | None:
    rows, columns = page.ink.shape
    box_width, box_height = ceil((width + 2 * gap) * _SCALE), ceil((height + 2 * gap) * _SCALE)
    edge = int((_EDGE - gap) * _SCALE)
    tops = np.arange(edge, rows - box_height + 1, _STEP)
    offsets = np.arange(0, columns // 2 - edge - box_width + 1, _STEP)
    if not tops.size or not offsets.size:
        return None
    lefts = edge + offsets if corner == "left" else columns - edge - box_width - offsets
    total = cv2.integral(page.ink)
    rights, bottoms = lefts + box_width, tops + box_height
    covered = (
        total[np.ix_(bottoms, rights)] - total[np.ix_(tops, rights)]
        - total[np.ix_(bottoms, lefts)] + total[np.ix_(tops, lefts)]
    )  # fmt: skip
    distance = np.where(covered == 0, np.hypot.outer(tops - edge, offsets), np.inf)
    row, column = np.unravel_index(int(distance.argmin()), distance.shape)
    if not np.isfinite(distance[row, column]):
        return None
    return Place(float(lefts[column]) / _SCALE + gap, float(tops[row]) / _SCALE + gap, width, height)
