"""Which lines are the abstract, and when something among them may have been missed (Decree 30/2020 App. I, box 5b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS, TINOS
from ocr_worker.layout.abstract_block import AbstractBlock, abstract_block
from ocr_worker.layout.header import Header
from ocr_worker.layout.title_block import Title
from ocr_worker.lexicon.document_type import known_types
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word, shared_recognizer
from ocr_worker.recognition.text_lines import Line, geometric_lines

CENTRE, TITLE_TOP, PITCH = 992, 500, 62
LINES = ("Về việc triển khai thực hiện mở rộng", "nộp thuế điện tử trên địa bàn tỉnh")


@dataclass
class Paper:
    """A title and an abstract as printed, and the words that the recogniser gave."""

    picture: Image.Image
    words: list[Word]

    def block(self) -> AbstractBlock:
        image = PageImage(rgb=np.asarray(self.picture), dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0))
        page = PageText(clean=clean_page(image), words=self.words, recognizer=shared_recognizer())
        title = Title(kind=known_types().types[0], lines=(Line(words=(self.words[0],)),), likeness=1.0)
        return abstract_block(page, Header(anchor=None), title)


def paper(lines: Sequence[str] = LINES, *, seen: Sequence[str] | None = None) -> Paper:
    """``lines`` are printed; words are given of the lines that were ``seen``, all if None."""
    picture = Image.new("RGB", (1984, 2806), (250, 250, 250))
    drawn = Paper(picture=picture, words=[])
    for number, text in enumerate(("CHỈ THỊ", *lines)):
        words = printed(picture, text, TITLE_TOP + PITCH * number)
        if number == 0:
            words = [
                Word(
                    text=text,
                    box=(words[0].box[0], words[0].box[1], words[-1].box[2], words[-1].box[3]),
                    confidence=0.9,
                )
            ]
        if number == 0 or seen is None or text in seen:
            drawn.words += words
    return drawn


def printed(picture: Image.Image, text: str, top: int) -> list[Word]:
    """Centred print, and a word for each of its own."""
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONTS / TINOS.files[1]), 46)
    left = CENTRE - pen.textlength(text, font=font) / 2
    pen.text((left, top), text, fill=(20, 20, 20), font=font)
    words, place = [], left
    for word in text.split():
        box = pen.textbbox((place, top), word, font=font)
        words.append(Word(text=word, box=box, confidence=0.95))
        place += pen.textlength(word + " ", font=font)
    return words


def text_of(block: AbstractBlock) -> list[str]:
    return [line.text for line in block.lines]


def test_all_lines_under_the_title_are_the_abstract() -> None:
    block = paper().block()
    assert text_of(block) == list(LINES)
    assert block.whole


def test_the_words_of_a_stamp_beside_a_line_are_left_out_and_the_block_is_doubted() -> None:
    drawn = paper()
    left, top, *_ = drawn.words[1].box
    drawn.words += [Word(text="HỌC", box=(left - 190, top, left - 120, top + 28), confidence=0.4)]
    drawn.words += [Word(text="NGÃI", box=(left - 100, top, left - 30, top + 28), confidence=0.4)]
    block = drawn.block()
    assert text_of(block) == list(LINES)
    assert not block.whole


@pytest.mark.parametrize(("sure", "kept"), [(0.8, True), (0.3, False)])
def test_a_word_that_reaches_into_the_next_line_stays_where_it_is_read_surely(sure: float, kept: bool) -> None:
    drawn = paper()
    first = drawn.words[-1]
    left, top, right, foot = first.box
    drawn.words[-1] = replace(first, box=(left, top, right, foot + 1.5 * (foot - top)), confidence=sure)
    assert (text_of(drawn.block()) == list(LINES)) is kept


def test_a_stamp_wholly_beside_the_block_neither_ends_nor_spoils_it() -> None:
    drawn = paper()
    top = drawn.words[1].box[1] + PITCH - 8
    drawn.words.append(Word(text="ĐẾN", box=(150, top, 260, top + 40), confidence=0.9))
    block = drawn.block()
    assert text_of(block) == list(LINES)
    assert block.whole


def test_a_line_of_ink_without_words_among_the_lines_is_doubted_or_read() -> None:
    lines = (LINES[0], "đối với cá nhân kinh doanh", LINES[1])
    block = paper(lines, seen=(LINES[0], LINES[1])).block()
    assert text_of(block) == list(lines) or not block.whole


def test_a_first_line_off_the_middle_is_doubted_not_skipped_in_silence() -> None:
    drawn = paper(seen=LINES[1:])
    top = TITLE_TOP + PITCH
    drawn.words += [
        Word(text=f"từ{number}", box=(500 + 90 * number, top, 570 + 90 * number, top + 44), confidence=0.95)
        for number in range(8)
    ]
    assert not drawn.block().whole


def test_a_word_read_across_two_lines_pulls_no_word_into_the_wrong_one() -> None:
    tall = Word(text=",Vềviệc", box=(100, 100, 220, 174), confidence=0.9)
    first = [Word(text="triển", box=(230 + 120 * n, 102, 330 + 120 * n, 146), confidence=0.9) for n in range(4)]
    second = [Word(text="đối", box=(105, 153, 180, 198), confidence=0.9)]
    second += [Word(text="với", box=(200 + 120 * n, 164, 300 + 120 * n, 198), confidence=0.9) for n in range(4)]
    rows = geometric_lines([tall, *first, *second])
    assert [len(row.words) for row in rows] == [5, 5]


def test_a_speck_beside_a_line_does_not_tear_it_apart() -> None:
    speck = Word(text="kì", box=(97, 96, 107, 104), confidence=0.4)
    line = [Word(text="ở", box=(90, 106, 116, 131), confidence=0.9)]
    line += [Word(text="nghèo", box=(130 + 120 * n, 97 + n % 2, 230 + 120 * n, 140), confidence=0.9) for n in range(6)]
    assert len(geometric_lines([speck, *line])) == 1


def test_a_dash_joins_its_line_however_many_lines_follow() -> None:
    lines = [
        [Word(text="từ", box=(x, 100 + 62 * row, x + 70, 140 + 62 * row), confidence=0.9) for x in (100, 190, 330)]
        for row in range(8)
    ]
    dash = Word(text="-", box=(285, 120, 305, 125), confidence=0.9)
    found = geometric_lines([dash, *(word for line in lines for word in line)])
    assert [line.text for line in found] == ["từ từ - từ", *["từ từ từ"] * 7]


@pytest.mark.parametrize(("last", "kept"), [("thực hiện giải quyết khiếu nại", 2), ("Thực hiện Luật Khiếu nại", 1)])
def test_a_sentence_goes_on_in_small_letters_where_the_body_begins_with_a_capital(last: str, kept: int) -> None:
    lines = ("Dự hội nghị triển khai công tác", last)
    assert text_of(paper(lines).block()) == list(lines[:kept])
