"""Whether two pictures show the same page: scanned twice, or with and without a note that was stuck on it."""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

LIKENESS_DPI = 75
_TILE = 48  # pixels: 16 mm, three lines of print
_REACH = 10  # how far a tile may lie elsewhere: a page is never laid down twice in the same place
_INKED = 12.0  # standard deviation of a tile that shows something
_AGREES = 0.7  # correlation of two scans of the same print; of two different texts it stays below 0.5
_SMALL = (36, 25)  # rows, columns: a glance that spares comparing pages that cannot be the same
_GLANCE = 0.5
_MOST = 3  # so many pages are compared with one, beside the one before it
_BACK = 30  # pages that are remembered


def likeness(one: Grey, other: Grey) -> float | None:
    """The share of what either page shows that stands in the other at the same place; None where a page is empty.

    Two scans of one page share nearly all, a page and the same page under a note everything but the note, two
    filled-in copies of one form its print. ``one`` and ``other`` are grey pictures at ``LIKENESS_DPI``.
    """
    if abs(one.shape[0] - other.shape[0]) > 4 * _REACH or abs(one.shape[1] - other.shape[1]) > 4 * _REACH:
        return 0.0
    height, width = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
    first, second = _soft(one[:height, :width]), _soft(other[:height, :width])
    (across, down), _ = cv2.phaseCorrelate(255.0 - first.astype(np.float32), 255.0 - second.astype(np.float32))
    back = np.array([[1, 0, -across], [0, 1, -down]], np.float32)
    moved = np.asarray(cv2.warpAffine(second, back, (width, height), borderValue=255), np.uint8)
    shares = [_share(a, b) for a, b in ((first, moved), (moved, first))]
    return None if None in shares else min(share for share in shares if share is not None)


class PagePairs:
    """The likeness of pages that come one after the other, each compared with the one before and with those of the last
    thirty that look most like it at a glance: time and memory stay bounded however long the paper is.
    """

    def __init__(self) -> None:
        self.alike: dict[tuple[int, int], float] = {}  # pages count from 1
        self._kept: deque[tuple[int, Grey, npt.NDArray[np.float32]]] = deque(maxlen=_BACK)
        self._pages = 0

    def add(self, page: Grey) -> None:
        """The next page."""
        self._pages += 1
        glance = _glance(page)
        for number, earlier in self._candidates(glance):
            share = likeness(earlier, page)
            if share is not None:
                self.alike[number, self._pages] = share
        self._kept.append((self._pages, page, glance))

    def _candidates(self, glance: npt.NDArray[np.float32]) -> list[tuple[int, Grey]]:
        near = [(float((seen * glance).mean()), number, page) for number, page, seen in self._kept]
        alike = sorted((each for each in near if each[0] > _GLANCE), key=lambda each: -each[0])[:_MOST]
        chosen = {number: page for _, number, page in (*near[-1:], *alike)}
        return list(chosen.items())


def _soft(page: Grey) -> Grey:
    """Grain is no likeness."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 1.0), np.uint8)


def _share(page: Grey, other: Grey) -> float | None:
    """How many inked tiles of a page are found in the other."""
    inked = agreeing = 0
    for top in range(_REACH, page.shape[0] - _TILE - _REACH, _TILE):
        for left in range(_REACH, page.shape[1] - _TILE - _REACH, _TILE):
            tile = page[top : top + _TILE, left : left + _TILE]
            if float(tile.std()) < _INKED:
                continue
            inked += 1
            around = other[top - _REACH : top + _TILE + _REACH, left - _REACH : left + _TILE + _REACH]
            agreeing += float(cv2.matchTemplate(around, tile, cv2.TM_CCOEFF_NORMED).max()) >= _AGREES
    return agreeing / inked if inked else None


def _glance(page: Grey) -> npt.NDArray[np.float32]:
    small = cv2.resize(page, _SMALL[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    spread = float(small.std())
    return ((small - small.mean()) / spread if spread > 1.0 else np.zeros_like(small)).astype(np.float32)
