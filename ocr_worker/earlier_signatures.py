"""When the signatures that a file already carries say they were made: they bound the date of issue."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pikepdf

_WHEN = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?")


def first_signed_at(pdf: Path) -> dt.datetime | None:
    """The earliest time that a signature of the file claims (its /M, local time); None without any."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as document:
            times = [found for field in _signatures(document) if (found := _time(field))]
    except (pikepdf.PdfError, ValueError, TypeError):
        return None
    return min(times, default=None)


def _signatures(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    form = document.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(fields, pikepdf.Array):
        return []
    values = [field.get("/V") for field in fields if isinstance(field, pikepdf.Dictionary)]
    return [value for value in values if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value]


def _time(signature: pikepdf.Dictionary) -> dt.datetime | None:
    found = _WHEN.match(str(signature.get("/M", "")))
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
