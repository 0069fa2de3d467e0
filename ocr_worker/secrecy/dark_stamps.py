"""Finding stamps without a colour: what a grey or black and white scan leaves of them, and black stamp pads."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr_worker.pages.channels import brightest
from ocr_worker.pages.document import MILLIMETRES_PER_INCH
from ocr_worker.secrecy.stamp_frame import (
    MOST_STAMPS,
    Corners,
    Picture,
    Stamp,
    same_place,
    stamp_rectangle,
    upright,
)

# of 255 below the paper: black print, the strongest stamp that can be told from it; where frames are looked for
PRINT_LEVEL = 110
STAMP_LEVEL = 95
FRAME_LEVELS = (PRINT_LEVEL, 55, 26)
WORD_LEVELS = (PRINT_LEVEL, 32)
# print that runs through a frame takes some of the room inside it
FILLED = 0.4
# millimetres: more than the space of the largest stamps (1.7), and what parts a letter from its marks
WORD_JOIN, MARK_JOIN = 2.2, 0.9
# millimetres: MẬT of 10 points to TUYỆT MẬT of 20 with a frame that fading tore
WORD_LENGTHS, WORD_HEIGHTS = (7.5, 60.0), (2.8, 12.0)
# times its height; of its length
SHORT, LEANING = 3.0, 0.07
# what a page has of short lines that stand alone; a table has more
MOST_WORDS = 40
# the paper's own shade changes over centimetres
SHADE_MM = 6.0


def dark_ink(rgb: Picture, dpi: float) -> Picture:
    """How much darker than the paper around it each pixel is, 0 to 255."""
    light = brightest(rgb)
    small = np.asarray(cv2.resize(light, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA), np.uint8)
    reach = max(round(SHADE_MM * dpi / MILLIMETRES_PER_INCH / 8), 1) * 2 + 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), 5)
    paper = cv2.resize(paper, (light.shape[1], light.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(np.asarray(paper, np.uint8), light), np.uint8)


def dark_frames(darkness: Picture, dpi: float) -> Iterator[Stamp]:
    """Every rectangle drawn in dark ink, of a word stamp's size."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    seen: list[Corners] = []
    faint = _without_print(darkness)
    for level in FRAME_LEVELS:
        mask = (darkness > level).astype(np.uint8)
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        found = 0
        for index, outline in enumerate(outlines):
            if tree[0][index][3] < 0:  # the outside of a mark; a frame is found by the hole in it
                continue
            rectangle = stamp_rectangle(outline, per_mm)
            if rectangle is None or cv2.contourArea(outline) < FILLED * cv2.contourArea(rectangle):
                continue
            if any(same_place(rectangle, other, per_mm) for other in seen):
                continue
            seen.append(rectangle)
            found += 1
            if found > MOST_STAMPS:
                break
            yield upright(darkness, rectangle, per_mm)
            if level < PRINT_LEVEL:
                yield upright(faint, rectangle, per_mm)


def _without_print(darkness: Picture) -> Picture:
    """The ink that is fainter than print: of a stamp set over lines of text."""
    printed = cv2.dilate((darkness > STAMP_LEVEL).astype(np.uint8), np.ones((3, 3), np.uint8))
    # the fringes of the letters taken out are left as specks
    return np.asarray(cv2.medianBlur(np.where(printed > 0, 0, darkness).astype(np.uint8), 3), np.uint8)


def dark_words(darkness: Picture, dpi: float) -> Iterator[Stamp]:
    """Every short line in dark ink that stands alone, from the top of the page."""
    per_mm = dpi / MILLIMETRES_PER_INCH
    across, down = round(WORD_JOIN * per_mm), round(MARK_JOIN * per_mm)
    seen: list[Corners] = []
    for level in WORD_LEVELS:
        mask = (darkness > level).astype(np.uint8)
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
        outlines, _ = cv2.findContours(joined, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        rectangles = [
            rectangle
            for outline in outlines
            if (rectangle := stamp_rectangle(outline, per_mm, WORD_LENGTHS, WORD_HEIGHTS)) is not None
            and not any(same_place(rectangle, other, per_mm) for other in seen)
        ]
        rectangles = sorted(rectangles, key=lambda corners: float(corners[0][1]))[:MOST_WORDS]
        seen += rectangles
        for rectangle in rectangles:
            yield upright(darkness, rectangle, per_mm)
            if _slant_is_unsure(rectangle):
                yield upright(darkness, _level(rectangle), per_mm)


def _slant_is_unsure(corners: Corners) -> bool:
    """Whether the box of a short word leans: the marks over and under its letters may have turned it."""
    along, below = corners[1] - corners[0], corners[3] - corners[0]
    short = float(np.linalg.norm(along)) < SHORT * float(np.linalg.norm(below))
    return short and abs(float(along[1])) > LEANING * abs(float(along[0]))


def _level(corners: Corners) -> Corners:
    """The upright box around a slanted one."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
