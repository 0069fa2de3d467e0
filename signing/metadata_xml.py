"""The metadata of a paper as XML of xsd/v1/metadata.xsd."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from uuid import UUID

import xmlschema
from lxml import etree

from connector.domain.errors import InvalidFieldValue
from connector.domain.metadata import VIETNAM, CopyForm, Metadata
from connector.domain.metadata_elements import METADATA_ELEMENTS, NAMESPACE
from connector.domain.publication import Record
from connector.domain.signatures import SignedPrefix

_TYPE = "document_type_code"  # stands before the procedure's code


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


def read_metadata_xml(root: etree._Element) -> Record:
    """The record that ``build_metadata_xml`` wrote. Raises InvalidFieldValue for anything else."""
    _check(root)
    text = {etree.QName(child).localname: child.text or "" for child in root}
    extra = {str(each.get("ten")): each.text or "" for each in root.iterfind(f"./{_tag('DuLieuChuyenNganh')}/*")}
    fields = {name: text.get(element) or None for name, element in METADATA_ELEMENTS.items()}
    return Record(
        paper_id=UUID(text["MaTaiLieu"]),
        digitization_code=text["MaSoHoa"],
        is_result=text["LaKetQua"] in ("true", "1"),
        procedure_code=text.get("MaTTHC", ""),
        dossier_code=text.get("MaHoSo", ""),
        metadata=Metadata(**fields, extra=extra),
        extracted_at=dt.datetime.fromisoformat(text["ThoiGianBocTach"]),
        confirmed_by=text["NguoiXacNhan"],
        confirmed_at=dt.datetime.fromisoformat(text["ThoiGianXacNhan"]),
        approved_by=text.get("NguoiDuyetSao") or None,
        authority_basis=text.get("CanCuUyQuyen") or None,
        copy_form=CopyForm(text.get("HinhThucSao", "")),
        prefix=SignedPrefix(
            length=int(root.findtext(f"./{_tag('TepTin')}/{_tag('DoDai')}") or 0),
            sha256=root.findtext(f"./{_tag('TepTin')}/{_tag('SHA256')}") or "",
        ),
    )


def _values(record: Record) -> list[tuple[str, str | None]]:
    data = record.metadata
    return [
        ("MaTaiLieu", str(record.paper_id)),
        ("MaSoHoa", record.digitization_code),
        ("MaLoaiGiayTo", data.document_type_code),
        ("LaKetQua", "true" if record.is_result else "false"),
        ("MaTTHC", record.procedure_code),
        ("MaHoSo", record.dossier_code),
        *((element, getattr(data, name)) for name, element in METADATA_ELEMENTS.items() if name != _TYPE),
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
    return etree.SubElement(parent, _tag(name))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("xsd.v1") / "metadata.xsd"), allow="local")


def _check(root: etree._Element) -> None:
    error = next(_schema().iter_errors(root), None)
    if error is not None:
        # the path, never the value
        raise InvalidFieldValue(f"metadata XML, {error.path}")
