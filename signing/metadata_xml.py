"""The metadata of a paper as XML of xsd/v1/metadata.xsd."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

import xmlschema
from lxml import etree

from connector.domain.errors import InvalidFieldValue
from connector.domain.metadata import VIETNAM
from connector.domain.publication import Record

NAMESPACE = "urn:vn:bhxh:sohoa:kho:1"


def build_metadata_xml(record: Record) -> etree._Element:
    """The element ``DuLieuDacTa``, valid against its schema. Raises InvalidFieldValue."""
    root = etree.Element(f"{{{NAMESPACE}}}DuLieuDacTa", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    for name, value in _values(record):
        if value is not None and value != "":
            _child(root, name).text = value
        if name == "PhamViHieuLuc" and record.metadata.extra:
            _add_extra(root, record)
    file = _child(root, "TepTin")
    _child(file, "DoDai").text = str(record.prefix.length)
    _child(file, "SHA256").text = record.prefix.sha256
    _check(root)
    return root


def _values(record: Record) -> list[tuple[str, str | None]]:
    data = record.metadata
    return [
        ("MaTaiLieu", str(record.paper_id)),
        ("MaSoHoa", record.digitization_code),
        ("MaLoaiGiayTo", data.document_type_code),
        ("LaKetQua", "true" if record.is_result else "false"),
        ("MaTTHC", record.procedure_code),
        ("MaHoSo", record.dossier_code),
        ("MaChuGiayTo", data.owner_id),
        ("LoaiDinhDanh", data.owner_id_kind),
        ("TenChuGiayTo", data.owner_name),
        ("NgaySinh", data.owner_birth_date),
        ("NamThanhLap", data.owner_founding_year),
        ("TenGiayTo", data.document_name),
        ("SoKyHieu", data.document_number),
        ("NgayCap", data.issue_date),
        ("CoQuanCap", data.issuing_authority),
        ("TrichYeuNoiDung", data.abstract),
        ("ThoiHanHieuLuc", data.validity),
        ("PhamViHieuLuc", data.validity_scope),
        ("ThoiGianBocTach", _moment(record.extracted_at)),
        ("NguoiXacNhan", record.confirmed_by),
        ("ThoiGianXacNhan", _moment(record.confirmed_at)),
        ("NguoiDuyetSao", record.approved_by),
        ("CanCuUyQuyen", record.authority_basis),
        ("HinhThucSao", str(record.copy_form)),
    ]


def _moment(value: dt.datetime) -> str:
    return value.astimezone(VIETNAM).isoformat(timespec="seconds")


def _add_extra(root: etree._Element, record: Record) -> None:
    extra = _child(root, "DuLieuChuyenNganh")
    for name, value in sorted(record.metadata.extra.items()):
        field = _child(extra, "Truong")
        field.set("ten", name)
        field.text = value


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("xsd.v1") / "metadata.xsd"), allow="local")


def _check(root: etree._Element) -> None:
    error = next(_schema().iter_errors(root), None)
    if error is not None:
        # the path, never the value
        raise InvalidFieldValue(f"metadata XML, {error.path}")
