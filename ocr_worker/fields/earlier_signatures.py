"""When a file says that it was captured, and its signatures that they were made: they bound the date of issue."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pikepdf

# a scanner whose clock was never set says an earlier year
EARLIEST_CAPTURE = 2005
_WHEN = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?")


def first_signed_at(pdf: Path) -> dt.datetime | None:
    """The earliest time that a signature of the file claims (its /M, local time); None without any."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as document:
            times = [found for field in _signatures(document) if (found := _time(field))]
    except (pikepdf.PdfError, ValueError, TypeError):
        return None
    return min(times, default=None)


def captured_on(pdf: Path) -> dt.date | None:
    """The day of the file's /CreationDate; None without one that is plausible."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as document:
            information = document.trailer.get("/Info")
            stated = information.get("/CreationDate") if isinstance(information, pikepdf.Dictionary) else None
            when = _moment(str(stated or ""))
    except (pikepdf.PdfError, ValueError, TypeError):
        return None
    return when.date() if when is not None and when.year >= EARLIEST_CAPTURE else None


def _signatures(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    form = document.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(fields, pikepdf.Array):
        return []
    values = [field.get("/V") for field in fields if isinstance(field, pikepdf.Dictionary)]
    return [value for value in values if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value]


def _time(signature: pikepdf.Dictionary) -> dt.datetime | None:
    return _moment(str(signature.get("/M", "")))


def _moment(stated: str) -> dt.datetime | None:
    found = _WHEN.match(stated)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
