"""The handwriting reader: what it reads, what it refuses, and how sure it says it is."""

from __future__ import annotations

import hashlib
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr_worker.digits import SlotReader
from ocr_worker.digits.reader import CALIBRATION
from ocr_worker.digits.teaching.allographs import draw_digit
from ocr_worker.digits.teaching.drawn_slots import Slot, draw_slot
from ocr_worker.digits.teaching.hands import FONTS, TAUGHT_FONTS, Hands

Picture = npt.NDArray[np.uint8]

SURE = 0.97
INSTALLED_HANDS = [
    FONTS / hand for hand in TAUGHT_FONTS if any(name in hand for name in ("Dancing", "Kristi", "dkg", "Breip"))
]


@cache
def reader() -> SlotReader:
    return SlotReader()


def paper(width: int = 260, height: int = 90) -> Picture:
    return np.full((height, width, 3), 245, np.uint8)


def written(text: str, ink: tuple[int, int, int] = (25, 25, 30), seed: int = 5) -> Picture:
    """A clean slot at 200 dpi in drawn strokes."""
    rng = np.random.default_rng(seed)
    picture = paper().astype(np.float32)
    x = 60
    for digit in text:
        drawing = cv2.resize(draw_digit(int(digit), 0, 0.1, rng), (72, 72), interpolation=cv2.INTER_AREA) / 255
        columns = np.flatnonzero((drawing > 0.3).any(0))
        drawing = drawing[:, columns[0] : columns[-1] + 1, None]
        place = picture[8:80, x : x + drawing.shape[1]]
        place += drawing * (np.array(ink) - place)
        x += drawing.shape[1] + 6
    return picture.astype(np.uint8)


def drawn_slots(count: int) -> list[Slot]:
    rng = np.random.default_rng(2026)
    hands = Hands(INSTALLED_HANDS, {}, drawn=0.5, printed=0)
    return [draw_slot(str(rng.integers(1, 10_000)), hands, rng) for _ in range(count)]


def test_most_drawn_slots_are_right_and_sure_ones_as_often_as_they_say() -> None:
    slots = drawn_slots(120)
    readings = [reader().read(slot.crop, dpi=200, kind="number", margin_print=slot.margin_print) for slot in slots]
    right = [reading.text == slot.text for reading, slot in zip(readings, slots, strict=True)]
    # which print stands beside a slot depends on the fonts that are installed
    assert np.mean(right) > 0.7
    sure = sum(reading.confidence >= SURE for reading in readings)
    sure_and_wrong = [
        (reading.text, slot.text)
        for reading, slot in zip(readings, slots, strict=True)
        if reading.confidence >= SURE and reading.text != slot.text
    ]
    assert sure > 30
    # two slanted strokes that have grown together are a 1 to anybody
    assert len(sure_and_wrong) <= (1 - SURE) * sure


@pytest.mark.parametrize("ink", [(25, 25, 30), (40, 60, 170), (180, 40, 45)], ids=["black", "blue", "red"])
def test_every_pen_colour_is_read(ink: tuple[int, int, int]) -> None:
    assert reader().read(written("27", ink), dpi=200, kind="day").text == "27"


def test_an_empty_slot_has_no_text() -> None:
    reading = reader().read(paper(), dpi=200, kind="number")
    assert (reading.text, reading.reason, reading.box) == (None, "empty", None)


def test_dots_and_a_ruled_line_are_no_digits() -> None:
    picture = paper()
    for x in range(5, 255, 9):
        cv2.circle(picture, (x, 70), 1, (60, 60, 60), -1)
    picture[76:78] = 70
    assert reader().read(picture, dpi=200, kind="number").text is None


def test_a_ruled_line_under_the_digits_does_not_change_them() -> None:
    picture = written("36")
    picture[76:78] = 70
    assert reader().read(picture, dpi=200, kind="number").text == "36"


def test_known_print_is_left_out() -> None:
    picture = written("14")
    cv2.putText(picture, "S", (10, 62), cv2.FONT_HERSHEY_TRIPLEX, 1.2, (20, 20, 20), 2)
    reading = reader().read(picture, dpi=200, kind="number", margin_print=[(6, 25, 45, 70)])
    assert reading.text == "14"
    assert reading.box is not None
    assert reading.box[0] >= 45


@pytest.mark.parametrize("word", ["Q", "/", "S:", "QD-UBND"])
def test_print_alone_never_passes_as_a_sure_number(word: str) -> None:
    picture = paper()
    cv2.putText(picture, word, (30, 60), cv2.FONT_HERSHEY_TRIPLEX, 1.1, (20, 20, 20), 2)
    reading = reader().read(picture, dpi=200, kind="number")
    assert reading.text is None or reading.confidence < SURE


def test_a_day_above_31_is_not_offered_with_confidence() -> None:
    reading = reader().read(written("47"), dpi=200, kind="day")
    assert reading.text is None or (int(reading.text) <= 31 and reading.confidence < SURE)


def test_the_box_surrounds_the_digits_in_pixels_of_the_crop() -> None:
    picture = cv2.resize(written("58"), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    reading = reader().read(np.asarray(picture, dtype=np.uint8), dpi=300, kind="number")
    assert reading.text == "58"
    assert reading.box is not None
    rows, columns = np.nonzero(picture.min(axis=2) < 120)
    ink = (columns.min(), rows.min(), columns.max(), rows.max())
    assert max(abs(a - b) for a, b in zip(reading.box, ink, strict=True)) <= 6


def test_a_scan_of_100_dpi_is_read() -> None:
    picture = cv2.resize(written("03"), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert reader().read(np.asarray(picture, dtype=np.uint8), dpi=100, kind="month").text == "03"


@pytest.mark.parametrize("name", ["slots.onnx", "pieces.onnx"])
def test_a_model_is_small_and_the_one_that_its_card_describes(name: str) -> None:
    content = CALIBRATION.with_name(name).read_bytes()
    assert len(content) < 3_000_000
    assert hashlib.sha256(content).hexdigest() in CALIBRATION.with_name("MODEL.md").read_text()
