"""The Article 9 metadata: dates as people type them, and what must not be empty."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.errors import InvalidFieldValue
from connector.domain.labels import DOSSIER_LABELS, PAPER_LABELS, value_kind
from connector.domain.metadata import (
    ARTICLE_9_FIELDS,
    DOSSIER_PROPERTIES,
    MANDATORY_FIELDS,
    PAPER_PROPERTIES,
    WRITTEN_BY_PEOPLE,
    Metadata,
    clean,
    iso_date,
    sector_fields,
)

WHOLE = {
    "document_type_code": "MAU-QD",
    "owner_id": "001090000012",
    "document_name": "Quyết định",
    "document_number": "12/QĐ-BHXH",
    "issue_date": "06/01/2025",
    "issuing_authority": "Bảo hiểm xã hội tỉnh Hà Nam",
    "abstract": "Về việc hưởng lương hưu",
}


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]))
def test_every_way_to_write_a_day_gives_that_day(day: dt.date, pattern: str) -> None:
    assert iso_date(day.strftime(pattern)) == day.isoformat()


def test_days_are_never_read_as_months() -> None:
    assert iso_date("06/01/2025") == iso_date(" 6-1-2025") == iso_date("2025-01-06T00:00:00+07:00") == "2025-01-06"


@pytest.mark.parametrize("text", ["31/02/2025", "1/13/2025", "6/1/25", "ngày 6 tháng 1", "2025", ""])
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(InvalidFieldValue):
        iso_date(text)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_look_alike_letters_and_spaces_are_folded() -> None:
    assert clean(" 12/Q\u00d0-BHXH\u00a0 ") == "12/Q\u0110-BHXH"
    assert clean("QUYE\u0302\u0301T") == "QUYẾT"


def test_nothing_mandatory_is_missing_from_whole_metadata() -> None:
    assert Metadata.from_values(WHOLE).missing() == ()


@pytest.mark.parametrize("name", MANDATORY_FIELDS)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_each_mandatory_field_is_missed(name: str, empty: str | None) -> None:
    assert Metadata.from_values({**WHOLE, name: empty}).missing() == (name,)


@pytest.mark.parametrize(
    ("owner", "missing"),
    [
        ({"owner_id": "001090000012"}, ()),
        ({"owner_name": "Nguyễn Văn An", "owner_birth_date": "5/7/1985"}, ()),
        ({"owner_name": "Nguyễn Văn An", "owner_birth_date": "1985"}, ()),
        ({"owner_name": "Công ty An Bình", "owner_founding_year": "1999"}, ()),
        ({"owner_name": "Nguyễn Văn An"}, ("owner_id",)),
        ({"owner_birth_date": "1985"}, ("owner_id",)),
        ({}, ("owner_id",)),
    ],
)
def test_an_owner_is_an_id_or_its_substitutes(owner: dict[str, str], missing: tuple[str, ...]) -> None:
    rest = {name: value for name, value in WHOLE.items() if name != "owner_id"}
    assert Metadata.from_values({**rest, **owner}).missing() == missing


@pytest.mark.parametrize("value", ["85", "19850", "0000", "99999999"])
@pytest.mark.parametrize("name", ["owner_birth_date", "owner_founding_year"])
def test_a_year_has_four_digits(name: str, value: str) -> None:
    with pytest.raises(InvalidFieldValue):
        Metadata.from_values({**WHOLE, name: value})


def test_dates_after_a_day_are_named_and_a_bare_year_counts_as_a_year() -> None:
    metadata = Metadata.from_values({**WHOLE, "issue_date": "2025-06-02", "owner_birth_date": "2025"})
    assert metadata.later_than(dt.date(2025, 6, 1)) == ("issue_date",)
    assert metadata.later_than(dt.date(2024, 12, 31)) == ("owner_birth_date", "issue_date")
    assert metadata.later_than(dt.date(2025, 6, 2)) == ()


def test_metadata_survives_its_plain_form() -> None:
    metadata = Metadata.from_values(WHOLE, extra={"so_so": "1"})
    assert Metadata(**metadata.as_dict()) == metadata  # type: ignore[arg-type]


def test_every_property_has_a_name_of_its_own_and_a_label() -> None:
    assert set(PAPER_LABELS) == set(PAPER_PROPERTIES)
    assert set(DOSSIER_LABELS) == set(DOSSIER_PROPERTIES)
    for properties in (PAPER_PROPERTIES, DOSSIER_PROPERTIES):
        assert len(set(properties.values())) == len(properties)
        assert {value_kind(name) for name in properties} <= {"string", "boolean", "integer", "datetime"}
    assert set(ARTICLE_9_FIELDS) < WRITTEN_BY_PEOPLE < set(PAPER_PROPERTIES)


def test_what_has_legal_weight_is_written_by_nobody_but_us() -> None:
    assert not WRITTEN_BY_PEOPLE & {"state", "digitization_code", "confirmed_by", "confirmed_at", "content_sha256"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Số tháng: 240; Mức hưởng: 75 %", {"Số tháng": "240", "Mức hưởng": "75 %"}),
        ("Giờ: 8:30", {"Giờ": "8:30"}),
        ("không có tên", {"Ghi chú": "không có tên"}),
        ("một; hai", {"Ghi chú": "một; hai"}),
        (" ; ", {}),
        ("", {}),
    ],
)
def test_sector_fields_are_taken_as_people_type_them(text: str, fields: dict[str, str]) -> None:
    assert sector_fields(text) == fields
