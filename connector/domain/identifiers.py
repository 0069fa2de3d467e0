"""Formats and check digits of owner identifiers."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum


class OwnerIdKind(StrEnum):
    """What an owner id is (``bhxh:loaiDinhDanh``); a 9-digit CMND is none of them."""

    PERSONAL = "CCCD"  # 12-digit personal identification number
    TAX = "MST"  # registration number of a business, which is its tax code
    ORGANISATION = "TO_CHUC"  # organisation code of Decision 20/2020/QĐ-TTg


_PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 "
    "040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 "
    "083 084 086 087 089 091 092 093 094 095 096".split()
)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_STATE_BODY = re.compile(r"[A-Y][0-9]{2}(\.[0-9A-Z]+)*")
_OTHER_ORGANISATION = re.compile(r"Z[0-9]{2}[0-9A-Z]{1,32}")
_OLD_ORDER = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}")
_ORGANISATION_LENGTH = 35


def is_personal_id(text: str, *, today: dt.date | None = None) -> bool:
    """Whether ``text`` is a plausible 12-digit personal id: province (or birth abroad), century, birth year."""
    if not re.fullmatch(r"[0-9]{12}", text):
        return False
    today = today or dt.date.today()
    year = 1900 + 100 * (int(text[3]) // 2) + int(text[4:6])
    return (text[:3] in _PROVINCES or 100 <= int(text[:3]) <= 999) and year <= today.year


def is_tax_code(text: str) -> bool:
    """Whether ``text`` is a tax code: ten digits with their check digit, or with a branch ``-001`` to ``-999``."""
    match = re.fullmatch(r"([0-9]{10})(?:-([0-9]{3}))?", text)
    if not match or match[2] == "000":
        return False
    digits = [int(digit) for digit in match[1]]
    check = 10 - sum(w * d for w, d in zip(_TAX_WEIGHTS, digits, strict=False)) % 11
    return check == digits[9]


def is_organisation_code(text: str) -> bool:
    """Whether ``text`` has the form of an organisation code of Decision 20/2020/QĐ-TTg (Art. 4, 6)."""
    if len(text) > _ORGANISATION_LENGTH:
        return False
    return bool(_STATE_BODY.fullmatch(text) or _OTHER_ORGANISATION.fullmatch(text))


def newer_organisation_code(text: str) -> str | None:
    """The order of Decision 20/2020/QĐ-TTg for a code in that of QCVN 102 (``000.00.45.G24``); None for any other.

    Levels that do not exist are written with noughts there and left out here. A person confirms it: the paper shows
    the old one.
    """
    if not _OLD_ORDER.fullmatch(text):
        return None
    groups = text.split(".")[::-1]
    while not groups[-1].strip("0"):
        groups.pop()
    return ".".join(groups)


def owner_id_kind(text: str) -> OwnerIdKind | None:
    """Which identifier ``text`` is; None when it is no owner id (a CMND, a BHXH number, a slip of the pen)."""
    if is_personal_id(text):
        return OwnerIdKind.PERSONAL
    if is_tax_code(text):
        return OwnerIdKind.TAX
    if is_organisation_code(text):
        return OwnerIdKind.ORGANISATION
    return None
