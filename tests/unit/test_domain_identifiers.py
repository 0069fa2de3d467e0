"""Identifiers of owners: what is one, and what only looks like one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.identifiers import (
    OwnerIdKind,
    is_organisation_code,
    is_personal_id,
    is_tax_code,
    newer_organisation_code,
    owner_id_kind,
)

REAL_TAX_CODES = ("0100109106", "0101243150", "0300588569", "0105232093", "0100686209")


@pytest.mark.parametrize("code", REAL_TAX_CODES)
def test_real_tax_codes_pass_their_check_digit_with_and_without_a_branch(code: str) -> None:
    assert is_tax_code(code)
    assert is_tax_code(f"{code}-001")
    assert not is_tax_code(f"{code}-000")


@given(st.sampled_from(REAL_TAX_CODES), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes(code: str, place: int, change: int) -> None:
    digit = (int(code[place]) + change) % 10
    assert not is_tax_code(f"{code[:place]}{digit}{code[place + 1 :]}")


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_nine_digits_have_at_most_one_check_digit_and_a_remainder_of_nought_has_none(nine: str) -> None:
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    remainder = sum(weight * int(digit) for weight, digit in zip(weights, nine, strict=True)) % 11
    passing = [digit for digit in range(10) if is_tax_code(f"{nine}{digit}")]
    assert passing == ([10 - remainder] if remainder else [])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("001090000012", True),
        ("079201000012", True),  # the 2000s
        ("001499000012", False),  # a birth in 2099
        ("003090000012", False),  # no such province
        ("00109000001", False),
        ("0010900000123", False),
        ("00109000001a", False),
        ("001090000012 ", False),
        ("٠٠١٠٩٠٠٠٠٠١٢", False),  # digits, but not ours
    ],
)
def test_a_personal_id_has_a_province_a_century_and_a_year_that_has_come(text: str, is_one: bool) -> None:
    assert is_personal_id(text, today=dt.date(2026, 1, 1)) is is_one


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("001090000012", OwnerIdKind.PERSONAL),
        ("0100109106", OwnerIdKind.TAX),
        ("G24", OwnerIdKind.ORGANISATION),
        ("G24.45.01", OwnerIdKind.ORGANISATION),
        ("Z01ABC123", OwnerIdKind.ORGANISATION),
        ("123456789", None),  # a CMND
        ("0123456789", None),  # a BHXH number
        ("TZH490L", None),  # an employer number
        ("000.00.45.G24", None),  # the old order, which is turned round
        ("", None),
    ],
)
def test_what_an_owner_id_is(text: str, kind: OwnerIdKind | None) -> None:
    assert owner_id_kind(text) == kind


def test_an_organisation_code_has_at_most_35_characters() -> None:
    assert is_organisation_code("G24." + "1" * 31)
    assert not is_organisation_code("G24." + "1" * 32)
    assert not is_organisation_code("Z01" + "A" * 33)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.45.G24", "G24.45"),
        ("000.12.45.H37", "H37.45.12"),
        ("000.00.00.H10", "H10"),
        ("G24.45.01", None),
        ("001090000012", None),
        ("Z01.02.03.G24", None),
    ],
)
def test_the_old_order_of_an_organisation_code_is_turned_round(old: str, new: str | None) -> None:
    assert newer_organisation_code(old) == new
