"""Which rows of a page one line of print takes up, with the marks above its letters and what hangs below."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.recognize import Grey

Numbers = npt.NDArray[np.int64]

# darker than this (of 255) is ink on the cleaned page
INK = 140
# thin marks are blurred into the paper: of the way from white to the line's darkest ink, what counts as ink
LIGHTEST = 0.38
DARKEST = 5.0  # percent of the ink
# of the line's box: how far above and below it marks are looked for
REACH = 0.45
# of the height of the letters without marks: how far a mark may stand from its letter (`Ẩ`, `Ủ`, `ậ`), how far
# all marks may reach above and below, and how much of a letter stands among the others
NEAR, HIGHEST, DEEPEST, AMONG = 0.3, 1.0, 0.7, 0.25
# the mark of a mark, as on `Ẩ`
STACKED = 2
# percent of a line's rows that hold less ink than a full one
FULL = 80
# of the line's box: how high its letters are at least, however few rows hold most ink
LEAST_CORE = 0.35


@dataclass(frozen=True, kw_only=True)
class LineInk:
    """A line's ink in a strip of the page that begins at ``left``, ``top``; ``pieces`` are left, top, right, bottom.

    ``first`` and ``last`` are the rows between which most of the ink stands: the letters' core.
    """

    left: int
    top: int
    rows: int
    first: int
    last: int
    pieces: Numbers

    @property
    def letters(self) -> npt.NDArray[np.bool_]:
        """Which pieces stand among the letters."""
        among = np.minimum(self.pieces[:, 3], self.last) - np.maximum(self.pieces[:, 1], self.first) + 1
        return np.asarray(among >= AMONG * (self.last - self.first + 1), bool)


def line_ink(picture: Grey, box: PixelBox) -> LineInk | None:
    """The ink in and around a line's box; None where there is only paper."""
    x0, y0, x1, y1 = box
    reach = REACH * (y1 - y0)
    top, left = max(round(y0 - reach), 0), max(round(x0), 0)
    strip = np.ascontiguousarray(picture[top : round(y1 + reach), left : round(x1)])
    rows = (strip < INK).sum(axis=1).astype(np.float64)
    inner = slice(max(round(y0) - top, 0), max(round(y1) - top, 1))
    if len(rows) < 8 or not np.percentile(rows[inner], FULL):
        return None
    first, last = _core(rows, inner)
    return LineInk(left=left, top=top, rows=len(strip), first=first, last=last, pieces=_pieces(strip))


def tight(picture: Grey, box: PixelBox) -> PixelBox:
    """A line's box with its marks and tails, without what reaches into it from the lines above and below.

    The band of rows with much ink is the letters' core; what touches it belongs to the line, and so does what
    stands close above or below such a letter.
    """
    x0, y0, x1, y1 = box
    ink = line_ink(picture, box)
    if ink is None:
        return box
    high, low = _reach(ink, max(ink.last - ink.first + 1, LEAST_CORE * (y1 - y0)))
    return (x0, float(ink.top + high), x1, float(ink.top + low + 1))


def _core(rows: npt.NDArray[np.float64], inner: slice) -> tuple[int, int]:
    """First and last row of the band that holds most ink within the line's own box."""
    # not the fullest row, which serifs make
    inked = np.flatnonzero(rows > 0.3 * np.percentile(rows[inner], FULL))
    bands = np.split(inked, np.flatnonzero(np.diff(inked) > 2) + 1)
    centre = (inner.start + inner.stop) / 2

    def weight(band: Numbers) -> float:
        mine = rows[max(band[0], inner.start) : min(band[-1] + 1, inner.stop)].sum()
        off = abs((band[0] + band[-1]) / 2 - centre) / max(inner.stop - inner.start, 1)
        return float(mine * (1 - off))

    best = max(bands, key=weight)
    return int(best[0]), int(best[-1])


def _reach(ink: LineInk, core: float) -> tuple[int, int]:
    """First and last row of the letters that stand in the core and of the marks that belong to them."""
    boxes, own = ink.pieces, ink.letters
    # what the edge of the strip cuts off is another line's, if it is no letter
    edge = (boxes[:, 1] == 0) | (boxes[:, 3] == ink.rows - 1)
    for _ in range(STACKED):
        own = own | (~edge & _near(boxes, boxes[own], NEAR * core))
    if not own.any():
        return ink.first, ink.last
    high, low = int(boxes[own, 1].min()), int(boxes[own, 3].max())
    return (
        max(min(high, ink.first), ink.first - round(HIGHEST * core)),
        min(max(low, ink.last), ink.last + round(DEEPEST * core)),
    )


def _pieces(strip: Grey) -> Numbers:
    """The connected pieces of ink as rows of left, top, right, bottom, the last pixels included."""
    dark = strip[strip < INK]
    level = 255 - LIGHTEST * (255 - float(np.percentile(dark, DARKEST)))
    mask = cv2.threshold(strip, level, 1, cv2.THRESH_BINARY_INV)[1]
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    x, y, wide, high, _ = stats[1:].astype(np.int64).T
    return np.stack([x, y, x + wide - 1, y + high - 1], axis=1)


def _near(boxes: Numbers, letters: Numbers, far: float) -> npt.NDArray[np.bool_]:
    """Which pieces stand over or under a letter, no further from it than this."""
    if not len(letters):
        return np.zeros(len(boxes), bool)
    one, other = boxes[:, None, :], letters[None, :, :]
    across = np.minimum(one[..., 2], other[..., 2]) - np.maximum(one[..., 0], other[..., 0])
    apart = np.maximum(one[..., 1], other[..., 1]) - np.minimum(one[..., 3], other[..., 3])
    return np.asarray(((across >= 0) & (apart <= far)).any(axis=1), bool)
