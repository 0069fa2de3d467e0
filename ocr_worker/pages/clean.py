"""Pages made ready for recognition: straight, even, without coloured ink and ruled lines; the colours are kept too."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from connector.domain.extraction import Box
from ocr_worker.pages.channels import brightest
from ocr_worker.pages.render import PageImage

MILLIMETRES_PER_INCH = 25.4
# letters of the body are read best between these resolutions
LEAST_DPI, MOST_DPI = 240.0, 300.0
STEEPEST = 6.0  # degrees that a sheet may lie askew
STRAIGHT = 0.12
TILT_DPI = 75
# how far apart the channels of grey print may be after JPEG and the sensor's own fringes
GREY_CHROMA = 40
# a page whose ink is coloured by more than this is printed in colour, not stamped
COLOURED_PRINT = 0.6
# dots of a leader: size, distance, and how many in a row make one
DOT_MM, DASH_MM, LEADER_GAP_MM, LEADER_MM, LEADER_DOTS = 0.75, 2.5, 2.4, 8.0, 7
# how far under a letter its dot stands, and by how much of a leader's step a dot that is none of it is off
DOT_BELOW_MM, UNEVEN = 1.0, 0.3
RULE_MM, RULE_THICKNESS_MM = 9.0, 0.9
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

Bytes = npt.NDArray[np.uint8]
PixelBox = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class CleanPage:
    """A page upright and straight: ``rgb`` in its own colours, ``grey`` for reading the body.

    ``rules`` are the boxes of the ruled lines that were taken out of ``grey``, in pixels like all boxes here.
    """

    image: PageImage = field(repr=False)
    rgb: Bytes = field(repr=False)
    grey: Bytes = field(repr=False)
    dpi: float
    turned: int
    back: npt.NDArray[np.float64] = field(repr=False)
    rules: tuple[PixelBox, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.grey.shape[1], self.grey.shape[0]

    def millimetres(self, length: float) -> float:
        """Pixels as millimetres."""
        return length * MILLIMETRES_PER_INCH / self.dpi

    def pixels(self, millimetres: float) -> float:
        """Millimetres as pixels."""
        return millimetres * self.dpi / MILLIMETRES_PER_INCH

    def to_points(self, box: PixelBox) -> Box:
        """A box of this picture in PDF points from the top left of the unrotated page."""
        return self.image.to_points(_around_moved(box, self.back))

    def from_points(self, box: Box) -> PixelBox:
        """The inverse of ``to_points``."""
        whole = np.linalg.inv(np.vstack([self.back, [0.0, 0.0, 1.0]]))
        return _around_moved(self.image.from_points(box), whole[:2])


def _around_moved(box: PixelBox, how: npt.NDArray[np.float64]) -> PixelBox:
    """The upright box around a box that was turned, shifted or scaled."""
    x0, y0, x1, y1 = box
    (a, b, c), (d, e, f) = how.tolist()
    across = [a * x + b * y + c for x in (x0, x1) for y in (y0, y1)]
    down = [d * x + e * y + f for x in (x0, x1) for y in (y0, y1)]
    return min(across), min(down), max(across), max(down)


def clean_page(image: PageImage, *, turned: int = 0) -> CleanPage:
    """The page straightened; ``turned`` is a quarter turn clockwise that makes it upright."""
    rgb = image.rgb if not turned else np.asarray(cv2.rotate(image.rgb, _TURNS[turned]), np.uint8)
    scale = min(max(image.dpi, LEAST_DPI), MOST_DPI) / image.dpi
    tilt = _tilt(rgb, image.dpi)
    rgb, forward = _straight(rgb, scale, tilt)
    dpi = image.dpi * scale
    grey, rules = _body(rgb, dpi)
    back = np.asarray(np.linalg.inv(forward), np.float64)
    if turned:
        back = _unturned(turned, image.rgb.shape[1], image.rgb.shape[0]) @ back
    return CleanPage(image=image, rgb=rgb, grey=grey, dpi=dpi, turned=turned, back=back[:2], rules=tuple(rules))


def _tilt(rgb: Bytes, dpi: float) -> float:
    """Degrees by which lines of text climb to the right."""
    scale = TILT_DPI / dpi
    grey = brightest(np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8))
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), 9)
    rows, columns = np.nonzero(cv2.subtract(paper, grey) > 50)
    if len(rows) < 500:
        return 0.0
    if len(rows) > 40_000:
        chosen = np.random.default_rng(0).choice(len(rows), 40_000, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    coarse = np.arange(-STEEPEST, STEEPEST + 0.1, 0.5)
    some = slice(None, None, max(len(rows) // 10_000, 1))
    best = float(max(coarse, key=lambda angle: _sharpness(rows[some], columns[some], angle)))
    fine = np.arange(best - 0.5, best + 0.51, 0.1)
    best = float(max(fine, key=lambda angle: _sharpness(rows, columns, angle)))
    return best if abs(best) >= STRAIGHT else 0.0


def _sharpness(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], degrees: float) -> float:
    along = rows + columns * np.tan(np.deg2rad(degrees))
    profile = np.bincount((along - along.min()).astype(int)).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())


def _straight(rgb: Bytes, scale: float, tilt: float) -> tuple[Bytes, npt.NDArray[np.float64]]:
    height, width = rgb.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    if tilt == 0.0:
        forward = np.diag([size[0] / width, size[1] / height, 1.0])
        if size == (width, height):
            return rgb, forward
        return np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8), forward
    # positive tilt: the right end of a line stands higher, so the page is turned clockwise
    forward = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), -tilt, scale), [0, 0, 1]])
    forward[0, 2] += size[0] / 2 - width / 2
    forward[1, 2] += size[1] / 2 - height / 2
    paper = tuple(float(value) for value in np.percentile(rgb[::8, ::8].reshape(-1, 3), 80, axis=0))
    flags = cv2.INTER_LINEAR if scale <= 1 else cv2.INTER_CUBIC
    turned = cv2.warpAffine(rgb, forward[:2], size, flags=flags, borderValue=paper)
    return np.asarray(turned, np.uint8), forward


def _unturned(turned: int, width: int, height: int) -> npt.NDArray[np.float64]:
    """From pixels of the turned picture to pixels of the picture as it came (width by height)."""
    if turned == 90:
        return np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], np.float64)
    if turned == 180:
        return np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], np.float64)
    return np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], np.float64)


def _body(rgb: Bytes, dpi: float) -> tuple[Bytes, list[PixelBox]]:
    even = _even(rgb, dpi)
    grey = _without_leaders(_without_colour(even), dpi)
    return _without_rules(grey, dpi)


def _even(rgb: Bytes, dpi: float) -> Bytes:
    """Every channel divided by the paper around, so that uneven light and tinted paper become white."""
    shrink = min(36.0 / dpi, 1.0)
    small = np.asarray(cv2.resize(rgb, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    size = 9  # 6 mm
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((size, size), np.uint8)), size)
    paper = np.maximum(paper, 40)
    paper = cv2.resize(paper, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(rgb, paper, scale=255), np.uint8)


def _without_colour(even: Bytes) -> Bytes:
    """Grey print stays, red and blue ink becomes paper (Decree 30 prints in black; stamps and pens are coloured)."""
    red, green, blue = cv2.split(even)
    high = cv2.max(cv2.max(red, green), blue)
    low = cv2.min(cv2.min(red, green), blue)
    # of what is no further apart than the channels of grey print nothing is left
    chroma = cv2.subtract(high, low)
    coloured = np.asarray(cv2.addWeighted(chroma, 1.0, chroma, 0.0, -GREY_CHROMA), np.uint8)
    inked = _below(np.asarray(low, np.uint8), 140)
    total = cv2.countNonZero(inked)
    if total and cv2.countNonZero(cv2.subtract(inked, _below(coloured, 31))) > COLOURED_PRINT * total:
        return np.asarray(cv2.addWeighted(high, 0.4, low, 0.6, 0), np.uint8)
    # the rim of a coloured stroke is blurred into the paper and hardly coloured itself
    wide = cv2.dilate(coloured, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.add(cv2.add(high, wide), wide), np.uint8)


def _below(grey: Bytes, level: int) -> Bytes:
    """1 where a pixel is darker than a level."""
    return np.asarray(cv2.threshold(grey, level - 1, 1, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _without_leaders(grey: Bytes, dpi: float) -> Bytes:
    """Takes out rows of dots that forms are filled in on: recognisers read them into the words."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    ink = _below(grey, 205)
    thin_rows = _thin_rows(ink, per_mm)
    result = grey
    outlines, _ = cv2.findContours(thin_rows, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        top, bottom = max(y - 2, 0), y + h + 2
        x, w = max(x - 3, 0), w + 6
        part = ink[top:bottom, x : x + w]
        _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        fits = (stats[1:, 2] <= DASH_MM * per_mm) & (stats[1:, 3] <= DOT_MM * per_mm)
        if int(fits.sum()) < LEADER_DOTS:
            continue
        if result is grey:
            result = grey.copy()
        fits[fits] &= ~_under_letters(stats[1:][fits], ink[max(top - round(DOT_BELOW_MM * per_mm), 0) : top, x : x + w])
        dots = np.concatenate(([False], fits))[labels]
        erased = cv2.dilate(dots.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        result[top:bottom, x : x + w][erased] = 255
    return result


def _under_letters(dots: npt.NDArray[np.number], above: Bytes) -> npt.NDArray[np.bool_]:
    """Which dots (their boxes) stand out of the row's even step and under ink: the dot below of `Vệ ......`."""
    middles = dots[:, 0] + dots[:, 2] / 2
    order = np.argsort(middles)
    steps = np.diff(middles[order])
    even = np.abs(steps - np.median(steps)) < UNEVEN * np.median(steps)
    alone = np.empty(len(dots), bool)
    alone[order] = ~(np.append(even, False) | np.insert(even, 0, False))
    letters = np.array([bool(above[:, x : x + w].any()) for x, w in dots[:, [0, 2]]])
    return np.asarray(alone & letters, bool)


def _thin_rows(ink: Bytes, per_mm: float) -> Bytes:
    """Rows of small marks close to each other, and nothing as high as letters."""
    gap = np.ones((1, round(LEADER_GAP_MM * per_mm)), np.uint8)
    high = np.ones((round(DOT_MM * per_mm) + 2, 1), np.uint8)
    joined = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap), np.uint8)
    letters = cv2.dilate(cv2.morphologyEx(joined, cv2.MORPH_OPEN, high), np.ones((3, 1), np.uint8))
    thin = cv2.subtract(joined, np.asarray(letters, np.uint8))
    return np.asarray(
        cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, round(LEADER_MM * per_mm)), np.uint8)), np.uint8
    )


def _without_rules(grey: Bytes, dpi: float) -> tuple[Bytes, list[PixelBox]]:
    """Takes out long thin lines across and down, and mends the letters they cross."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    ink = _below(grey, 150)
    result = grey.copy()
    boxes: list[PixelBox] = []
    across = _long_runs(ink, per_mm)
    boxes += [(x, y, x + w, y + h) for x, y, w, h in _erase(result, ink, across, per_mm)]
    turned, turned_ink = _transposed(result), _transposed(ink)
    down = _long_runs(turned_ink, per_mm)
    boxes += [(y, x, y + h, x + w) for x, y, w, h in _erase(turned, turned_ink, down, per_mm)]
    return _transposed(turned), boxes


def _transposed(picture: Bytes) -> Bytes:
    return np.asarray(cv2.transpose(picture), np.uint8)


def _long_runs(ink: Bytes, per_mm: float) -> Bytes:
    length = max(round(RULE_MM * per_mm), 3)
    joined = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8)


def _erase(grey: Bytes, ink: Bytes, runs: Bytes, per_mm: float) -> list[tuple[int, int, int, int]]:
    outlines, _ = cv2.findContours(runs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    thickest = max(RULE_THICKNESS_MM * per_mm, 3)
    found = []
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        own = np.zeros((h, w), np.uint8)
        cv2.drawContours(own, [outline], 0, 1, cv2.FILLED, offset=(-x, -y))
        # a line that is a little askew is a staircase: what counts is its mean thickness
        if int(own.sum()) / w > thickest or h > 3 * thickest:
            continue
        found.append((x, y, w, h))
        top, bottom = max(y - 1, 0), min(y + h + 1, grey.shape[0])
        line = np.zeros((bottom - top, w), np.uint8)
        line[y - top : y - top + h] = own
        line = np.asarray(cv2.dilate(line, np.ones((3, 1), np.uint8)), np.uint8)
        above, below = ink[max(top - 2, 0), x : x + w], ink[min(bottom + 1, ink.shape[0] - 1), x : x + w]
        crossing = (above & below).astype(bool)
        grey[top:bottom, x : x + w][(line > 0) & ~crossing[None, :]] = 255
    return found
