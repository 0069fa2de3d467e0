"""Visible signatures stand on blank paper, in letters that every Vietnamese name can be written with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from fontTools import ttLib

from connector.domain.errors import NoRoomForStamp, UnreadableFile
from connector.domain.metadata import CopyForm
from connector.domain.signatures import AgencyStamp, ScannerStamp
from signing.blank_space import FirstPage, Place, look_at_first_page
from signing.font import FONT
from signing.fonts.prepare import vietnamese_letters
from signing.stamp import AGENCY_SIZE, Layout, agency_forms, place_agency, place_scanner, scanner_lines
from tests.fixtures.sheets import Bar, picture, sheet

NOON = dt.datetime(2026, 3, 5, 5, 6, 7, tzinfo=dt.UTC)
PERSONAL = ScannerStamp(full_name="Trần Thị Thu Hà", scanned_at=NOON)
COPY = AgencyStamp(copy_form=CopyForm.SAO_Y, agency_name="Bảo hiểm xã hội tỉnh Quảng Ngãi")


def page_with(folder: Path, *bars: Bar, is_full: bool = False) -> FirstPage:
    return look_at_first_page(sheet(folder / "page.pdf", picture(bars=bars, is_full=is_full)))


def is_blank(page: FirstPage, place: Place) -> bool:
    rows = slice(round(place.y * 2), round((place.y + place.height) * 2))
    columns = slice(round(place.x * 2), round((place.x + place.width) * 2))
    return not page.ink[rows, columns].any()


def stands_at(layout: Layout) -> tuple[float, float]:
    return layout.place.x, layout.place.y


def test_the_scanner_is_named_with_the_time_of_scanning_in_vietnam() -> None:
    assert scanner_lines(PERSONAL) == (
        "Người sao chụp: Trần Thị Thu Hà",
        "Thời gian sao chụp: 05/03/2026 12:06:07 +07:00",
    )


def test_the_agency_attests_form_name_date_and_time() -> None:
    assert agency_forms(COPY, NOON)[0] == ("SAO Y", "Bảo hiểm xã hội tỉnh Quảng Ngãi", "05.03.2026 12:06:07 +07:00")


def test_every_form_of_the_agency_s_text_says_the_same_in_the_same_order() -> None:
    said = {" ".join(lines).replace(",", "") for lines in agency_forms(COPY, NOON)}

    assert said == {"SAO Y Bảo hiểm xã hội tỉnh Quảng Ngãi 05.03.2026 12:06:07 +07:00"}


def test_a_long_name_goes_on_several_lines() -> None:
    long = AgencyStamp(
        copy_form=CopyForm.SAO_LUC, agency_name="Bảo hiểm xã hội thành phố Thủ Đức, Thành phố Hồ Chí Minh"
    )

    lines = agency_forms(long, NOON)[0]

    assert len(lines) == 4
    assert max(map(len, lines)) <= 38


def test_the_font_draws_every_vietnamese_letter() -> None:
    font = ttLib.TTFont(FONT)
    drawn = {chr(code) for code, name in font.getBestCmap().items() if font["glyf"][name].numberOfContours != 0}

    assert set(vietnamese_letters()) - drawn == set()


def test_a_letter_that_the_font_lacks_is_refused_and_never_an_empty_box(tmp_path: Path) -> None:
    with pytest.raises(NoRoomForStamp):
        place_scanner(page_with(tmp_path), ScannerStamp(full_name="名", scanned_at=NOON))


def test_the_corners_are_taken_where_they_are_blank(tmp_path: Path) -> None:
    page = page_with(tmp_path)

    personal, agency = place_scanner(page, PERSONAL), place_agency(page, COPY, NOON)

    assert stands_at(personal) == pytest.approx((10, 10), abs=1)
    assert (agency.place.x + agency.place.width, agency.place.y) == pytest.approx((585, 10), abs=1)
    assert agency.size == AGENCY_SIZE


@pytest.mark.parametrize(
    "bars",
    [
        [(12, 8, 60, 56)],  # a QR code
        [(0, 0, 595, 22)],  # a dark edge of the scanner's lid
        [(300, 8, 500, 52)],  # the seal and text of an older signature
        [(10, 20, 590, 22), (400, 0, 402, 60)],  # a fold
    ],
    ids=["QR code", "dark edge", "older signature", "fold"],
)
def test_nothing_is_covered(tmp_path: Path, bars: list[Bar]) -> None:
    page = page_with(tmp_path, *bars)

    for layout in (place_scanner(page, PERSONAL), place_agency(page, COPY, NOON)):
        assert is_blank(page, layout.place)


def test_the_personal_text_shrinks_where_there_is_little_room(tmp_path: Path) -> None:
    # 22 points of paper between two lines of print, where 9 points need more
    crowded = [(0.0, 0.0, 300.0, 10.0), (0.0, 32.0, 300.0, 220.0), (190.0, 0.0, 300.0, 220.0)]

    layout = place_scanner(page_with(tmp_path, *crowded), PERSONAL)

    assert layout.size < 9


def test_the_agency_s_text_is_set_flatter_and_never_smaller(tmp_path: Path) -> None:
    # 33 points of paper: too little for three lines of 10 points
    crowded = [(300.0, 0.0, 595.0, 8.0), (300.0, 41.0, 595.0, 220.0)]

    layout = place_agency(page_with(tmp_path, *crowded), COPY, NOON)

    assert (len(layout.lines), layout.size) == (2, AGENCY_SIZE)


def test_a_full_page_is_asked_about(tmp_path: Path) -> None:
    page = page_with(tmp_path, is_full=True)

    with pytest.raises(NoRoomForStamp):
        place_scanner(page, PERSONAL)
    with pytest.raises(NoRoomForStamp):
        place_agency(page, COPY, NOON)


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [(0, (110, 720, 140, 740)), (90, (120, 60, 140, 90)), (180, (460, 70, 490, 90)), (270, (460, 710, 480, 740))],
)
def test_a_place_is_turned_back_to_the_page_s_own_space(
    rotation: int, expected: tuple[int, int, int, int], tmp_path: Path
) -> None:
    page = FirstPage(ink=page_with(tmp_path).ink, rotation=rotation, crop=(100, 50, 500, 750))

    assert page.in_user_space(Place(10, 10 if rotation in (0,) else 20, 30, 20)) == expected


def test_what_is_no_pdf_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"no PDF")

    with pytest.raises(UnreadableFile):
        look_at_first_page(tmp_path / "no.pdf")
