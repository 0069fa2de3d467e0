"""The parts of the handwriting reader: ink, the picture that the network sees, and what its columns spell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from ocr_worker.digits.columns import column_texts, digit_places, plain_text, text_chances
from ocr_worker.digits.ink import WORKING_DPI, find_ink, pixels
from ocr_worker.digits.kinds import Kind, allowed
from ocr_worker.digits.lattice import PRINT_CLASS, spell
from ocr_worker.digits.picture import HEIGHT, PICTURE_DPI, WIDTHS, slot_picture
from ocr_worker.digits.reader import weigh
from ocr_worker.digits.segments import Piece, cut, pieces
from ocr_worker.digits.slot_views import SlotViews
from ocr_worker.digits.stroke_reader import StrokeTexts

Doubles = npt.NDArray[np.float64]


def columns(*symbols: int) -> Doubles:
    """Log probabilities of columns that each show one class: 0 is the blank, d + 1 the digit d."""
    return np.log([[0.98 if place == symbol else 0.002 for place in range(11)] for symbol in symbols])


def piece(first: int, last: int) -> Piece:
    return Piece(first=first, last=last, box=(10 * first, 0, 10 * last, 20))


def chances(**classes: float) -> list[float]:
    """Probabilities of the classes 0-9, print and broken; `d7=0.9` says the digit 7."""
    row = [0.001] * 12
    for name, value in classes.items():
        row[{"printed": PRINT_CLASS, "broken": 11}.get(name) or int(name[1:])] = value
    return row


def strokes(*digits: dict[str, float], by_columns: dict[str, float]) -> StrokeTexts:
    """As many pieces in a row, each one segment, and what the columns of the strokes spell."""
    found = [piece(place, place + 1) for place in range(len(digits))]
    classes = np.array([chances(**one) for one in digits])
    return StrokeTexts(
        by_pieces=spell(found, classes, len(digits)),
        by_columns={text: float(np.log(chance)) for text, chance in by_columns.items()},
        pieces=tuple(found),
    )


def test_a_stroke_cut_in_two_is_read_whole_when_the_halves_are_no_digits() -> None:
    cuts = [piece(0, 1), piece(1, 2), piece(0, 2)]
    spelt = spell(cuts, np.array([chances(d1=0.2, broken=0.8), chances(d1=0.1, broken=0.9), chances(d4=0.95)]), 2)
    assert max(spelt, key=lambda text: spelt[text].probability) == "4"
    assert spelt["4"].pieces == (2,)
    assert sum(one.probability for one in spelt.values()) == pytest.approx(1)


def test_print_beside_the_digits_is_passed_over_and_lies_outside_of_their_box() -> None:
    read = strokes({"printed": 0.97}, {"d7": 0.96}, by_columns={"7": 0.9})
    assert max(read.by_pieces, key=lambda text: read.by_pieces[text].probability) == "7"
    assert read.box("7") == (10, 0, 20, 20)
    assert read.box("77777") is None


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
    read = strokes({"d4": 0.9, "d1": 0.08}, {"d7": 0.97}, by_columns={"47": 0.9, "17": 0.05})
    found = weigh(read, SlotViews(np.array([columns(5, 0, 8)])), "day")
    assert found is not None
    assert found.text == "17"
    assert found.signs[-1] < 0  # 47 leads


def test_nothing_is_read_where_nothing_is_likelier() -> None:
    read = strokes({"printed": 0.97, "d7": 0.02}, by_columns={"": 0.9, "7": 0.1})
    assert weigh(read, SlotViews(np.array([columns(0, 0, 0)])), "day") is None


def test_the_whole_slot_outweighs_strokes_that_were_cut_wrongly() -> None:
    read = strokes({"d1": 0.8}, {"d1": 0.7}, by_columns={"11": 0.7, "4": 0.2})
    found = weigh(read, SlotViews(np.array([columns(0, 5, 0)])), "number")
    assert found is not None
    assert found.text == "4"


def test_columns_need_a_blank_between_equal_digits() -> None:
    apart, together = columns(2, 0, 2), columns(2, 2, 2)
    assert max(column_texts(apart, 6).items(), key=lambda item: item[1])[0] == plain_text(apart) == "11"
    assert max(column_texts(together, 6).items(), key=lambda item: item[1])[0] == plain_text(together) == "1"


def test_the_chance_of_a_text_is_the_sum_over_all_ways_to_spell_it() -> None:
    rng = np.random.default_rng(3)
    views = np.log(rng.dirichlet(np.ones(11), (2, 3)))
    chances = text_chances(views, ["", "4", "44", "45", "456"])
    for view, (nothing, one, twice, two, three) in zip(np.exp(views), chances.T, strict=True):
        first, second, third = view
        ways = [first[5] * second[5] * third[5], first[5] * second[0] * third[0], first[0] * second[5] * third[0]]
        ways += [first[0] * second[0] * third[5], first[5] * second[5] * third[0], first[0] * second[5] * third[5]]
        assert np.exp(one) == pytest.approx(sum(ways))
        assert np.exp(nothing) == pytest.approx(first[0] * second[0] * third[0])
        assert np.exp(twice) == pytest.approx(first[5] * second[0] * third[5])
        ways = [first[5] * second[6] * third[6], first[5] * second[5] * third[6], first[5] * second[6] * third[0]]
        ways += [first[0] * second[5] * third[6], first[5] * second[0] * third[6]]
        assert np.exp(two) == pytest.approx(sum(ways))
        assert np.exp(three) == pytest.approx(first[5] * second[6] * third[7])


def test_each_digit_is_placed_where_it_shows() -> None:
    assert digit_places(columns(0, 8, 0, 0, 8, 5, 0), "774") == [1, 4, 5]


def test_the_network_sees_print_and_each_ink_in_layers_of_their_own() -> None:
    crop = np.full((80, 160, 3), 250, np.uint8)
    crop[30:60, 40:46] = (30, 40, 200)  # a blue pen
    crop[30:60, 100:106] = (200, 30, 40)  # a red stamp
    seen = slot_picture(crop, WORKING_DPI, [(120, 20, 150, 60)])
    scale = PICTURE_DPI / WORKING_DPI
    blue, red, told = (seen.pixels[HEIGHT // 2, round(seen.left + x * scale)] for x in (43, 103, 135))
    assert seen.pixels.shape == (HEIGHT, WIDTHS[1], 3)
    assert blue[0] > 200 > 100 > blue[1]
    assert red[1] > 200 > 100 > red[0]
    assert tuple(told) == (0, 0, 255)


def test_a_slot_wider_than_the_widest_picture_is_shrunk() -> None:
    seen = slot_picture(np.full((80, 900, 3), 250, np.uint8), WORKING_DPI)
    assert seen.pixels.shape[1] == WIDTHS[-1]
    assert seen.column(0) == pytest.approx(900 / WIDTHS[-1], abs=1)


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
    inked = np.flatnonzero((ink.labels > 0).any(0))
    assert ink.count == 1
    assert inked[0] >= 56
    assert inked[-1] == 63


def test_paper_turned_brown_and_faint_blue_ink_still_show_strokes() -> None:
    picture = np.tile(np.linspace(150, 200, 160)[None, :, None] * np.array([1.0, 0.85, 0.6]), (80, 1, 1))
    picture[20:60, 70:75] = picture[20:60, 70:75] * np.array([0.5, 0.6, 0.9])
    ink = find_ink(picture.astype(np.uint8), WORKING_DPI)
    rows = np.flatnonzero((ink.labels > 0).any(1))
    assert ink.count == 1
    assert len(rows) == pytest.approx(40, abs=pixels(0.4))
