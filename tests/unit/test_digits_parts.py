"""The parts of the handwriting reader: ink, cuts, lattice and columns."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_worker.digits.columns import column_texts
from ocr_worker.digits.ink import WORKING_DPI, find_ink, pixels
from ocr_worker.digits.lattice import PRINT_CLASS, Kind, allowed, spell
from ocr_worker.digits.reader import weigh
from ocr_worker.digits.segments import Piece, cut, pieces


def piece(first: int, last: int) -> Piece:
    return Piece(first=first, last=last, box=(0, 0, 1, 1))


def chances(**classes: float) -> list[float]:
    """Probabilities of the classes 0-9, print and broken; `d7=0.9` says the digit 7."""
    row = [0.001] * 12
    for name, value in classes.items():
        row[{"printed": PRINT_CLASS, "broken": 11}.get(name) or int(name[1:])] = value
    return row


def test_a_stroke_cut_in_two_is_read_whole_when_the_halves_are_no_digits() -> None:
    cuts = [piece(0, 1), piece(1, 2), piece(0, 2)]
    spelt = spell(cuts, np.array([chances(d1=0.2, broken=0.8), chances(d1=0.1, broken=0.9), chances(d4=0.95)]), 2)
    assert max(spelt, key=lambda text: spelt[text].probability) == "4"
    assert spelt["4"].pieces == (2,)
    assert sum(one.probability for one in spelt.values()) == pytest.approx(1)


def test_print_beside_the_digits_is_passed_over() -> None:
    cuts = [piece(0, 1), piece(1, 2)]
    spelt = spell(cuts, np.array([chances(printed=0.97), chances(d7=0.96)]), 2)
    assert max(spelt, key=lambda text: spelt[text].probability) == "7"


@pytest.mark.parametrize(
    ("text", "kind", "fits"),
    [
        ("31", "day", True),
        ("32", "day", False),
        ("00", "day", False),
        ("007", "day", False),
        ("12", "month", True),
        ("13", "month", False),
        ("000123", "number", True),
        ("", "number", False),
        ("2024", "year", True),
        ("1024", "year", False),
    ],
)
def test_each_kind_of_slot_has_its_range(text: str, kind: Kind, fits: bool) -> None:
    assert allowed(text, kind) is fits


def test_a_text_out_of_range_lowers_the_share_of_the_one_that_fits() -> None:
    cuts = [piece(0, 1), piece(1, 2)]
    shown = np.array([chances(d4=0.9, d1=0.08), chances(d7=0.97)])
    columns = {"47": 0.9, "17": 0.05}
    found = weigh(spell(cuts, shown, 2), columns, shown, "day")
    assert found is not None
    assert found.text == "17"
    assert found.signs[0] < 0  # log odds of its share: less likely than not


def test_columns_need_a_blank_between_equal_digits() -> None:
    def column(symbol: int) -> list[float]:
        return [0.98 if place == symbol else 0.002 for place in range(11)]

    apart = np.log([column(2), column(0), column(2)])
    together = np.log([column(2), column(2), column(2)])
    assert max(column_texts(apart, 6).items(), key=lambda item: item[1])[0] == "11"
    assert max(column_texts(together, 6).items(), key=lambda item: item[1])[0] == "1"


def test_two_digits_grown_together_are_offered_apart() -> None:
    picture = np.full((80, 120, 3), 250, np.uint8)
    picture[20:60, 30:34] = 10
    picture[20:60, 56:60] = 10
    picture[38:41, 30:60] = 10
    ink = find_ink(picture, WORKING_DPI)
    segments = cut(ink)
    assert ink.count == 1
    assert segments.count >= 2
    assert {(one.first, one.last) for one in pieces(segments)} >= {(0, 1), (0, segments.count)}


def test_specks_and_what_is_cut_off_from_the_line_above_are_no_strokes() -> None:
    picture = np.full((80, 160, 3), 250, np.uint8)
    picture[0:8, 20:60] = 10
    picture[40:43, 100:103] = 10
    assert find_ink(picture, WORKING_DPI).count == 0


def test_print_touched_by_a_stroke_loses_only_what_lies_in_its_box() -> None:
    picture = np.full((80, 160, 3), 250, np.uint8)
    picture[30:34, 20:60] = 10  # print
    picture[15:65, 58:64] = 10  # a written stroke that touches it
    ink = find_ink(picture, WORKING_DPI, [(15, 25, 56, 40)])
    columns = np.flatnonzero((ink.labels > 0).any(0))
    assert ink.count == 1
    assert columns[0] >= 56
    assert columns[-1] == 63


def test_paper_turned_brown_and_faint_blue_ink_still_show_strokes() -> None:
    picture = np.tile(np.linspace(150, 200, 160)[None, :, None] * np.array([1.0, 0.85, 0.6]), (80, 1, 1))
    picture[20:60, 70:75] = picture[20:60, 70:75] * np.array([0.5, 0.6, 0.9])
    ink = find_ink(picture.astype(np.uint8), WORKING_DPI)
    rows = np.flatnonzero((ink.labels > 0).any(1))
    assert ink.count == 1
    assert len(rows) == pytest.approx(40, abs=pixels(0.4))
