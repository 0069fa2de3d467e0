"""Print is read without the tall strokes of a pen beside it, also where the two touch."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS, TINOS
from ocr_worker.layout.number_line import number_line
from ocr_worker.layout.print_alone import without_tall_strokes
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Symbol, Word, shared_recognizer
from ocr_worker.recognition.symbols import spelled
from ocr_worker.recognition.text_lines import Line

HEAD, FOOT, NOTATION_AT = 604.0, 635.0, 560.0
PRINT = ImageFont.truetype(str(FONTS / TINOS.files[0]), 46)
PEN = ImageFont.truetype(str(FONTS / "truetype/breip/Breip.ttf"), 150)


def page_with(written: str, *, up_to: float, notation: str, electronic: bool = False) -> PageText:
    picture = Image.new("RGB", (1984, 2806), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    pen.text((300, FOOT), "Số:", fill=(20, 20, 20), font=PRINT, anchor="ls")
    pen.text((NOTATION_AT, FOOT), notation, fill=(20, 20, 20), font=PRINT, anchor="ls")
    pen.text((up_to, FOOT + 6), written, fill=(25, 25, 30), font=PEN, anchor="rs", stroke_width=2)
    clean = clean_page(PageImage(rgb=np.asarray(picture), dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0)))
    return PageText(clean=clean, words=(), recognizer=shared_recognizer(), electronic=electronic)


def misread() -> Line:
    label = Symbol(text="S", box=(302.0, HEAD, 322.0, FOOT), confidence=0.9)
    return Line(words=(Word(text="S", box=(302.0, HEAD - 30, 780.0, FOOT + 10), confidence=0.9, symbols=(label,)),))


@pytest.mark.parametrize("up_to", [NOTATION_AT - 12, NOTATION_AT + 8])
def test_a_notation_is_read_beside_tall_digits_and_under_their_ends(up_to: float) -> None:
    looks = list(without_tall_strokes(page_with("964", up_to=up_to, notation="/QĐ-UBND"), misread()))
    found = [number_line(spelled(words), kind="QĐ") for words in looks if words]
    assert any(look is not None and look.text == "QĐ-UBND" for look in found)


def test_the_first_letter_that_a_digit_hides_is_known_by_the_printed_type() -> None:
    number = number_line(spelled([Word(text="Số:3Đ-UBND", box=(0, 0, 300, 33), confidence=0.9)]), kind="QĐ")
    assert number is not None
    assert (number.text, number.between) == ("QĐ-UBND", "")
    assert number_line(spelled([Word(text="Số:3Đ-UBND", box=(0, 0, 300, 33), confidence=0.9)])) is None


def test_a_born_digital_line_has_no_pen_strokes() -> None:
    page = page_with("964", up_to=NOTATION_AT, notation="/GRV", electronic=True)
    assert list(without_tall_strokes(page, misread())) == []
