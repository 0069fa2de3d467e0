"""QR codes on a paper (Circular 01/2023/TT-VPCP prints them top left; an identity card has one too)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from connector.domain.extraction import Box
from connector.domain.identifiers import OwnerIdKind, is_personal_id, owner_id_kind
from ocr_worker.pages.render import PageImage

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# codes of organisations are those of the issuing office too
_OWNERS = (OwnerIdKind.PERSONAL, OwnerIdKind.TAX)
_LABEL = re.compile(r"^[^\W\d][^:|;]{0,40}:\s*")
_DAY_FIRST = re.compile(r"^(?:\d\d?:\d\d(?::\d\d)?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?!\d)")


@dataclass(frozen=True, kw_only=True)
class QrCode:
    """The text of a code and its place."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, kw_only=True)
class QrPerson:
    """What the code of an identity card says of its holder."""

    personal_id: str
    name: str
    birth_date: str


def read_codes(image: PageImage) -> list[QrCode]:
    """All QR codes of a page."""
    grey = np.asarray(cv2.cvtColor(image.rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    # a QR code is found in any direction without turning the picture; none is printed white on black
    found = zxingcpp.read_barcodes(grey, formats=_QR, try_rotate=False, try_invert=False)
    return [
        QrCode(text=code.text, page=image.page, box=image.to_points(_box(code.position))) for code in found if code.text
    ]


def _box(position: zxingcpp.Position) -> tuple[float, float, float, float]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return float(min(across)), float(min(down)), float(max(across)), float(max(down))


def person_of(text: str) -> QrPerson | None:
    """The holder, where the code is that of an identity card: id|old id|name|birth|sex|address|issued."""
    parts = text.split("|")
    if len(parts) < 4 or not is_personal_id(parts[0]):
        return None
    try:
        born = dt.datetime.strptime(parts[3], "%d%m%Y").date()
    except ValueError:
        return None
    return QrPerson(personal_id=parts[0], name=parts[2].strip(), birth_date=born.isoformat())


@dataclass(frozen=True, kw_only=True)
class QrPaper:
    """What the code of a paper issued from a system says of it (Circular 01/2023/TT-VPCP); absent parts are None."""

    owner_id: str | None
    owner_id_kind: OwnerIdKind | None
    document_name: str | None
    issued: str | None


def paper_of(text: str, names: Collection[str]) -> QrPaper | None:
    """The paper, where the code holds at least two of: an owner's id, one of the type ``names``, a date.

    The circular lists what such a code says and leaves its order and signs open, so parts are known by their form:
    between bars, semicolons or lines, with or without a label, or as JSON.
    """
    parts = _parts(text)
    owners = {(part, kind) for part in parts if (kind := owner_id_kind(part)) in _OWNERS}
    dates = {date for part in parts if (date := _date(part))}
    named = {name for name in names for part in parts if part.casefold() == name.casefold()}
    if bool(owners) + bool(dates) + bool(named) < 2:
        return None
    owner_id, kind = owners.pop() if len(owners) == 1 else (None, None)
    return QrPaper(
        owner_id=owner_id,
        owner_id_kind=kind,
        document_name=named.pop() if len(named) == 1 else None,
        issued=dates.pop() if len(dates) == 1 else None,
    )


def _parts(text: str) -> list[str]:
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict):
        return [str(value).strip() for value in parsed.values() if isinstance(value, str | int)]
    return [_LABEL.sub("", part.strip()).strip() for part in re.split(r"[|;\n]", text)]


def _date(part: str) -> str | None:
    found = _DAY_FIRST.match(part)
    year, month, day = (found[3], found[2], found[1]) if found else (0, 0, 0)
    if not found and (iso := _ISO.match(part)):
        year, month, day = iso[1], iso[2], iso[3]
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
