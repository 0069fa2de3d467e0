"""Digits written into the slash of a number line: read where they can be, and never passed as sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import COUSINE, FONTS, TINOS, Typeface
from ocr_worker.fields.document_number import LOST_DIGIT, NumberReading, read_number
from ocr_worker.layout.header import Header
from ocr_worker.pages.clean import CleanPage, clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Symbol, Word, shared_recognizer
from ocr_worker.recognition.text_lines import Line

SIZE, HEAD, FOOT = 46, 604.0, 635.0
PEN = FONTS / "truetype/breip/Breip.ttf"
LABEL, NOTATION, SLOT_END = 300.0, "QĐ-UBND", 520.0


def font(size: int, face: Typeface = TINOS) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / face.files[0]), size)


def wide(written: str) -> float:
    return ImageFont.truetype(str(PEN), 76).getlength(written)


def drawn(written: str, *, at: float, face: Typeface = TINOS) -> CleanPage:
    """``Số: …/QĐ-UBND`` with digits written from ``at`` on; the slash begins at SLOT_END."""
    picture = Image.new("RGB", (1984, 2806), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    pen.text((LABEL, FOOT), "Số:", fill=(20, 20, 20), font=font(SIZE), anchor="ls")
    pen.text((SLOT_END, FOOT), f"/{NOTATION}", fill=(20, 20, 20), font=font(SIZE, face), anchor="ls")
    hand = ImageFont.truetype(str(PEN), 76)
    pen.text((at, FOOT + 2), written, fill=(25, 25, 30), font=hand, anchor="ls", stroke_width=1)
    return clean_page(PageImage(rgb=np.asarray(picture), dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0)))


def line(*, before: str, first_from: float, face: Typeface = TINOS) -> Line:
    """The line as it was recognised, with the sign ``before`` from ``first_from`` to the letters."""
    place = LABEL
    symbols = []
    for letter in "Số:":
        symbols.append(Symbol(text=letter, box=(place, HEAD, place + 14, FOOT), confidence=0.9))
        place += font(SIZE).getlength(letter)
    letters = SLOT_END + font(SIZE, face).getlength("/")
    symbols.append(Symbol(text=before, box=(first_from, HEAD, letters, FOOT), confidence=0.9))
    for letter in NOTATION:
        following = letters + font(SIZE, face).getlength(letter)
        symbols.append(Symbol(text=letter, box=(letters + 1, HEAD, following - 1, FOOT), confidence=0.9))
        letters = following
    text = "".join(symbol.text for symbol in symbols)
    box = (LABEL, HEAD, letters, FOOT)
    return Line(words=(Word(text=text, box=box, confidence=0.9, symbols=tuple(symbols)),))


def without_slash(*, first_from: float) -> Line:
    """The line as it was recognised, with nothing between the label and the letters."""
    (word,) = line(before="/", first_from=first_from).words
    return Line(words=(replace(word, text="Số:" + NOTATION, symbols=(*word.symbols[:3], *word.symbols[4:])),))


def read(clean: CleanPage, number: Line) -> NumberReading:
    page = PageText(clean=clean, words=(), recognizer=shared_recognizer())
    found = read_number(page, Header(anchor=None, number=number), None, None)
    assert found is not None
    return found


def test_digits_that_keep_clear_of_the_slash_are_not_in_doubt() -> None:
    number = read(drawn("258", at=390), line(before="/", first_from=SLOT_END))
    assert number.value == "258/QĐ-UBND"
    assert number.digits.confidence > LOST_DIGIT


def test_a_typewriters_slash_has_much_room_and_no_digit_in_it() -> None:
    number = read(drawn("258", at=380, face=COUSINE), line(before="/", first_from=SLOT_END, face=COUSINE))
    assert number.value == "258/QĐ-UBND"
    assert number.digits.confidence > LOST_DIGIT


def test_a_one_beside_a_typewriters_slash_is_not_taken_for_its_room() -> None:
    clean = drawn("2581", at=SLOT_END + 16 - wide("2581"), face=COUSINE)
    number = read(clean, line(before="/", first_from=SLOT_END, face=COUSINE))
    assert number.digits.text == "2581" or number.digits.confidence <= LOST_DIGIT


def test_a_slash_that_takes_the_room_of_a_digit_raises_doubt() -> None:
    """Half the last digit was taken for the slash: what is left of the number may be another."""
    number = read(drawn("258", at=400), line(before="/", first_from=SLOT_END - 14))
    assert number.digits.confidence <= LOST_DIGIT


@pytest.mark.parametrize("last", ["3", "5"])
def test_a_digit_that_was_taken_for_the_slash_is_read_and_left_in_doubt(last: str) -> None:
    number = read(drawn(f"96{last}", at=SLOT_END + 4 - wide(f"96{last}")), line(before="/", first_from=SLOT_END - 14))
    assert number.digits.text == f"96{last}"
    assert number.digits.confidence <= LOST_DIGIT


def test_a_one_that_stands_upon_the_slash_is_read_and_left_in_doubt() -> None:
    letters = SLOT_END + font(SIZE).getlength("/")
    number = read(drawn("581", at=letters - 2 - wide("581")), line(before="/", first_from=SLOT_END - 4))
    assert number.digits.text == "581"
    assert number.digits.confidence <= LOST_DIGIT


def test_a_digit_that_was_read_as_a_letter_of_the_notation_raises_doubt() -> None:
    """No slash was seen: SQĐ for 3/QĐ, whose S is no letter of the notation."""
    number = read(drawn("963", at=SLOT_END - wide("963")), line(before="S", first_from=SLOT_END - wide("3")))
    assert number.notation == NOTATION
    assert number.digits.confidence <= LOST_DIGIT


def test_a_number_whose_slash_no_reader_saw_is_sure_where_its_room_holds_no_digit() -> None:
    """The slash was lost between the last digit and the Q, and the slot reads the same with and without its room."""
    letters = SLOT_END + font(SIZE).getlength("/")
    number = read(drawn("258", at=SLOT_END - 2 - wide("258")), without_slash(first_from=letters))
    assert number.value == "258/QĐ-UBND"
    assert number.digits.confidence > LOST_DIGIT


def test_a_seven_over_the_slash_that_no_reader_saw_is_not_left_out() -> None:
    letters = SLOT_END + font(SIZE).getlength("/")
    number = read(drawn("457", at=letters - 1 - wide("457")), without_slash(first_from=letters))
    assert number.digits.text == "457"
    assert number.digits.confidence <= LOST_DIGIT


def test_digits_that_the_line_shows_and_the_slot_lacks_are_offered_in_doubt() -> None:
    (word,) = line(before="/", first_from=SLOT_END).words
    shown = tuple(
        Symbol(text=digit, box=(400.0 + 30 * place, HEAD, 425.0 + 30 * place, FOOT), confidence=0.9)
        for place, digit in enumerate("2584")
    )
    symbols = (*word.symbols[:3], *shown, *word.symbols[3:])
    number = read(drawn("258", at=390), Line(words=(replace(word, text="Số:2584/QĐ-UBND", symbols=symbols),)))
    assert number.digits.text == "2584"
    assert number.digits.confidence <= LOST_DIGIT
