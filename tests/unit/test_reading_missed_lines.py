"""Lines of print that the recogniser's own page layout passed over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS, TINOS
from ocr_worker.layout.header import find_header
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.missed_lines import missed_line
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import shared_recognizer
from ocr_worker.recognition.text_lines import Line

LINES = ("Sơ kết quyết toán ngân sách", "nhà nước trên địa bàn Nghệ An")


def page_of(*lines: str) -> PageText:
    picture = Image.new("RGB", (1984, 2806), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONTS / TINOS.files[1]), 46)
    for number, text in enumerate(lines):
        pen.text((992, 600 + 62 * number), text, fill=(20, 20, 20), font=font, anchor="ma")
    image = PageImage(rgb=np.asarray(picture), dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0))
    clean = clean_page(image)
    return PageText(clean=clean, words=shared_recognizer().page(clean.grey, clean.dpi), recognizer=shared_recognizer())


def test_a_line_without_words_is_found_by_its_ink_and_read() -> None:
    page = page_of(*LINES)
    first = Line(words=tuple(word for word in page.words if word.middle[1] < 655))
    found = missed_line(page, first, 760.0, 992.0)
    assert found is not None
    assert found.text == LINES[1]


def test_where_only_paper_follows_no_line_is_missed() -> None:
    page = page_of(LINES[0])
    assert missed_line(page, page.lines[0], 900.0, 992.0) is None


def test_a_forms_number_that_the_page_layout_passed_over_is_looked_for_again() -> None:
    lines = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY KHAI SINH", "Số: 94/2022")
    page = page_of(*lines)
    passed_over = replace(page, words=[word for word in page.words if word.middle[1] < 600 + 3 * 62])
    number = find_header(passed_over).number
    assert number is not None
    assert number.text.endswith("94/2022")
