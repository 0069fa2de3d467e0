"""What a slot holds where readers of print and of handwriting differ."""

from __future__ import annotations

import pytest

from connector.domain.extraction import Source
from ocr_worker.digits.kinds import Kind
from ocr_worker.layout.slots import (
    DISPUTED,
    PRINT_AGREED,
    PRINT_SPLIT,
    SLASH_OR_ONE,
    SlotValue,
    joined,
    longer,
    read_twice,
)


def written(text: str, confidence: float) -> SlotValue:
    return SlotValue(text=text, confidence=confidence, source=Source.HANDWRITING, box=None)


def printed(text: str, confidence: float) -> SlotValue:
    return SlotValue(text=text, confidence=confidence, source=Source.PRINT, box=None)


def test_a_last_one_that_all_readers_of_print_take_for_the_slash_is_the_slash() -> None:
    assert read_twice(written("961", 0.98), printed("96", PRINT_AGREED), "number").text == "96"
    assert joined(printed("96", PRINT_AGREED), written("961", 0.98), "number").text == "96"


def test_a_sure_last_one_that_few_readers_of_print_miss_is_offered_in_doubt() -> None:
    beside_print = joined(printed("1", PRINT_SPLIT), written("11", 0.94), "number")
    by_hand = read_twice(written("11", 0.99), printed("1", PRINT_SPLIT), "number")
    assert (beside_print.text, by_hand.text) == ("11", "11")
    assert beside_print.confidence < by_hand.confidence == SLASH_OR_ONE


def test_no_slash_stands_beside_a_day() -> None:
    assert read_twice(written("21", 0.96), printed("2", PRINT_SPLIT), "day") == written("21", 0.96)


@pytest.mark.parametrize(("hand", "kind", "offered"), [(0.985, "month", "12"), (0.92, "month", "1")])
def test_a_month_of_which_print_shows_a_part_is_offered_as_it_is_written(hand: float, kind: Kind, offered: str) -> None:
    found = joined(printed("1", PRINT_AGREED), written("12", hand), kind)
    assert (found.text, found.confidence) == (offered, 0.7)


def test_both_readings_of_one_text_leave_less_doubt() -> None:
    assert read_twice(written("27", 0.9), printed("27", PRINT_AGREED), "day").confidence > 0.97


def test_a_pen_seen_with_and_without_the_print_loses_no_digit_and_stays_in_doubt() -> None:
    assert longer(written("309", 0.999), written("3093", 0.9)) == written("3093", DISPUTED)
    assert longer(written("04", 0.88), written("09", 0.91)) == written("04", DISPUTED)
