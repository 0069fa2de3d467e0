"""Our content model as CMIS type definitions, written from the domain so that a name lives once."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from connector.domain.labels import DOSSIER_LABELS, MULTI_VALUED, PAPER_LABELS, value_kind
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES

PREFIX = "bhxh:"
DOCUMENT_TYPE = f"{PREFIX}taiLieu"
PAPER_TYPE = f"{PREFIX}giayTo"
DOSSIER_TYPE = f"{PREFIX}hoSo"
STORE_TYPE = f"{PREFIX}kho"
STORE_OWNER = f"{PREFIX}chuKho"

_CMIS = "http://docs.oasis-open.org/ns/cmis/core/200908/"
_REST = "http://docs.oasis-open.org/ns/cmis/restatom/200908/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CHEMISTRY = "http://chemistry.apache.org/schemas/TypeDefnitions"  # their spelling
_ELEMENT = {"string": "String", "boolean": "Boolean", "integer": "Integer", "datetime": "DateTime"}


def type_definitions() -> bytes:
    """The types as the OpenCMIS InMemory server loads them at start (``TypeDefinitionsFile``)."""
    namespaces: dict[str | None, str] = {None: _CMIS, "cmisra": _REST, "xsi": _XSI, "chem": _CHEMISTRY}
    root = etree.Element(
        f"{{{_CHEMISTRY}}}typeDefinitions",
        nsmap=namespaces,  # type: ignore[arg-type]
    )
    _add_type(root, "Document", DOCUMENT_TYPE, "Tài liệu số hóa", {})
    paper = {f"{PREFIX}{local}": (PAPER_LABELS[name], name) for name, local in PAPER_PROPERTIES.items()}
    dossier = {f"{PREFIX}{local}": (DOSSIER_LABELS[name], name) for name, local in DOSSIER_PROPERTIES.items()}
    _add_type(root, "Secondary", PAPER_TYPE, "Giấy tờ số hóa", paper)
    _add_type(root, "Secondary", DOSSIER_TYPE, "Hồ sơ thủ tục hành chính", dossier)
    _add_type(root, "Secondary", STORE_TYPE, "Kho dữ liệu điện tử", {STORE_OWNER: ("Chủ kho", "owner_id")})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_type(
    root: etree._Element, kind: str, type_id: str, label: str, properties: Mapping[str, tuple[str, str]]
) -> None:
    base = f"cmis:{kind.lower()}"
    element = etree.SubElement(root, f"{{{_REST}}}type", {f"{{{_XSI}}}type": f"cmisType{kind}DefinitionType"})
    facts = {
        "id": type_id,
        "localName": type_id.removeprefix(PREFIX),
        "localNamespace": "bhxh",
        "parentId": base,
        "displayName": label,
        "queryName": type_id,
        "description": label,
        "baseId": base,
        "creatable": "true" if kind == "Document" else "false",
        "fileable": "true" if kind == "Document" else "false",
        "queryable": "true",
        "fulltextIndexed": "false",
        "includedInSupertypeQuery": "true",
        "controllablePolicy": "false",
        "controllableACL": "true" if kind == "Document" else "false",
    }
    for name, value in facts.items():
        _add_text(element, name, value)
    mutability = etree.SubElement(element, f"{{{_CMIS}}}TypeMutability")
    for name in ("create", "update", "delete"):
        _add_text(mutability, name, "true")
    for property_id, (property_label, logical) in properties.items():
        _add_property(element, property_id, property_label, logical)
    if kind == "Document":
        _add_text(element, "versionable", "true")
        _add_text(element, "contentStreamAllowed", "allowed")


def _add_property(element: etree._Element, property_id: str, label: str, logical: str) -> None:
    kind = value_kind(logical)
    definition = etree.SubElement(element, f"{{{_CMIS}}}property{_ELEMENT[kind]}Definition")
    facts = {
        "id": property_id,
        "localName": property_id.removeprefix(PREFIX),
        "localNamespace": "bhxh",
        "displayName": label,
        "queryName": property_id,
        "description": label,
        "propertyType": kind,
        "cardinality": "multi" if logical in MULTI_VALUED else "single",
        "updatability": "readwrite",
        "inherited": "false",
        "required": "false",
        "queryable": "true",
        "orderable": "false" if logical in MULTI_VALUED else "true",
        "openChoice": "true",
    }
    for name, value in facts.items():
        _add_text(definition, name, value)


def _add_text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_CMIS}}}{name}").text = text
