"""What offices print otherwise than the model of Decree 30/2020: long headers, small letters, older titles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connector.demo.papers.agencies import Agency
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.scanner import Condition, scan, write_scan
from connector.demo.papers.sheet import HEIGHT, MM, Sheet
from connector.demo.papers.typefaces import COUSINE
from connector.domain.extraction import Extraction
from ocr_worker.reader import read_paper

TODAY = dt.date(2025, 6, 1)
WHEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
JOB_CENTRE = Agency(
    name="Trung tâm Dịch vụ việc làm Quảng Ngãi",
    lines=("TRUNG TÂM DỊCH VỤ", "VIỆC LÀM QUẢNG NGÃI"),
    parent_lines=("SỞ LAO ĐỘNG - THƯƠNG", "BINH VÀ XÃ HỘI"),
    place="Quảng Ngãi",
    short="TTDVVL",
)
LETTER = Official(
    agency=JOB_CENTRE,
    number="1043",
    notation="TTDVVL-TCHC",
    date=dt.date(2025, 1, 16),
    heading=None,
    abstract="rà soát, đánh giá chi trả lương hưu và trợ cấp bảo hiểm xã hội hằng tháng tại Gia Lai năm 2024",
    body=(
        "Thực hiện Quyết định số 12/QĐ-UBND, Trung tâm yêu cầu các đơn vị tập trung thực hiện tốt các nội dung sau./.",
    ),
    receivers=("Như trên", "Lưu: VT"),
    signer=("GIÁM ĐỐC",),
    signer_name="Lê Minh Khôi",
    addressees=("Sở Nội vụ",),
)
DECISION = replace(
    LETTER,
    agency=Agency(
        name="Sở Tư pháp",
        lines=("SỞ TƯ PHÁP",),
        parent_lines=("UBND TỈNH BÌNH ĐỊNH",),
        place="Quy Nhơn",
        short="STP",
    ),
    number="157",
    notation="QĐ-STP",
    date=dt.date(1994, 10, 16),
    heading="QUYẾT ĐỊNH CỦA GIÁM ĐỐC SỞ TƯ PHÁP",
    abstract="Về việc giải quyết trợ cấp thôi việc",
    addressees=(),
)
TYPEWRITER = Habits(face=COUSINE, head_size=9.2, size=10.8, strong="regular", slanted="regular")

Read = Callable[..., Extraction]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Draws a paper, scans and reads it."""

    def drawn_and_read(
        paper: Official,
        habits: Habits | None = None,
        *,
        dpi: int = 200,
        more: Callable[[Sheet], object] = lambda sheet: None,
    ) -> Extraction:
        rng = np.random.default_rng(7)
        condition = Condition(dpi=dpi, skew=0.3)
        target = tmp_path / "paper.pdf"
        sheet = draw_official(paper, replace(habits or Habits(), sealed=False, signed=False), rng)
        more(sheet)
        write_scan(scan(sheet.finish(), condition, rng), target, condition=condition, scanned_at=WHEN)
        return read_paper(target, today=TODAY)

    return drawn_and_read


def test_the_subject_of_a_letter_is_read_to_its_end_below_an_agency_of_four_lines(read: Read) -> None:
    found = read(LETTER).fields
    assert found["abstract"].value == f"V/v {LETTER.abstract}"
    assert found["issuing_authority"].value == JOB_CENTRE.name


def scribble(sheet: Sheet) -> None:
    """A pen over the whole number line."""
    line = sheet.pen.beginPath()
    line.moveTo(38 * MM, (HEIGHT - 51) * MM)
    for step in range(1, 26):
        line.lineTo((38 + 2 * step) * MM, (HEIGHT - (47 if step % 2 else 51)) * MM)
    sheet.pen.setLineWidth(4)
    sheet.pen.drawPath(line)


def test_the_subject_is_read_where_the_number_above_it_cannot_be(read: Read) -> None:
    found = read(LETTER, more=scribble).fields
    assert found["abstract"].value == f"V/v {LETTER.abstract}"
    assert found["document_number"].needs_review


def test_an_agency_printed_in_small_letters_is_not_its_parent(read: Read) -> None:
    centre = replace(
        JOB_CENTRE,
        name="Trung tâm Y tế huyện Tuy Phước",
        lines=("Trung tâm Y tế", "huyện Tuy Phước"),
        parent_lines=("SỞ Y TẾ BÌNH ĐỊNH",),
    )
    found = read(replace(LETTER, agency=centre, notation="TTYT-TCHC")).fields["issuing_authority"]
    assert found.value == centre.name


def test_who_decides_stands_in_the_title_and_not_in_the_abstract(read: Read) -> None:
    paper = read(DECISION, TYPEWRITER)
    assert paper.document_type.code == "MAU-QD"
    assert paper.fields["abstract"].value == DECISION.abstract
    assert paper.fields["issuing_authority"].value == "Sở Tư pháp"


def test_who_decides_may_stand_on_lines_of_its_own_under_the_title(read: Read) -> None:
    issuer = ("CỦA CHỦ TỊCH ỦY BAN NHÂN DÂN", "TỈNH BÌNH ĐỊNH")
    paper = read(replace(DECISION, heading="QUYẾT ĐỊNH", issuer=issuer), TYPEWRITER)
    assert paper.fields["abstract"].value == DECISION.abstract


def test_a_paper_of_the_party_has_its_own_title_number_and_small_letters(read: Read) -> None:
    committee = replace(
        JOB_CENTRE,
        name="Huyện ủy Sơn Tịnh",
        lines=("HUYỆN ỦY SƠN TỊNH",),
        parent_lines=("ĐẢNG BỘ TỈNH QUẢNG NGÃI",),
        place="Sơn Tịnh",
    )
    paper = read(
        replace(
            DECISION,
            agency=committee,
            number="87",
            notation="BC/HU",
            separator="-",
            date=dt.date(2024, 12, 9),
            heading="BÁO CÁO",
            abstract="kết quả công tác xây dựng Đảng năm 2024",
        )
    )
    values = {name: found.value for name, found in paper.fields.items()}
    assert values["document_number"] == "87-BC/HU"
    assert values["issue_date"] == "2024-12-09"
    assert values["issuing_authority"] == "Huyện ủy Sơn Tịnh"
    assert values["abstract"] == "Kết quả công tác xây dựng Đảng năm 2024"
    assert not paper.fields["abstract"].needs_review


def test_a_line_of_the_agency_that_reaches_under_the_motto_keeps_its_last_word(read: Read) -> None:
    board = replace(
        JOB_CENTRE,
        name="Ban Quản lý dự án đầu tư xây dựng công trình dân dụng",
        lines=("BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ", "XÂY DỰNG CÔNG TRÌNH DÂN DỤNG"),
        parent_lines=("UBND TỈNH LÂM ĐỒNG",),
    )
    found = read(replace(LETTER, agency=board, notation="BQLDA-KH")).fields["issuing_authority"]
    assert found.value == board.name


@pytest.mark.parametrize("dpi", [100, 150])
def test_a_coarse_scan_is_never_silently_wrong(read: Read, dpi: int) -> None:
    paper = read(replace(DECISION, heading="QUYẾT ĐỊNH"), TYPEWRITER, dpi=dpi)
    truth = {
        "document_number": "157/QĐ-STP",
        "issue_date": "1994-10-16",
        "issuing_authority": "Sở Tư pháp",
        "abstract": DECISION.abstract,
    }
    for name, value in truth.items():
        assert paper.fields[name].value == value or paper.fields[name].needs_review, name
