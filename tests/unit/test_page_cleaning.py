"""Pages straightened, their colours where they are asked for, and the lines and frames found on them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_worker.layout.stamped_frames import stamped_frames
from ocr_worker.pages.clean import CleanPage, clean_page
from ocr_worker.pages.reduced import halved
from ocr_worker.pages.render import PageImage
from ocr_worker.pages.rules import without_leaders, without_rules
from ocr_worker.pages.tilt import tilt

A4 = (595.0, 842.0)
PAPER, BLACK, BLUE, RED = (245, 245, 245), (20, 20, 20), (30, 50, 160), (190, 20, 30)


def sheet(dpi: int = 200) -> np.ndarray:
    """Lines of black print with one blue mark in the middle of the page."""
    rgb = np.full((round(A4[1] / 72 * dpi), round(A4[0] / 72 * dpi), 3), PAPER, np.uint8)
    for row in range(300, 2000, 50):
        for column in range(200, 1400, 25):
            cv2.rectangle(rgb, (column, row), (column + 15, row + 22), BLACK, -1)
    cv2.rectangle(rgb, (700, 1100), (900, 1200), PAPER, -1)
    cv2.rectangle(rgb, (760, 1120), (840, 1180), BLUE, -1)
    return rgb


def askew(rgb: np.ndarray, degrees: float) -> np.ndarray:
    """The right end of its lines ``degrees`` higher."""
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(rgb, turn, (width, height), borderValue=PAPER), np.uint8)


def image_of(rgb: np.ndarray, dpi: float = 200) -> PageImage:
    return PageImage(rgb=rgb, dpi=dpi, page=1, frame=(0.0, 0.0, *A4))


def blue_box(clean: CleanPage) -> tuple[float, ...]:
    """Where the blue mark is among the colours of the whole page, in pixels of the page."""
    colours = clean.colours((0, 0, *clean.size)).astype(int)
    rows, columns = np.nonzero(colours[..., 2] - colours[..., 0] > 80)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize("degrees", [-1.35, -0.25, 0.6, 4.0])
def test_the_tilt_of_a_page_is_found_to_a_twentieth_of_a_degree(degrees: float) -> None:
    small, dpi = halved(askew(sheet(), degrees), 200, below=150)

    assert tilt(small, dpi) == pytest.approx(degrees, abs=0.051)


def test_the_black_border_of_a_scanner_says_nothing_of_the_tilt_of_the_sheet() -> None:
    page = askew(sheet(), -0.8)
    page[-60:] = BLACK
    page[400:1900] = PAPER  # and the text is short
    small, dpi = halved(page, 200, below=150)

    assert tilt(small, dpi) == pytest.approx(-0.8, abs=0.051)


def test_a_page_that_hardly_lies_askew_is_not_turned() -> None:
    small, dpi = halved(askew(sheet(), 0.05), 200, below=150)

    assert tilt(small, dpi) == 0.0


@pytest.mark.parametrize(("dpi", "scale"), [(100, 2.4), (200, 1.2), (300, 1.0), (302, 1.0), (600, 0.5)])
def test_pages_are_read_at_240_to_300_dots_per_inch(dpi: int, scale: float) -> None:
    clean = clean_page(image_of(np.full((1169, 827, 3), PAPER, np.uint8), dpi))

    assert clean.dpi == pytest.approx(dpi * scale)
    assert clean.size == (round(827 * scale), round(1169 * scale))


@pytest.mark.parametrize("degrees", [0.0, 1.2])
def test_colours_lie_where_the_words_of_the_straight_page_are(degrees: float) -> None:
    clean = clean_page(image_of(askew(sheet(), degrees)))

    assert blue_box(clean) == pytest.approx([edge * 1.2 for edge in (760, 1120, 841, 1181)], abs=3)
    x0, y0, x1, y1 = (round(edge) for edge in blue_box(clean))
    assert clean.grey[y0:y1, x0:x1].min() > 200  # and the body is read without them


def test_colours_of_a_page_on_its_side_stand_upright() -> None:
    lying = np.ascontiguousarray(np.rot90(sheet()))

    clean = clean_page(image_of(lying), turned=90)

    assert blue_box(clean) == pytest.approx([edge * 1.2 for edge in (760, 1120, 841, 1181)], abs=3)


def test_a_page_printed_in_colour_is_read_in_colour() -> None:
    blue = sheet()
    blue[(blue == BLACK).all(axis=2)] = BLUE

    grey = clean_page(image_of(blue)).grey

    assert (grey < 140).mean() > 0.1


def test_colours_end_with_the_page() -> None:
    clean = clean_page(image_of(sheet()))
    width, height = clean.size

    assert clean.colours((-20, -20, 40, 30)).shape == (30, 40, 3)
    assert clean.colours((width - 40, height - 30, width + 20, height + 20)).shape == (30, 40, 3)
    assert clean.colours((40, 30, 20, 10)).size == 0
    assert clean.inks((40, 30, 20, 10)).size == 0


def test_inks_of_every_colour_are_dark_and_may_be_looked_at_smaller() -> None:
    half = clean_page(image_of(sheet())).inks((700, 1200, 1100, 1500), scale=0.5).astype(int)

    assert half.shape == (150, 200)
    assert half[90, 130] == pytest.approx(min(BLUE), abs=6)
    assert half[66, 14] == pytest.approx(min(BLACK), abs=6)
    assert half[66, 94] == pytest.approx(min(PAPER), abs=6)


def test_halving_goes_on_until_the_resolution_is_low_enough() -> None:
    small, dpi = halved(np.zeros((2339, 1654, 3), np.uint8), 300, below=150)

    assert (small.shape, dpi) == ((585, 414, 3), 75)


@pytest.mark.parametrize("start", range(40, 48))
def test_rules_are_found_wherever_they_begin(start: int) -> None:
    grey = np.full((400, 400), 255, np.uint8)
    length = round(9 * 240 / 25.4)  # the shortest rule
    grey[100:102, start : start + length] = 20
    grey[150:152, start : start + length - 1] = 20
    grey[200 : 200 + length, start : start + 2] = 20

    cleaned, rules = without_rules(grey, 240)

    assert {(left, top) for left, top, _, _ in rules} == {(start, 100), (start, 200)}
    assert cleaned[100:102].min() == cleaned[200 : 200 + length].min() == 255
    assert cleaned[150:152].min() == 20


def test_dots_are_taken_out_as_far_as_they_make_a_row() -> None:
    grey = np.full((400, 600), 255, np.uint8)
    grey[100:103, 50:500:12] = 20
    grey[100:103, 51:501:12] = 20
    grey[200:203, 50:100:12] = 20

    cleaned = without_leaders(grey, 240)

    assert cleaned[100:103].min() == 255
    assert cleaned[200:203].min() == 20


def test_the_frame_of_a_stamp_is_found_within_a_border_and_a_filled_box_is_none() -> None:
    rgb = np.full((2339, 1654, 3), PAPER, np.uint8)
    cv2.rectangle(rgb, (60, 60), (1594, 2279), BLACK, 6)
    cv2.rectangle(rgb, (200, 200), (650, 420), RED, 3)
    cv2.putText(rgb, "DEN", (300, 330), cv2.FONT_HERSHEY_SIMPLEX, 2, RED, 4)
    cv2.rectangle(rgb, (900, 200), (1350, 420), BLACK, -1)

    found = stamped_frames(clean_page(image_of(rgb)), 700)

    assert len(found) == 1
    assert found[0] == pytest.approx([edge * 1.2 for edge in (198, 198, 653, 423)], abs=8)
