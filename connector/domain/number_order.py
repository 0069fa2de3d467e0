"""Numbers of one office grow through the year (Decree 30/2020, Art. 15): what the register knows bounds a reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PARTS = re.compile(r"(\d+)([/-].+)?")


@dataclass(frozen=True, kw_only=True)
class NumberedPaper:
    """A registered paper of the same office, type and year: its number as written and its date, YYYY-MM-DD."""

    document_number: str
    issue_date: str


def notation_of(document_number: str) -> str | None:
    """What follows the running number (`/QĐ-UBND`), "" for a bare one; None where there is no running number."""
    found = _PARTS.fullmatch(document_number)
    return None if found is None else found[2] or ""


def fits_in_order(document_number: str, issue_date: str, neighbours: Sequence[NumberedPaper]) -> bool:
    """Whether a number stands between those of earlier and of later papers with the same notation.

    Papers of the same day may have any number, but not this one. It can only say that something does not fit:
    the reading, or an office that dates and numbers out of order.
    """
    number, notation = _running(document_number), notation_of(document_number)
    for other in neighbours:
        known = _running(other.document_number)
        if number is None or known is None or notation_of(other.document_number) != notation:
            continue
        if other.issue_date < issue_date and known >= number:
            return False
        if other.issue_date > issue_date and known <= number:
            return False
    return True


def _running(document_number: str) -> int | None:
    found = _PARTS.fullmatch(document_number)
    return int(found[1]) if found else None
