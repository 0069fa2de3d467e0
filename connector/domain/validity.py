"""Until when a paper is in force (Art. 9.2.h), as far as its text says so without a doubt."""

from __future__ import annotations

import datetime as dt
import re

from connector.domain.metadata import LegalStatus, Metadata

_UNTIL = re.compile(r"đến\s+(?:hết\s+)?(?:ngày\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.IGNORECASE)
_ISO_END = re.compile(r"(?:đến|/|–|->)\s*(?:hết\s+)?(?:ngày\s+)?(\d{4})-(\d{2})-(\d{2})\s*$", re.IGNORECASE)


def last_day(validity: str | None) -> dt.date | None:
    """The last day in force: "đến hết ngày 31/12/2026", "2026-01-01 đến 2026-12-31"; None for anything else.

    A duration ("12 tháng") has no sure beginning, and a bare date may be the first day as well as the last one: the
    paper stays in force until a person says otherwise.
    """
    text = validity or ""
    found = list(_UNTIL.finditer(text))
    parts = [(int(each[3]), int(each[2]), int(each[1])) for each in found]
    if iso := _ISO_END.search(text):
        parts.append((int(iso[1]), int(iso[2]), int(iso[3])))
    if len(parts) != 1:
        return None
    try:
        return dt.date(*parts[0])
    except ValueError:
        return None


def status_on(metadata: Metadata, day: dt.date) -> LegalStatus:
    """Whether a paper that nobody has withdrawn is in force on a day."""
    end = last_day(metadata.validity)
    return LegalStatus.HET_HAN if end is not None and end < day else LegalStatus.HIEU_LUC
