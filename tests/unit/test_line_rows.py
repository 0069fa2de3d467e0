"""How high a line of print reaches: its own marks and tails, and nothing of the lines above and below it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS, TINOS
from ocr_worker.recognition.line_rows import tight
from ocr_worker.recognition.recognize import Grey

SIZE, LEFT, BASE, PITCH = 40, 40, 200, 48


def page(*lines: str, ink: int = 20) -> Grey:
    """Lines of print one below the other, the second with its letters' feet in row ``BASE``."""
    picture = Image.new("L", (900, 360), 255)
    draw = ImageDraw.Draw(picture)
    for number, text in enumerate(lines):
        draw.text((LEFT, BASE + PITCH * (number - 1)), text, font=font(), fill=ink, anchor="ls")
    return np.asarray(picture, np.uint8)


def font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / TINOS.files[0]), SIZE)


def rows_of(text: str) -> tuple[int, int]:
    """The rows that a text inks when it stands alone."""
    rows = np.flatnonzero((page("", text) < 250).any(axis=1))
    return int(rows[0]), int(rows[-1]) + 1


def letters_box(text: str) -> tuple[float, float, float, float]:
    """A box as high as capitals without marks, as wide as the text."""
    _, top, _, _ = font().getbbox("H", anchor="ls")
    return LEFT - 4, BASE + top, LEFT + font().getlength(text) + 4, BASE


@pytest.mark.parametrize(
    "text", ["PHAN KHÁNH MAI", "ỦY BAN NHÂN DÂN XÃ ẨN", "VIỆN VỆ SINH", "hạ, vệ sinh", "tuổi", "Hạ"]
)
@pytest.mark.parametrize("ink", [20, 110])
def test_marks_stay_with_the_line_however_faint_they_are(text: str, ink: int) -> None:
    x0, y0, x1, y1 = letters_box(text)
    _, top, _, foot = tight(page("", text, ink=ink), (x0, y0, x1, y1))
    inked = rows_of(text)
    assert top <= inked[0] + 1
    assert foot >= inked[1] - 1


def test_tails_and_marks_of_other_lines_stay_outside() -> None:
    text = "xanh men"
    around = page("gặp gỡ, nghỉ phép", text, "ẨN HẦU HẢO")
    _, top, _, foot = tight(around, letters_box(text))
    inked = rows_of(text)
    assert inked[0] - 1 <= top <= inked[0] + 1
    assert inked[1] - 1 <= foot <= inked[1] + 1


def test_a_box_without_ink_stays_as_it_is() -> None:
    assert tight(page("", ""), (40.0, 170.0, 400.0, 200.0)) == (40.0, 170.0, 400.0, 200.0)
