"""Until when a paper is in force."""

from __future__ import annotations

import datetime as dt

import pytest

from connector.domain.validity import last_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("từ ngày 1/2/2025 đến hết ngày 31/01/2026", dt.date(2026, 1, 31)),
        ("Đến ngày 05-07-2026", dt.date(2026, 7, 5)),
        ("2025-01-01 đến 2025-12-31", dt.date(2025, 12, 31)),
        ("2025-01-01/2025-12-31", dt.date(2025, 12, 31)),
    ],
)
def test_a_stated_last_day_is_read(text: str, day: dt.date) -> None:
    assert last_day(text) == day


@pytest.mark.parametrize(
    "text",
    [None, "", "12 tháng", "kể từ ngày ký", "từ ngày 1/2/2025", "31/12/2025", "đến ngày 31/02/2026",
     "đến ngày 1/1/2026 hoặc đến ngày 1/1/2027", "không thời hạn"],
)  # fmt: skip
def test_a_doubtful_text_ends_nothing(text: str | None) -> None:
    assert last_day(text) is None
