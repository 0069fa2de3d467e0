"""Stamps are taken out of a slot before it is read, pens and print are not."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.layout.slot_ink import coloured_share, without_black, without_stamp

Bytes = npt.NDArray[np.uint8]

PAPER, BLACK, BLUE, RED = (248, 246, 242), (35, 35, 38), (40, 50, 140), (215, 45, 50)


def slot() -> Bytes:
    return np.full((80, 200, 3), PAPER, np.uint8)


def bar(picture: Bytes, left: int, colour: tuple[int, int, int]) -> Bytes:
    picture[20:60, left : left + 12] = colour
    return picture


def sealed(picture: Bytes) -> Bytes:
    """Red ink lets black and blue through, as a real seal does."""
    seal = np.full_like(picture, 255)
    cv2.circle(seal, (100, 60), 45, RED, 8)
    return np.asarray(np.minimum(picture, seal), np.uint8)


def test_a_seal_over_print_leaves_the_print_alone() -> None:
    plain = bar(slot(), 100, BLACK)
    cleared = without_stamp(sealed(plain.copy()))
    changed = np.abs(cleared.astype(int) - plain).max(axis=2)
    assert (changed > 60).mean() < 0.005


def test_a_blue_pen_keeps_its_colour_beside_a_seal() -> None:
    cleared = without_stamp(sealed(bar(slot(), 20, BLUE)))
    assert (cleared[40, 26] == BLUE).all()


def test_a_number_in_red_is_no_stamp_over_something_else() -> None:
    picture = bar(slot(), 60, RED)
    assert (without_stamp(picture) == picture).all()


def test_print_under_a_seal_is_not_taken_for_a_coloured_pen() -> None:
    assert coloured_share(without_stamp(sealed(bar(slot(), 100, BLACK)))) < 0.1
    assert coloured_share(without_stamp(sealed(bar(slot(), 20, BLUE)))) > 0.8


def test_black_print_beside_a_coloured_pen_becomes_paper() -> None:
    cleared = without_black(bar(bar(slot(), 20, BLUE), 150, BLACK))
    assert (cleared[40, 26] == BLUE).all()
    assert np.abs(cleared[40, 156].astype(int) - PAPER).max() < 4
