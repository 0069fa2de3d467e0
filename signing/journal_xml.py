"""The journal of a day as XML of xsd/v1/journal.xsd, and its anchor back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import xmlschema
from lxml import etree

from connector.domain.errors import InvalidFieldValue
from connector.domain.journal import Journal, JournalRow
from connector.domain.metadata import VIETNAM
from connector.domain.publication import Delivery
from signing.metadata_xml import NAMESPACE


def build_journal_xml(journal: Journal) -> etree._Element:
    """The element ``NhatKyNgay``, valid against its schema. Raises InvalidFieldValue."""
    root = etree.Element(f"{{{NAMESPACE}}}NhatKyNgay", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _fill(
        root,
        [
            ("Ngay", journal.day.isoformat()),
            ("ViTriCuoi", str(journal.head_position)),
            ("MaBamCuoi", journal.head_hash),
        ],
    )
    for row in journal.rows:
        _fill(_child(root, "Dong"), _of_row(row))
    for delivery in journal.deliveries:
        _fill(_child(root, "LanGiao"), _of_delivery(delivery))
    error = next(_schema().iter_errors(root), None)
    if error is not None:
        raise InvalidFieldValue(f"journal XML, {error.path}")  # the path, never the value
    return root


def read_anchor(root: etree._Element) -> tuple[int, str]:
    """Position and hash of the chain's head in a journal. Raises InvalidFieldValue for another document."""
    position = root.findtext(f"{{{NAMESPACE}}}ViTriCuoi")
    head = root.findtext(f"{{{NAMESPACE}}}MaBamCuoi")
    if etree.QName(root).localname != "NhatKyNgay" or position is None or head is None:
        raise InvalidFieldValue("the file is not a journal of ours")
    return int(position), head


def _of_row(row: JournalRow) -> list[tuple[str, str | None]]:
    return [
        ("ViTri", str(row.position)),
        ("ThoiGian", _moment(row.at)),
        ("BenGoi", row.actor),
        ("ThaoTac", row.operation),
        ("DoiTuong", row.subject),
        ("MucDich", row.purpose),
        ("KetQua", row.result),
        ("MaBamTruoc", row.previous_hash),
        ("MaBam", row.hash),
    ]


def _of_delivery(delivery: Delivery) -> list[tuple[str, str | None]]:
    acknowledged = delivery.acknowledged_at
    return [
        ("MaGiaoNhan", str(delivery.delivery_id)),
        ("BenGoi", delivery.client),
        ("MucDich", delivery.purpose),
        ("MaTaiLieu", str(delivery.paper_id)),
        ("PhienBan", str(delivery.version)),
        ("SHA256", delivery.sha256),
        ("ThoiGian", _moment(delivery.at)),
        ("ThoiGianXacNhan", _moment(acknowledged) if acknowledged else None),
        ("SHA256XacNhan", delivery.acknowledged_sha256),
    ]


def _fill(parent: etree._Element, values: Iterable[tuple[str, str | None]]) -> None:
    for name, value in values:
        if value is not None:
            _child(parent, name).text = value


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _moment(value: dt.datetime) -> str:
    """To the microsecond: the row's own hash is over it."""
    return value.astimezone(VIETNAM).isoformat(timespec="microseconds")


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("xsd.v1") / "journal.xsd"), allow="local")
