"""Numbers of one office grow through the year: what does not fit between its neighbours is asked about."""

from __future__ import annotations

import pytest

from connector.domain.number_order import NumberedPaper, fits_in_order

REGISTERED = (
    NumberedPaper(document_number="12/QĐ-BHXH", issue_date="2024-02-01"),
    NumberedPaper(document_number="40/QĐ-BHXH", issue_date="2024-03-15"),
    NumberedPaper(document_number="45/QĐ-BHXH", issue_date="2024-03-15"),
    NumberedPaper(document_number="900/BHXH-TCCB", issue_date="2024-01-05"),
)


@pytest.mark.parametrize(
    ("number", "date", "fits"),
    [
        ("20/QĐ-BHXH", "2024-02-20", True),
        ("120/QĐ-BHXH", "2024-02-20", False),
        ("2/QĐ-BHXH", "2024-02-20", False),
        ("12/QĐ-BHXH", "2024-02-20", False),
        ("42/QĐ-BHXH", "2024-03-15", True),
        ("46/QĐ-BHXH", "2024-12-31", True),
        ("44/QĐ-BHXH", "2024-12-31", False),
        ("5/TB-BHXH", "2024-12-31", True),
        ("05/QĐ-BHXH", "2024-01-10", True),
        ("không số", "2024-01-10", True),
        ("901-CV/TU", "2024-01-04", True),
    ],
)
def test_a_number_stands_between_earlier_and_later_ones_of_the_same_notation(
    number: str, date: str, fits: bool
) -> None:
    assert fits_in_order(number, date, REGISTERED) is fits
