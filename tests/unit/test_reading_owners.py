"""Whose paper it is: identifiers with their checks, names and birth dates where there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connector.demo.papers.agencies import people_committee_of_commune
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.scanner import write_born_digital
from connector.domain.extraction import FieldProposal
from ocr_worker.reader import read_paper

TODAY = dt.date(2025, 6, 1)
WHEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
PAPER = Official(
    agency=people_committee_of_commune("xã Tịnh Giang", "huyện Sơn Tịnh", "Quảng Ngãi"),
    number="157",
    notation="QĐ-UBND",
    date=dt.date(2025, 1, 16),
    heading="QUYẾT ĐỊNH",
    abstract="Về việc hưởng trợ cấp xã hội hằng tháng",
    body=(),
    receivers=("Lưu: VT",),
    signer=("CHỦ TỊCH",),
    signer_name="Lê Minh Khôi",
)
Owner = Callable[[str], Mapping[str, FieldProposal]]


@pytest.fixture
def owner_of(tmp_path: Path) -> Owner:
    """The owner's fields of a born-digital decision with one sentence."""

    def fields(sentence: str) -> Mapping[str, FieldProposal]:
        paper = replace(PAPER, body=(f"<b>Điều 1.</b> {sentence}",))
        drawing = draw_official(paper, Habits(sealed=False, signed=False), np.random.default_rng(1)).finish()
        file = tmp_path / "paper.pdf"
        write_born_digital(drawing.printed, file, created=WHEN)
        return read_paper(file, today=TODAY).fields

    return fields


@pytest.mark.parametrize(
    ("sentence", "value", "kind"),
    [
        ("Trợ cấp cho bà Lê Thị Hoa, số định danh cá nhân 051194000107.", "051194000107", "CCCD"),
        ("Miễn giảm cho Công ty Sao Mai, mã số thuế 0100109106.", "0100109106", "MST"),
        ("Chi cho đơn vị có mã định danh H48.35.12 theo dự toán.", "H48.35.12", "TO_CHUC"),
    ],
)
def test_an_identifier_that_passes_its_checks_is_the_owners(
    owner_of: Owner, sentence: str, value: str, kind: str
) -> None:
    found = owner_of(sentence)
    assert (found["owner_id"].value, found["owner_id_kind"].value) == (value, kind)
    assert found["owner_id"].needs_review is (kind != "CCCD")


@pytest.mark.parametrize(
    "sentence",
    [
        "Trợ cấp cho bà Lê Thị Hoa, CMND số 212345678.",
        "Trợ cấp cho bà Lê Thị Hoa, số định danh cá nhân 003194000107.",  # no such province
        "Trợ cấp cho bà Lê Thị Hoa, số định danh cá nhân 051399000107.",  # born in 2099
        "Miễn giảm cho Công ty Sao Mai, mã số thuế 0100109107.",  # wrong check digit
        "Trợ cấp cho bà Lê Thị Hoa, mã số BHXH 5124175000.",
    ],
)
def test_what_is_no_owner_id_is_never_proposed_as_one(owner_of: Owner, sentence: str) -> None:
    assert "owner_id" not in owner_of(sentence)


def test_of_several_people_none_passes_without_a_look(owner_of: Owner) -> None:
    found = owner_of("Trợ cấp cho hai người: số định danh cá nhân 051194000107 và số định danh cá nhân 051094000208.")
    assert found["owner_id"].needs_review


def test_name_and_birth_date_are_proposed_where_there_is_no_id(owner_of: Owner) -> None:
    found = owner_of("Trợ cấp cho bà Lê Thị Hoa, sinh ngày 05/03/1950, thường trú tại xã Tịnh Giang.")
    assert (found["owner_name"].value, found["owner_birth_date"].value) == ("Lê Thị Hoa", "1950-03-05")
    assert found["owner_name"].needs_review
