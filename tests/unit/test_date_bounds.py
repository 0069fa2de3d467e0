"""What a paper's date cannot be later than: its scan, and the day that an incoming stamp prints."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_worker.fields.arrival import arrived_on, stamped_days
from ocr_worker.fields.earlier_signatures import captured_on
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import shared_recognizer

TINOS = "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf"


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("D:20210104161002+07'00'", dt.date(2021, 1, 4)),
        ("D:20010101000000", None),  # a clock that was never set
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_day_of_the_scan_is_what_the_file_says_where_that_is_plausible(
    tmp_path: Path, stated: str | None, day: dt.date | None
) -> None:
    file = tmp_path / "scan.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        if stated is not None:
            document.docinfo["/CreationDate"] = stated
        document.save(file)
    assert captured_on(file) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("CÔNG VĂN ĐẾN Số: 376 Ngày: 05/3/2025", [dt.date(2025, 3, 5)]),
        ("ĐẾN Ngày 05.03.2025 Chuyển", [dt.date(2025, 3, 5)]),
        ("CÔNG VĂN ĐẾN Ngày 31/2/2025", []),
        ("CÔNG VĂN ĐẾN Ngày 5/3", []),  # the year is not guessed
        ("Số 12 ngày 05/03/2025", []),
    ],
)
def test_only_whole_days_of_incoming_stamps_count(text: str, days: list[dt.date]) -> None:
    assert stamped_days(text) == days


def test_a_red_stamp_is_read_from_the_colours_of_the_scan() -> None:
    sheet = Image.new("RGB", (1654, 2339), (250, 250, 248))
    pen, face = ImageDraw.Draw(sheet), ImageFont.truetype(TINOS, 38)
    pen.rectangle((200, 300, 800, 560), outline=(200, 40, 50), width=4)
    pen.text((300, 330), "CÔNG VĂN ĐẾN", fill=(200, 40, 50), font=face)
    pen.text((240, 440), "Ngày: 17/02/2025", fill=(200, 40, 50), font=face)
    image = PageImage(page=1, rgb=np.asarray(sheet), dpi=200.0, frame=(0.0, 0.0, 595.0, 842.0))
    page = PageText(clean=clean_page(image), words=(), recognizer=shared_recognizer())

    assert arrived_on(page, [(240.0, 360.0, 965.0, 677.0)]) == dt.date(2025, 2, 17)
    assert arrived_on(page, []) is None
