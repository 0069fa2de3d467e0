"""Finding the ink of stamps on a page: coloured marks of a word stamp's size."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.pages.channels import brightest, darkest
from ocr_worker.pages.document import MILLIMETRES_PER_INCH

# of 255, on white-balanced paper; a stamp faded to a third still shows 60, compression noise about 10
RED_LEVEL = 22
# millimetres: the forms are 20 to 40 by 8 mm, older and home-made stamps up to half as large again
LENGTHS = (9.0, 65.0)
HEIGHTS = (2.8, 20.0)
SLIMMEST, STOUTEST = 9.5, 1.35
# room around what was found: marks over and under the letters of a faded stamp stand apart
ROOM = 0.8
# gaps that fading tears into a frame, and the gap between two words without one
JOINS = (1.2, 4.5)
FADED, FADED_BLUR = 0.5, 0.3
# a page with more marks of this size than that is a red table or a picture
MOST_STAMPS = 24

Picture = npt.NDArray[np.uint8]
Outline = cv2.typing.MatLike
Corners = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A stamp turned upright: ``ink`` (255 where inked) inside the frame, and how many sides are framed.

    ``whole`` is the ink with what was taken for a side of the frame: it may be the stem of a letter.
    """

    ink: Picture = field(repr=False)
    whole: Picture = field(repr=False)
    sides: int
    millimetres: tuple[float, float]
    corners: Corners = field(repr=False)

    def within(self, other: Stamp) -> bool:
        """Whether this is a part of another stamp's ink, such as one of its letters."""
        x, y = (float(value) for value in self.corners.mean(axis=0))
        return cv2.pointPolygonTest(other.corners, (x, y), measureDist=False) >= 0


def red_ink(balanced: Picture) -> Picture:
    """How red each pixel of a balanced picture is, 0 to 255."""
    red, green, blue = cv2.split(balanced.astype(np.float32))
    # crimson holds some blue and orange some green, paper and skin tones hold much of both
    redness = cv2.min(red - 0.7 * cv2.max(green, blue) - 0.3 * cv2.min(green, blue), red - green)
    return np.asarray(np.clip(redness, 0, 255), np.uint8)


def other_ink(balanced: Picture) -> Picture:
    """How coloured each pixel is, 0 to 255, whatever the colour: home-made stamps are violet, blue or pink."""
    return np.asarray(cv2.subtract(brightest(balanced), darkest(balanced)), np.uint8)


def balanced(rgb: Picture) -> Picture:
    """The colours on paper taken as white whatever its tint."""
    small = cv2.resize(rgb, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = np.percentile(small.reshape(-1, 3), 80, axis=0).clip(60, 255)
    steps = np.arange(256, dtype=np.float32)[:, None] * (255.0 / paper)
    return np.asarray(cv2.LUT(rgb, np.clip(steps.round(), 0, 255).astype(np.uint8)[:, None, :]), np.uint8)


def colour_stamps(ink: Picture, dpi: float, level: int = RED_LEVEL) -> Iterator[Stamp]:
    """Every patch of coloured ink of a word stamp's size, framed or not, upright."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    # a faded stamp is speckled: evened out it stands above less
    even = np.asarray(cv2.GaussianBlur(ink, (0, 0), FADED_BLUR * per_mm), np.uint8)
    masks = ((ink > level).astype(np.uint8), (even > level * FADED).astype(np.uint8))
    seen: list[Corners] = []
    for mask, join in itertools.product(masks, JOINS):
        across, down = max(round(join * per_mm), 1), max(round(JOINS[0] * per_mm), 1)
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
        # also what stands inside another mark: a certificate's red border goes round the whole page
        outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        for index, outline in enumerate(outlines):
            if tree[0][index][3] >= 0:
                continue
            rectangle = stamp_rectangle(outline, per_mm)
            if rectangle is None or any(same_place(rectangle, other, per_mm) for other in seen):
                continue
            seen.append(rectangle)
            if len(seen) > MOST_STAMPS:
                return
            yield upright(ink, rectangle, per_mm)


def stronger(ink: Picture, dpi: float) -> Picture:
    """Ink so pale that the grain of the paper hides it: evened out, and three times as strong."""
    even = cv2.GaussianBlur(ink, (0, 0), FADED_BLUR * dpi / MILLIMETRES_PER_INCH)
    return np.asarray(cv2.convertScaleAbs(even, alpha=3.0), np.uint8)


def stamp_rectangle(
    outline: Outline,
    per_mm: float,
    lengths: tuple[float, float] = LENGTHS,
    heights: tuple[float, float] = HEIGHTS,
) -> Corners | None:
    """The four corners, clockwise from the top left as the stamp reads; None for another size or shape."""
    (x, y), (across, down), angle = cv2.minAreaRect(outline)
    if across < down:
        across, down, angle = down, across, angle - 90
    angle = (angle + 90) % 180 - 90
    long, high = across / per_mm, down / per_mm
    fits = lengths[0] <= long <= lengths[1] and heights[0] <= high <= heights[1]
    if not fits or not STOUTEST <= long / high <= SLIMMEST:
        return None
    turn = np.deg2rad(angle)
    along = np.array((np.cos(turn), np.sin(turn))) * (across / 2 + ROOM * per_mm)
    below = np.array((-np.sin(turn), np.cos(turn))) * (down / 2 + ROOM * per_mm)
    middle = np.array((x, y))
    return np.array(
        [middle - along - below, middle + along - below, middle + along + below, middle - along + below], np.float32
    )


def same_place(one: Corners, other: Corners, per_mm: float) -> bool:
    """Whether two rectangles are one found twice."""
    return bool(np.abs(one - other).max() < 1.0 * per_mm)


def upright(ink: Picture, corners: Corners, per_mm: float) -> Stamp:
    """What stands within the corners, turned upright, without the frame that it may have."""
    across = float(np.linalg.norm(corners[1] - corners[0]))
    down = float(np.linalg.norm(corners[3] - corners[0]))
    target = np.array([(0, 0), (across, 0), (across, down), (0, down)], np.float32)
    how = cv2.getPerspectiveTransform(corners, target)
    flat = np.asarray(cv2.warpPerspective(ink, how, (round(across), round(down)), flags=cv2.INTER_CUBIC), np.uint8)
    inner, sides = _without_frame(flat)
    return Stamp(ink=inner, whole=flat, sides=sides, millimetres=(across / per_mm, down / per_mm), corners=corners)


def _without_frame(flat: Picture) -> tuple[Picture, int]:
    """What stands inside the frame, and how many of its sides were seen."""
    level = max(float(np.percentile(flat, 97)) * 0.4, float(RED_LEVEL))
    mask = flat > level
    height, width = mask.shape
    reach = max(int(height * 0.28), 2)
    cuts = []
    sides = 0
    for lines, deep in (
        (mask, reach),
        (mask[::-1], reach),
        (mask.T, reach),
        (mask[:, ::-1].T, reach),
    ):
        covered = _spread(lines[:deep]).mean(axis=1)
        framed = np.flatnonzero(covered > 0.5)
        sides += bool(framed.size)
        cuts.append(int(framed[-1]) + 2 if framed.size else 0)
    top, bottom, left, right = cuts
    inner = flat[top : height - bottom, left : width - right]
    return (inner if min(inner.shape) > 4 else flat), sides


def _spread(lines: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """A frame line that is still a little tilted counts in the row beside it too."""
    wide = lines.copy()
    wide[1:] |= lines[:-1]
    wide[:-1] |= lines[1:]
    return wide
