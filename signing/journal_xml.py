"""The journal of a day as XML of xsd/v1/journal.xsd, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from uuid import UUID

import xmlschema
from lxml import etree

from connector.domain.errors import InvalidFieldValue
from connector.domain.journal import Journal, JournalRow
from connector.domain.metadata import VIETNAM
from connector.domain.metadata_elements import NAMESPACE
from connector.domain.publication import Delivery


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


def read_journal(root: etree._Element) -> Journal:
    """The journal that ``build_journal_xml`` wrote. Raises InvalidFieldValue for anything else."""
    position, head = read_anchor(root)
    error = next(_schema().iter_errors(root), None)
    if error is not None:
        raise InvalidFieldValue(f"journal XML, {error.path}")
    return Journal(
        day=dt.date.fromisoformat(root.findtext(f"{{{NAMESPACE}}}Ngay") or ""),
        head_position=position,
        head_hash=head,
        rows=[_row(_texts(each)) for each in root.iterfind(f"{{{NAMESPACE}}}Dong")],
        deliveries=[_delivery(_texts(each)) for each in root.iterfind(f"{{{NAMESPACE}}}LanGiao")],
    )


def _texts(parent: etree._Element) -> dict[str, str]:
    return {etree.QName(child).localname: child.text or "" for child in parent}


def _row(text: Mapping[str, str]) -> JournalRow:
    return JournalRow(
        position=int(text["ViTri"]),
        at=dt.datetime.fromisoformat(text["ThoiGian"]),
        actor=text["BenGoi"],
        operation=text["ThaoTac"],
        subject=text["DoiTuong"],
        purpose=text.get("MucDich"),
        result=text["KetQua"],
        previous_hash=text["MaBamTruoc"],
        hash=text["MaBam"],
    )


def _delivery(text: Mapping[str, str]) -> Delivery:
    acknowledged = text.get("ThoiGianXacNhan")
    return Delivery(
        delivery_id=UUID(text["MaGiaoNhan"]),
        client=text["BenGoi"],
        purpose=text["MucDich"],
        paper_id=UUID(text["MaTaiLieu"]),
        version=int(text["PhienBan"]),
        sha256=text["SHA256"],
        at=dt.datetime.fromisoformat(text["ThoiGian"]),
        acknowledged_at=dt.datetime.fromisoformat(acknowledged) if acknowledged else None,
        acknowledged_sha256=text.get("SHA256XacNhan"),
    )


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
