"""Secrecy stamps of many makes stop a paper before it is signed; other stamps do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from connector.demo.papers.scanner import Condition, Picture, scan, write_scan
from connector.demo.papers.sheet import MM, Sheet
from connector.demo.papers.stamps import RED, VIOLET, SecrecyMark, round_seal, secrecy, urgency
from connector.demo.papers.typefaces import TINOS
from connector.domain.capture import Doubt
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line
from ocr_worker.secrecy.stamp_frame import colour_stamps, stronger
from ocr_worker.secrecy.stamps import is_left_of_secret, is_like_secret, says_secret, secrecy_stamp
from ocr_worker.secrecy.words import is_mark, words_apart

WHEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
DARK_RED, PINK, BLACK = (0.55, 0.05, 0.1), (0.9, 0.45, 0.45), (0.1, 0.1, 0.1)
Ask = Callable[..., Doubt]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """What the picture check says of a page of text with more ink on it."""

    def answer(ink: Callable[[Sheet], object], dpi: int = 150, *, grey: bool = False, hard: bool = False) -> Doubt:
        sheet = Sheet(TINOS)
        sheet.text("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", 60, 25, size=12, style="bold", align="centre")
        sheet.paragraph("Tăng cường công tác thu, chi bảo hiểm xã hội trên địa bàn tỉnh trong quý này. " * 8, 120)
        ink(sheet)
        condition = Condition(dpi=dpi, skew=0.4)
        file = tmp_path / "paper.pdf"
        pictures = scan(sheet.finish(), condition, np.random.default_rng(5))
        if grey or hard:
            pictures = [without_colour(picture) for picture in pictures]
        if hard:
            pictures = [np.where(picture > 150, 255, 0).astype(np.uint8) for picture in pictures]
        write_scan(pictures, file, condition=condition, scanned_at=WHEN)
        return secrecy_stamp(file)

    return answer


def without_colour(picture: Picture) -> Picture:
    """What a grey scanner makes of a page."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


@pytest.mark.parametrize(
    ("mark", "dpi"),
    [
        (SecrecyMark(text="MẬT"), 100),
        (SecrecyMark(text="TỐI MẬT", colour=DARK_RED, frame="double", turned=9), 200),
        (SecrecyMark(text="TUYỆT MẬT", colour=PINK, strength=0.8), 150),
        (SecrecyMark(text="TUYỆT MẬT", frame="none", sans=True, turned=-5), 150),
        (SecrecyMark(text="TỐI MẬT", frame="round", size=1.3, strength=0.5), 200),
        (SecrecyMark(text="TỐI MẬT", colour=VIOLET, size=1.2), 200),
        (SecrecyMark(text="TUYỆT MẬT", colour=BLACK), 200),
    ],
    ids=lambda value: value.text if isinstance(value, SecrecyMark) else f"{value} dpi",
)
def test_a_secrecy_stamp_is_never_passed_over(ask: Ask, mark: SecrecyMark, dpi: int) -> None:
    assert ask(lambda sheet: secrecy(sheet.stamp, 60, 70, mark), dpi) is not Doubt.NO


@pytest.mark.parametrize(
    ("mark", "dpi"),
    [
        (SecrecyMark(text="TỐI MẬT", colour=RED, frame="none", sans=True, turned=4), 300),
        (SecrecyMark(text="MẬT", colour=VIOLET, frame="none", turned=-6), 200),
        (SecrecyMark(text="TỐI MẬT", colour=VIOLET, strength=0.5, turned=7), 200),
        (SecrecyMark(text="TUYỆT MẬT", colour=BLACK, strength=0.38, turned=10), 200),
        (SecrecyMark(text="MẬT", colour=PINK, frame="double"), 200),
        (SecrecyMark(text="TUYỆT MẬT", colour=BLACK, frame="double", size=0.8, strength=0.42), 200),
        (SecrecyMark(text="MẬT", colour=BLACK, frame="none", size=0.85, strength=0.72), 100),
        (SecrecyMark(text="MẬT", colour=BLACK, frame="none", strength=0.71, turned=-9), 100),
    ],
    ids=[
        "a word",
        "a short word",
        "a faded frame",
        "a faint frame",
        "pale",
        "a double frame",
        "a small word",
        "slanted",
    ],
)
def test_a_stamp_on_a_grey_scan_is_never_passed_over(ask: Ask, mark: SecrecyMark, dpi: int) -> None:
    assert ask(lambda sheet: secrecy(sheet.stamp, 60, 70, mark), dpi, grey=True) is not Doubt.NO


def test_a_faint_stamp_across_lines_of_text_is_seen(ask: Ask) -> None:
    mark = SecrecyMark(text="TUYỆT MẬT", colour=BLACK, size=1.35, strength=0.36, turned=-3)
    assert ask(lambda sheet: secrecy(sheet.stamp, 60, 122, mark), 300) is not Doubt.NO


def test_a_stamp_whose_frame_touches_the_number_is_seen_in_black_and_white(ask: Ask) -> None:
    def inked(sheet: Sheet) -> None:
        sheet.text("Số: 92/GM-BHXH", 62, 66.5, size=13, align="centre")
        mark = SecrecyMark(text="TỐI MẬT", frame="round", size=1.2, turned=8, strength=0.93)
        secrecy(sheet.stamp, 60, 70, mark)

    assert ask(inked, 200, hard=True) is not Doubt.NO


def test_a_stamp_of_whose_frame_pieces_are_left_is_seen_in_black_and_white(ask: Ask) -> None:
    mark = SecrecyMark(sans=True, turned=8, strength=0.74)
    assert ask(lambda sheet: secrecy(sheet.stamp, 60, 70, mark), 200, hard=True) is not Doubt.NO


def test_a_frame_paler_than_the_level_of_red_ink_is_found() -> None:
    ink = np.zeros((400, 600), np.uint8)
    cv2.rectangle(ink, (200, 150), (360, 214), 15, 4)
    assert not list(colour_stamps(ink, 200))
    assert any(stamp.sides == 4 for stamp in colour_stamps(stronger(ink, 200), 200))


def test_the_last_stem_of_an_unframed_word_is_not_taken_for_a_side_of_a_frame(ask: Ask) -> None:
    mark = SecrecyMark(text="MẬT", colour=VIOLET, frame="none", strength=0.51)
    assert ask(lambda sheet: secrecy(sheet.stamp, 60, 70, mark), 300) is not Doubt.NO


@pytest.mark.parametrize("text", ["MẶT TRẬN", "Mặt", "TỐI", "Mật khẩu", "BẢN MẬT MÃ"])
def test_a_short_line_of_other_words_holds_nothing_up(ask: Ask, text: str) -> None:
    assert ask(lambda sheet: sheet.text(text, 60, 70, size=14, style="bold", align="centre"), 200) is Doubt.NO


def test_capitals_that_differ_from_a_mark_by_an_accent_are_for_a_person(ask: Ask) -> None:
    assert ask(lambda sheet: sheet.text("MẤT", 60, 70, size=14, style="bold", align="centre"), 200) is Doubt.UNSURE


def test_a_stamp_within_a_red_border_is_seen(ask: Ask) -> None:
    def inked(sheet: Sheet) -> None:
        sheet.stamp.setStrokeColorRGB(*RED)
        sheet.stamp.rect(10 * MM, 10 * MM, 190 * MM, 277 * MM)
        secrecy(sheet.stamp, 60, 70, SecrecyMark())

    assert ask(inked) is Doubt.YES


@pytest.mark.parametrize("text", ["HỎA TỐC", "KHẨN", "THƯỢNG KHẨN"])
def test_an_urgency_stamp_and_a_seal_hold_nothing_up(ask: Ask, text: str) -> None:
    def inked(sheet: Sheet) -> None:
        urgency(sheet.stamp, 60, 70, text=text)
        round_seal(sheet.stamp, 140, 220, around="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI")

    assert ask(inked) is Doubt.NO


@pytest.mark.parametrize("text", ["MẬT", "| TỐI MẬT |", "TÓI MÂT", "TUYỆT MẶT"])
def test_a_mark_is_known_by_its_words(text: str) -> None:
    assert is_mark(text)


@pytest.mark.parametrize("text", ["MẶT", "BÍ MẬT", "BẢO MẬT", "Tối mật", "TÓM TẮT", "HỎA TỐC"])
def test_other_words_are_no_mark(text: str) -> None:
    assert not is_mark(text)


def test_words_on_a_level_with_a_stamp_do_not_belong_to_it() -> None:
    words = [("TỐI", 100.0), ("MẬT", 150.0), ("Huế,", 260.0), ("ngày", 310.0)]
    line = Line(words=tuple(Word(text=text, box=(x, 0.0, x + 40, 30.0), confidence=0.9) for text, x in words))
    assert list(words_apart(line)) == ["TỐI MẬT", "Huế, ngày"]


def test_letters_of_a_damaged_mark_are_for_a_person_and_those_of_another_word_are_not() -> None:
    assert says_secret("TUYETMAT")
    assert not says_secret("LTVETMA")
    assert is_like_secret("LTVETMA")
    assert not is_like_secret("HOATOC")
    assert is_left_of_secret("WAT")
    assert not is_left_of_secret("DEN")
    assert not is_like_secret("QUANGNGAI")
