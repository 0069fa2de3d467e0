"""Figures of a period: who may read them, and their table."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping

from connector.domain.report import Period, Report
from connector.domain.roles import Role

READERS = frozenset({Role.LANH_DAO, Role.VAN_THU})


def period_of(query: Mapping[str, str]) -> Period:
    """From the days ``tu`` and ``den`` (YYYY-MM-DD). Raises ValueError."""
    return Period(first=_day(query.get("tu")), last=_day(query.get("den")))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def spreadsheet(report: Report) -> bytes:
    """CSV (RFC 4180) with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    csv.writer(written).writerows(report.csv_rows())
    return written.getvalue().encode("utf-8-sig")
