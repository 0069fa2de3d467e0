"""The words of a date line are found under a seal, and without what is written beside them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS
from ocr_worker.fields.issue_date import own_box, read_date
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model, Symbol, shared_recognizer
from ocr_worker.recognition.text_lines import geometric_lines

SIZE, FOOT = 46, 600
# the other layout engine is not on every machine
ITALIC = ImageFont.truetype(
    str(FONTS / "truetype/croscore/Tinos-Italic.ttf"), SIZE, layout_engine=ImageFont.Layout.BASIC
)


def test_a_date_is_read_under_a_seal() -> None:
    sheet = Image.new("RGB", (1984, 2806), (250, 250, 250))
    ink = ImageDraw.Draw(sheet)
    ink.text((1000, FOOT), "Bình Định, ngày 13 tháng 4 năm 2024", fill=(20, 20, 20), font=ITALIC, anchor="ls")
    for foot in range(900, 2600, 70):
        ink.text(
            (240, foot), "Căn cứ tình hình thực tế và chức năng, nhiệm vụ được giao, các đơn", (20, 20, 20), ITALIC
        )
    seal = Image.new("RGB", sheet.size, (255, 255, 255))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((1240, 460, 1560, 780), outline=(215, 45, 50), width=7)
    pen.regular_polygon((1400, 620, 40), 5, fill=(215, 45, 50))
    picture = np.asarray(ImageChops.darker(sheet, seal))
    clean = clean_page(PageImage(rgb=picture, dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0)))
    page = PageText(clean=clean, words=(), recognizer=shared_recognizer())
    (line,) = geometric_lines(page.column((990, 540, 1800, 620), Model.FAST), cut=False)
    found = read_date(page, line)
    assert found is not None
    assert found.date == dt.date(2024, 4, 13)


@pytest.mark.parametrize(
    ("first", "last", "box"),
    [((0, 13), (80, 102), (0, 102)), ((0, 13), (80, 145), (0, 102.5)), ((-30, 13), (80, 102), (0.49, 102))],
)
def test_a_written_digit_is_no_part_of_the_letter_that_it_grew_to(
    first: tuple[float, float], last: tuple[float, float], box: tuple[float, float]
) -> None:
    edges = [first, (14, 36), (37, 58), (59, 79), last]
    letters = [
        Symbol(text=letter, box=(x0, 0.0, x1, 30.0), confidence=0.9)
        for letter, (x0, x1) in zip("tháng", edges, strict=True)
    ]
    x0, _, x1, _ = own_box(letters, 45.0)
    assert (x0, x1) == pytest.approx(box, abs=0.02)
