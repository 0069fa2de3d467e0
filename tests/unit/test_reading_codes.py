"""QR codes: what they say beats what was read, and a difference is looked at by a person."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from connector.demo.papers.agencies import people_committee_of_commune
from connector.demo.papers.identity_card import draw_code, draw_identity_card
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.people import some_person
from connector.demo.papers.scanner import Condition, scan, write_scan
from connector.demo.papers.sheet import Sheet
from connector.domain.extraction import Extraction, Source
from connector.domain.identifiers import OwnerIdKind
from ocr_worker.lexicon.document_type import load_document_types
from ocr_worker.pages.qr import paper_of, person_of
from ocr_worker.reader import read_paper

TODAY = dt.date(2025, 6, 1)
WHEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
OWNER, OTHER = "051194000107", "051094000208"
NAMES = [kind.name for kind in load_document_types()]
DECISION = Official(
    agency=people_committee_of_commune("xã Tịnh Giang", "huyện Sơn Tịnh", "Quảng Ngãi"),
    number="157",
    notation="QĐ-UBND",
    date=dt.date(2025, 1, 16),
    heading="QUYẾT ĐỊNH",
    abstract="Về việc hưởng trợ cấp xã hội hằng tháng",
    body=(f"<b>Điều 1.</b> Trợ cấp cho bà Lê Thị Hoa, số định danh cá nhân {OWNER}.", "<b>Điều 2.</b> Thi hành./."),
    receivers=("Như Điều 2", "Lưu: VT"),
    signer=("CHỦ TỊCH",),
    signer_name="Lê Minh Khôi",
)
Read = Callable[[str], Extraction]


@pytest.fixture
def read_with(tmp_path: Path) -> Read:
    """Reads the decision with a code of this text in its top left corner, as Circular 01/2023 prints it."""

    def read(text: str) -> Extraction:
        rng = np.random.default_rng(8)
        sheet = draw_official(DECISION, Habits(), rng, first_page=lambda sheet: draw_code(sheet, text, 8.0, 6.0, 17.0))
        return scanned(sheet, tmp_path, rng)

    return read


def scanned(sheet: Sheet, folder: Path, rng: np.random.Generator) -> Extraction:
    condition = Condition(dpi=200, skew=0.5)
    file = folder / "paper.pdf"
    write_scan(scan(sheet.finish(), condition, rng), file, condition=condition, scanned_at=WHEN)
    return read_paper(file, today=TODAY)


def code(owner: str = OWNER, name: str = "Quyết định", issued: str = "16/01/2025 09:15") -> str:
    return f"H48.35-250106-0003|1.001776|{owner}|{name}|Hệ thống thông tin giải quyết TTHC tỉnh|{issued}"


def test_a_code_that_agrees_with_the_print_makes_its_values_sure(read_with: Read) -> None:
    read = read_with(code())
    assert read.fields["owner_id"].value == OWNER
    assert read.fields["owner_id"].source is Source.QR
    assert not read.fields["owner_id"].needs_review
    assert read.fields["issue_date"].value == "2025-01-16"
    assert not read.fields["issue_date"].needs_review
    assert not read.document_type.needs_review


def test_a_code_of_another_owner_date_or_type_is_proposed_and_flagged(read_with: Read) -> None:
    read = read_with(code(owner=OTHER, name="Giấy mời", issued="17/01/2025"))
    for name, value in (("owner_id", OTHER), ("issue_date", "2025-01-17")):
        assert read.fields[name].value == value
        assert read.fields[name].needs_review
    assert read.document_type.name == "Quyết định"
    assert read.document_type.needs_review


def test_an_identity_card_is_read_from_its_code(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    holder = some_person(rng)
    read = scanned(draw_identity_card(holder, "Tổ 4, xã Tịnh Giang", rng), tmp_path, rng)
    assert {name: read.fields[name].value for name in ("owner_id", "owner_name", "owner_birth_date")} == {
        "owner_id": holder.personal_id,
        "owner_name": holder.name,
        "owner_birth_date": holder.birth_date.isoformat(),
    }
    assert read.fields["owner_id_kind"].value == OwnerIdKind.PERSONAL
    assert read.fields["owner_id"].source is Source.QR


@pytest.mark.parametrize(
    "text",
    [
        "https://dichvucong.gov.vn/p/home/dvc-tra-cuu.html?ma=H48.35-250106-0003",
        f"123456789|{OWNER}",  # an old identity number is no owner id and one part makes no paper
        "0987654321|Nguyễn Văn An",
        "",
    ],
)
def test_a_code_that_says_nothing_of_a_paper_is_none(text: str) -> None:
    assert paper_of(text, NAMES) is None
    assert person_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        code(),
        code().replace("|", "\n"),
        f"Mã hồ sơ: H48.35-250106-0003; Định danh: {OWNER}; Tên giấy tờ: Quyết định; Thời gian cấp: 16/01/2025 09:15",
        json.dumps({"maHoSo": "H48.35-250106-0003", "dinhDanh": OWNER, "tenGiayTo": "Quyết định", "cap": "2025-01-16"}),
    ],
)
def test_the_parts_of_a_code_are_known_by_their_form_whatever_stands_between_them(text: str) -> None:
    found = paper_of(text, NAMES)
    assert found is not None
    assert (found.owner_id, found.owner_id_kind) == (OWNER, OwnerIdKind.PERSONAL)
    assert (found.document_name, found.issued) == ("Quyết định", "2025-01-16")


def test_a_code_of_two_owners_names_neither() -> None:
    found = paper_of(f"{OWNER}|{OTHER}|Quyết định", NAMES)
    assert found is not None
    assert found.owner_id is None


def test_a_business_is_an_owner_by_its_tax_code() -> None:
    found = paper_of("Mã số thuế: 0100109106|Quyết định", NAMES)
    assert found is not None
    assert (found.owner_id, found.owner_id_kind) == ("0100109106", OwnerIdKind.TAX)


def test_a_card_with_an_impossible_id_or_birth_date_is_no_person() -> None:
    assert person_of("999999999||Lê Thị Hoa|01011990|Nữ||01012022") is None
    assert person_of(f"{OWNER}||Lê Thị Hoa|31021994|Nữ||01012022") is None
