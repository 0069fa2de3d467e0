"""Pages made ready for recognition: straight, even, without coloured ink and ruled lines; the colours are kept too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from connector.domain.extraction import Box
from ocr_worker.pages.black_print import black_print
from ocr_worker.pages.channels import darkest
from ocr_worker.pages.document import MILLIMETRES_PER_INCH
from ocr_worker.pages.reduced import halved
from ocr_worker.pages.render import PageImage
from ocr_worker.pages.rules import without_leaders, without_rules
from ocr_worker.pages.tilt import tilt

# letters of the body are read best between these resolutions
LEAST_DPI, MOST_DPI = 240.0, 300.0
# a resolution this near to them is left as it is
NEARLY = 0.02
# pixels around a place that its own are made from
BEYOND = 3
# what shows how askew a page lies is half that or a little more
LOOK_DPI = 150.0
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

Bytes = npt.NDArray[np.uint8]
PixelBox = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class CleanPage:
    """A page upright and straight: ``grey`` for reading the body, its own ``colours`` where they are asked for.

    ``rules`` are the boxes of the ruled lines that were taken out of ``grey``, in pixels like all boxes here.
    """

    image: PageImage = field(repr=False)
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

    def colours(self, box: PixelBox) -> Bytes:
        """What stands in a box, in the page's own colours (height, width, 3)."""
        return self._seen(lambda part: part, box, 1.0, self._paper)

    def inks(self, box: PixelBox, *, scale: float = 1.0) -> Bytes:
        """The darkest channel of what stands in a box: ink of every colour; smaller or larger by ``scale``."""
        return self._seen(darkest, box, scale, self._paper[:1])

    def _seen(self, layer: Callable[[Bytes], Bytes], box: PixelBox, scale: float, paper: tuple[float, ...]) -> Bytes:
        """A layer of the scan's own pixels within a box, straightened."""
        x0, y0, x1, y1 = (max(round(edge), 0) for edge in box)
        x1, y1 = min(x1, self.size[0]), min(y1, self.size[1])
        size = (round((x1 - x0) * scale), round((y1 - y0) * scale))
        seen = self.image.rgb
        if min(size) < 1:
            return np.empty((max(size[1], 0), max(size[0], 0), *layer(seen[:1, :1]).shape[2:]), np.uint8)
        how = self.back @ np.array([[1 / scale, 0, x0], [0, 1 / scale, y0], [0, 0, 1]])
        left, top, right, bottom = _around_moved((0, 0, *size), how)
        left, top = max(int(left) - BEYOND, 0), max(int(top) - BEYOND, 0)
        part = layer(np.ascontiguousarray(seen[top : int(bottom) + BEYOND, left : int(right) + BEYOND]))
        how[:, 2] -= (left, top)
        flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_CUBIC if self.dpi * scale >= self.image.dpi else cv2.INTER_LINEAR)
        return np.asarray(cv2.warpAffine(part, how, size, flags=flags, borderValue=paper), np.uint8)

    @cached_property
    def _paper(self) -> tuple[float, ...]:
        """The colour around the page where it was turned."""
        some = self.image.rgb[::32, ::32].reshape(-1, 3)
        return tuple(float(value) for value in np.percentile(some, 80, axis=0))

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
    scale = _scale(image.dpi)
    height, width = rgb.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if scale < 1:
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    small, small_dpi = halved(rgb, min(image.dpi, image.dpi * scale), below=LOOK_DPI)
    print_alone = black_print(rgb, small, small_dpi)
    grey, forward = _straight(print_alone, size, tilt(small, small_dpi))
    grey, rules = without_rules(without_leaders(grey, image.dpi * scale), image.dpi * scale)
    forward = forward @ np.diag([size[0] / width, size[1] / height, 1.0])
    back = np.asarray(np.linalg.inv(forward), np.float64)
    if turned:
        back = _unturned(turned, image.rgb.shape[1], image.rgb.shape[0]) @ back
    return CleanPage(image=image, grey=grey, dpi=image.dpi * scale, turned=turned, back=back[:2], rules=tuple(rules))


def _scale(dpi: float) -> float:
    """To a resolution at which letters of the body are read best."""
    scale = min(max(dpi, LEAST_DPI), MOST_DPI) / dpi
    return scale if abs(scale - 1) > NEARLY else 1.0


def _straight(grey: Bytes, size: tuple[int, int], degrees: float) -> tuple[Bytes, npt.NDArray[np.float64]]:
    """The page at this size and turned about its middle, and how pixels of that size were moved."""
    if (grey.shape[1], grey.shape[0]) != size:
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    if degrees == 0.0:
        return grey, np.eye(3)
    # positive tilt: the right end of a line stands higher, so the page is turned clockwise
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -degrees, 1.0)
    turned = cv2.warpAffine(grey, turn, size, flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(turned, np.uint8), np.vstack([turn, [0, 0, 1]])


def _unturned(turned: int, width: int, height: int) -> npt.NDArray[np.float64]:
    """From pixels of the turned picture to pixels of the picture as it came (width by height)."""
    if turned == 90:
        return np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], np.float64)
    if turned == 180:
        return np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], np.float64)
    return np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], np.float64)
