"""QR codes on a paper (Circular 01/2023/TT-VPCP prints them top left; an identity card has one too)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import zxingcpp

from connector.domain.extraction import Box
from connector.domain.identifiers import is_personal_id
from ocr_worker.render import PageImage


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
    found = zxingcpp.read_barcodes(
        image.rgb, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]), try_rotate=False
    )
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
