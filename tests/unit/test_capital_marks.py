"""Marks on words in capitals, held against the ink above and below their letters."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import COUSINE, FONTS, TINOS
from ocr_worker.recognition.capital_marks import MarksSeen, believable, marks_seen
from ocr_worker.recognition.page_text import voted
from ocr_worker.recognition.recognize import Grey, Word

LEFT, BASE = 40, 120
LINES = ["PHAN KHÁNH MAI", "ĐINH THU DUNG", "ĐỖ VĂN HẢI", "HỒ NGỌC QUỲNH", "VŨ THỊ HẠ", "ƯNG THƯƠNG", "BÙI LÝ HUỆ"]


def printed(text: str, face: str = TINOS.files[0], ink: int = 30) -> tuple[Grey, list[Word]]:
    """A line of print, with tails of a line above it, and its words in their places."""
    picture = Image.new("L", (1000, 200), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONTS / face), 40)
    pen.text((LEFT, BASE - 64), "QUYẾT ĐỊNH VỀ VIỆC", font=font, fill=ink, anchor="ls")
    words, left = [], float(LEFT)
    for word in text.split():
        pen.text((left, BASE), word, font=font, fill=ink, anchor="ls")
        words.append(Word(text=word, box=(left, BASE - 36, left + font.getlength(word), BASE + 8), confidence=0.9))
        left += font.getlength(word + " ")
    return np.asarray(picture, np.uint8), words


def box_of(words: list[Word]) -> tuple[float, float, float, float]:
    return LEFT - 4, BASE - 34, words[-1].box[2] + 4, BASE + 6


def without(text: str, marks: str) -> str:
    split = "".join(sign for sign in unicodedata.normalize("NFD", text) if sign not in marks)
    return unicodedata.normalize("NFC", split)


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("face", [TINOS.files[0], TINOS.files[1], COUSINE.files[0]])
@pytest.mark.parametrize("ink", [30, 120])
def test_the_ink_allows_what_is_printed_and_denies_other_marks(text: str, face: str, ink: int) -> None:
    grey, words = printed(text, face, ink)
    for word, marks in zip(words, marks_seen(grey, box_of(words), words), strict=True):
        assert marks is not None
        assert marks.allow(word.text)
        assert not marks.allow(unicodedata.normalize("NFC", f"{without(word.text, chr(0x323))}\u0323")) or marks.below
        bare = without(word.text, "\u0300\u0301\u0302\u0303\u0306\u0309")
        assert bare == word.text or not marks.allow(bare)


def test_nothing_is_said_of_small_letters() -> None:
    grey, words = printed("Phan Khánh Mai")
    assert marks_seen(grey, box_of(words), words) == [None, None, None]
    assert MarksSeen(above=False, below=False).allow("Khánh")


def test_letters_and_signs_that_reach_out_of_the_line_say_nothing_of_marks() -> None:
    assert MarksSeen(above=True, below=True).allow("QUÝ")
    assert MarksSeen(above=True, below=True).allow("TÝ,")
    assert MarksSeen(above=True, below=False).allow("THƯƠNG")
    assert not MarksSeen(above=True, below=True).allow("TÝ")
    assert not MarksSeen(above=False, below=True).allow("THƯỜNG")


def test_a_look_says_nothing_where_the_ink_denies_its_marks() -> None:
    grey, words = printed("ĐINH THU DUNG")
    look = [*words[:2], Word(text="DỤNG", box=words[2].box, confidence=0.9)]
    assert [word.text for word in believable(grey, box_of(words), look)] == ["ĐINH", "THU", "?"]


@pytest.mark.parametrize(
    ("looks", "above", "read", "sure"),
    [
        (("DUNG", "DŨNG", "DUNG", "DỦNG"), False, "DUNG", True),  # the others cannot be: no ink above
        (("KHANH", "KHANH", "KHÁNH", "KHANH"), True, "KHÁNH", False),  # most cannot be
        (("KHANH", "KHANH", "KHANH", "KHANH"), True, "KHANH", False),  # none can be
        (("HIẾM", "HIẾM", "HIẾM", "HIẾM"), True, "HIẾM", True),
    ],
)
def test_words_whose_marks_the_ink_denies_have_no_vote(
    looks: tuple[str, ...], above: bool, read: str, sure: bool
) -> None:
    readings = [[Word(text=text, box=(0.0, 0.0, 90.0, 30.0), confidence=0.9)] for text in looks]
    line = voted(readings, seen=lambda words: [MarksSeen(above=above, below=False)] * len(words))
    assert line.text == read
    assert (line.confidence >= 0.9) is sure
