"""The whole way from a PDF to its proposals, on papers drawn and scanned here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from connector.demo.papers.agencies import people_committee_of_commune, social_insurance_of_province
from connector.demo.papers.handwriting import BLACK, BLUE, some_hand, write
from connector.demo.papers.medical import SickLeave, draw_sick_leave
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.people import some_person
from connector.demo.papers.scanner import Condition, scan, write_born_digital, write_scan
from connector.demo.papers.sheet import Sheet
from connector.demo.papers.stamps import incoming, round_seal
from connector.demo.papers.typefaces import TINOS
from connector.domain.errors import UnreadableFile
from connector.domain.extraction import Extraction, Source
from ocr_worker.reader import PaperReader, read_paper

TODAY = dt.date(2025, 6, 1)
WHEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
CLEAN = Condition(dpi=200, skew=0.5)
DECISION = Official(
    agency=people_committee_of_commune("xã Tịnh Giang", "huyện Sơn Tịnh", "Quảng Ngãi"),
    number="157",
    notation="QĐ-UBND",
    date=dt.date(2025, 1, 16),
    heading="QUYẾT ĐỊNH",
    abstract="Về việc hỗ trợ hộ nghèo xây dựng nhà ở trên địa bàn xã",
    body=(
        "<i>Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;</i>",
        "<b>Điều 1.</b> Hỗ trợ các hộ nghèo có tên trong danh sách kèm theo Quyết định số 12/QĐ-UBND ngày 02/3/2024.",
        "<b>Điều 2.</b> Văn phòng Ủy ban nhân dân xã Tịnh Giang chịu trách nhiệm thi hành Quyết định này./.",
    ),
    receivers=("Như Điều 2", "Lưu: VT"),
    signer=("CHỦ TỊCH",),
    signer_name="Lê Minh Khôi",
)
LETTER = replace(
    DECISION,
    agency=social_insurance_of_province("Bình Định", place="Quy Nhơn"),
    number="1043",
    notation="BHXH-CS",
    heading=None,
    abstract="xác minh quá trình đóng bảo hiểm xã hội",
    addressees=("Ủy ban nhân dân xã Tịnh Giang",),
)

Draw = Callable[..., Path]


@pytest.fixture
def scanned(tmp_path: Path) -> Draw:
    """Draws a paper, puts more ink on it where asked, and scans it."""

    def draw(
        paper: Official = DECISION,
        habits: Habits | None = None,
        *,
        condition: Condition = CLEAN,
        more: Callable[[Sheet], object] = lambda sheet: None,
    ) -> Path:
        rng = np.random.default_rng(11)
        sheet = draw_official(paper, habits or Habits(), rng)
        more(sheet)
        target = tmp_path / "paper.pdf"
        write_scan(scan(sheet.finish(), condition, rng), target, condition=condition, scanned_at=WHEN)
        return target

    return draw


def values(extraction: Extraction) -> dict[str, str | None]:
    """The proposed values."""
    return {name: found.value for name, found in extraction.fields.items()}


def test_a_printed_decision_is_read_whole_and_nothing_of_it_is_flagged(scanned: Draw) -> None:
    read = read_paper(scanned(), today=TODAY)
    assert read.document_type.code == "MAU-QD"
    assert values(read) == {
        "document_name": "Quyết định",
        "document_number": "157/QĐ-UBND",
        "issue_date": "2025-01-16",
        "issuing_authority": "Ủy ban nhân dân xã Tịnh Giang",
        "abstract": "Về việc hỗ trợ hộ nghèo xây dựng nhà ở trên địa bàn xã",
    }
    assert [name for name, found in read.fields.items() if found.needs_review] == []
    assert {found.source for found in read.fields.values()} <= {Source.PRINT, Source.LEXICON}


def test_a_letter_has_no_title_and_its_subject_under_the_number(scanned: Draw) -> None:
    read = read_paper(scanned(LETTER), today=TODAY)
    found = values(read)
    assert read.document_type.code == "MAU-CV"
    assert found["document_number"] == "1043/BHXH-CS"
    assert found["abstract"] == "V/v xác minh quá trình đóng bảo hiểm xã hội"
    assert found["issuing_authority"] == "Bảo hiểm xã hội tỉnh Bình Định"  # not its parent BHXH Việt Nam


@pytest.mark.parametrize("ink", [BLUE, BLACK], ids=["blue", "black"])
def test_a_number_and_a_day_written_by_hand_survive(scanned: Draw, ink: tuple[float, float, float]) -> None:
    hand = some_hand(np.random.default_rng(4), colour=ink)
    read = read_paper(scanned(habits=Habits(number_hand=hand, day_hand=hand)), today=TODAY)
    number, date = read.fields["document_number"], read.fields["issue_date"]
    assert number.value == "157/QĐ-UBND" or number.needs_review
    assert date.value == "2025-01-16" or date.needs_review
    assert number.value is not None
    assert number.source is Source.HANDWRITING


def test_a_damaged_printed_number_never_passes_as_another(scanned: Draw) -> None:
    paper = replace(DECISION, number="838")
    wrong_and_sure = []
    for shift in (0.0, 0.9, 1.8):

        def scratch(sheet: Sheet, shift: float = shift) -> None:
            sheet.stamp.setFillColorRGB(0.1, 0.1, 0.1)
            sheet.stamp.rect((54.2 + shift) * 72 / 25.4, (297 - 45.5) * 72 / 25.4, 1.0, 14, stroke=0, fill=1)

        found = read_paper(scanned(paper, more=scratch), today=TODAY).fields["document_number"]
        if found.value != "838/QĐ-UBND" and not found.needs_review:
            wrong_and_sure.append(found.value)
    assert wrong_and_sure == []


def test_the_number_of_an_incoming_stamp_is_never_ours(scanned: Draw) -> None:
    def stamp(sheet: Sheet) -> None:
        x, y = incoming(sheet.stamp, 52, 78, office="VĂN PHÒNG HĐND", turned=2, colour=(0.1, 0.1, 0.1))
        write(sheet.pen, "2352", x, y, some_hand(np.random.default_rng(3), colour=BLUE), np.random.default_rng(3))

    read = read_paper(scanned(more=stamp), today=TODAY)
    assert values(read)["document_number"] == "157/QĐ-UBND"
    assert values(read)["issue_date"] == "2025-01-16"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read_and_its_places_are_those_of_the_file(scanned: Draw, turn: int) -> None:
    upright = scanned()
    place = read_paper(upright, today=TODAY).fields["document_number"].box
    turned = upright.with_name("turned.pdf")
    with pikepdf.open(upright) as pdf:
        # the picture is turned and /Rotate does not say so
        page = pdf.pages[0]
        width, height = (float(edge) for edge in page.mediabox[2:])
        content = {90: f"0 1 -1 0 {height} 0 cm", 180: f"-1 0 0 -1 {width} {height} cm", 270: f"0 -1 1 0 0 {width} cm"}
        page.contents_add(content[turn].encode(), prepend=True)
        if turn != 180:
            page.mediabox = pikepdf.Array([0, 0, height, width])
        pdf.save(turned)
    read = read_paper(turned, today=TODAY)
    found = read.fields["document_number"]
    assert found.value == "157/QĐ-UBND"
    assert place is not None
    assert found.box is not None
    x0, y0, x1, y1 = place
    expected = {
        90: (y0, width - x1, y1, width - x0),
        180: (width - x1, height - y1, width - x0, height - y0),
        270: (height - y1, x0, height - y0, x1),
    }[turn]
    assert found.box == pytest.approx(expected, abs=8)


def test_a_paper_born_digital_is_read_from_its_own_text(tmp_path: Path) -> None:
    drawing = draw_official(DECISION, Habits(sealed=False, signed=False), np.random.default_rng(1)).finish()
    file = tmp_path / "born.pdf"
    write_born_digital(drawing.printed, file, created=WHEN)
    read = read_paper(file, today=TODAY)
    assert values(read)["document_number"] == "157/QĐ-UBND"
    assert values(read)["issue_date"] == "2025-01-16"
    assert read.fields["document_number"].source is Source.TEXT
    assert [name for name, found in read.fields.items() if found.needs_review] == []


def test_a_date_after_today_or_after_the_first_signature_is_flagged(scanned: Draw) -> None:
    read = read_paper(scanned(), today=dt.date(2025, 1, 15))
    assert read.fields["issue_date"].needs_review


def test_text_that_says_the_paper_is_secret_stops_it(scanned: Draw) -> None:
    def typed(sheet: Sheet) -> None:
        sheet.text("MẬT", 45, 62, size=14, style="bold", align="centre")

    read = read_paper(scanned(more=typed), today=TODAY)
    assert read.secrecy_found
    assert read.fields == {}
    assert read.alto == b""


def test_a_sentence_about_secrets_does_not_stop_a_paper(scanned: Draw) -> None:
    paper = replace(DECISION, abstract="Về việc bảo vệ bí mật nhà nước tại Mặt trận Tổ quốc Việt Nam xã")
    assert not read_paper(scanned(paper), today=TODAY).secrecy_found


def test_a_page_that_cannot_be_read_leaves_the_fields_to_a_person(scanned: Draw) -> None:
    faded = replace(CLEAN, dpi=100, blur=3.5, toner=0.25, noise=25.0)
    read = read_paper(scanned(condition=faded), today=TODAY)
    assert read.fields == {}
    assert read.manual_reason.startswith("Không đọc được")
    assert read.document_type.needs_review


def test_a_blank_page_before_the_paper_is_passed_over(scanned: Draw) -> None:
    paper = scanned()
    with pikepdf.open(paper, allow_overwriting_input=True) as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages.reverse()
        pdf.save(paper)
    read = read_paper(paper, today=TODAY)
    assert read.pages == 2
    assert values(read)["document_number"] == "157/QĐ-UBND"
    assert {found.page for found in read.fields.values()} == {2}


def test_a_page_with_nothing_but_a_seal_leaves_the_fields_to_a_person(tmp_path: Path) -> None:
    sheet = Sheet(TINOS)
    round_seal(sheet.stamp, 100, 120, around="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI")
    file = tmp_path / "seal.pdf"
    write_scan(scan(sheet.finish(), CLEAN, np.random.default_rng(2)), file, condition=CLEAN, scanned_at=WHEN)
    read = read_paper(file, today=TODAY)
    assert read.fields == {}
    assert read.manual_reason


@pytest.mark.parametrize("skew", [-4.0, 8.0])
def test_a_sheet_that_lay_far_askew_is_read_and_never_silently_wrong(scanned: Draw, skew: float) -> None:
    read = read_paper(scanned(condition=replace(CLEAN, skew=skew)), today=TODAY)
    assert values(read)["issue_date"] == "2025-01-16"
    number = read.fields["document_number"]
    assert number.value == "157/QĐ-UBND" or number.needs_review


def test_a_page_in_another_language_leaves_the_fields_to_a_person(tmp_path: Path) -> None:
    sheet = Sheet(TINOS)
    y = 30.0
    for _ in range(6):
        y = sheet.paragraph("The undersigned certifies that the employee was on leave from work in that month. " * 2, y)
    file = tmp_path / "english.pdf"
    write_scan(scan(sheet.finish(), CLEAN, np.random.default_rng(2)), file, condition=CLEAN, scanned_at=WHEN)
    read = read_paper(file, today=TODAY)
    assert read.fields == {}
    assert "tiếng Việt" in read.manual_reason


def test_a_form_is_read_by_its_labels(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    person = some_person(rng, born=(1985, 1990))
    form = SickLeave(
        agency=social_insurance_of_province("Bình Định"), number="0236", serial="51A0000236", patient=person,
        employer="Công ty Sao Mai", diagnosis="Sốt xuất huyết", treatment="Nội khoa", first_day=dt.date(2025, 1, 10),
        days=5, date=dt.date(2025, 1, 10), doctor="Trần Đình Phú", head="Huỳnh Ngọc Lan",
    )  # fmt: skip
    file = tmp_path / "form.pdf"
    drawing = draw_sick_leave(form, Habits(), rng).finish()
    write_scan(scan(drawing, CLEAN, rng), file, condition=CLEAN, scanned_at=WHEN)
    read = read_paper(file, today=TODAY)
    found = values(read)
    assert read.document_type.code == "MAU-C65HD"
    assert found["owner_name"] == person.name
    assert found["owner_id"] == person.personal_id
    assert found["owner_birth_date"] == person.birth_date.isoformat()
    assert found["document_number"] == "0236/KCB"
    assert read.fields["abstract"].needs_review  # proposed by a rule, printed nowhere


def test_a_broken_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(UnreadableFile):
        PaperReader(seconds=60, megabytes=2000).read(file)


def test_a_limited_process_gives_the_same_proposals(scanned: Draw) -> None:
    file = scanned()
    limited = PaperReader(seconds=120, megabytes=2000).read(file)
    assert limited.fields["document_number"].value == "157/QĐ-UBND"
    assert limited.alto.startswith(b"<?xml")
