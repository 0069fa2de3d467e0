"""The content model as Alfresco's dictionary reads it (Data Dictionary/Models)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lxml import etree

from connector.mapping.export.fields import Field, Section, fields_of
from connector.mapping.model import MappingFile

MODEL_URI = "urn:vn:bhxh:sohoa:model:1"
_DICTIONARY = "http://www.alfresco.org/model/dictionary/1.0"
_CONTENT = "http://www.alfresco.org/model/content/1.0"
_TYPES = {"string": "d:text", "boolean": "d:boolean", "integer": "d:int", "datetime": "d:datetime"}
_LONG_TEXT = 500  # searched by its words, not as a whole


def aspect_name(secondary_type: str | None) -> str:
    """The aspect that a secondary type id stands for: ``P:bhxh:giayTo`` is ``bhxh:giayTo``."""
    return (secondary_type or "").removeprefix("P:")


def content_model(mapping: MappingFile) -> bytes:
    """One model with an aspect for papers, for dossiers and for stores."""
    prefix = aspect_name(mapping.paper.secondary_type).split(":")[0]
    root = etree.Element(f"{{{_DICTIONARY}}}model", nsmap={None: _DICTIONARY}, attrib={"name": f"{prefix}:sohoa"})  # type: ignore[dict-item]
    _text(root, "description", "Số hóa giấy tờ thủ tục hành chính (Quyết định 1333/QĐ-BHXH)")
    _text(root, "version", "1.0")
    imports = _child(root, "imports")
    for uri, imported in ((_DICTIONARY, "d"), (_CONTENT, "cm")):
        _child(imports, "import", uri=uri, prefix=imported)
    _child(_child(root, "namespaces"), "namespace", uri=MODEL_URI, prefix=prefix)
    constraints = _child(root, "constraints")
    for field in _with_choices(mapping):
        _add_choices(constraints, field)
    aspects = _child(root, "aspects")
    _add_aspect(aspects, mapping, "paper", "Giấy tờ số hóa")
    _add_aspect(aspects, mapping, "dossier", "Hồ sơ thủ tục hành chính")
    if mapping.store.secondary_type:
        store = _child(aspects, "aspect", name=aspect_name(mapping.store.secondary_type))
        _text(store, "title", "Kho dữ liệu điện tử")
        if mapping.store.owner_property:
            _add_property(_child(store, "properties"), mapping.store.owner_property, "Chủ kho", "d:text", multi=False)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def choices_name(field: Field) -> str:
    """The name of the constraint that lists a property's values."""
    return f"{field.property_id}Values"


def _with_choices(mapping: MappingFile) -> Iterator[Field]:
    return (field for field in chain(fields_of(mapping, "paper"), fields_of(mapping, "dossier")) if field.choices)


def _add_choices(parent: etree._Element, field: Field) -> None:
    constraint = _child(parent, "constraint", name=choices_name(field), type="LIST")
    values = _child(_child(constraint, "parameter", name="allowedValues"), "list")
    for choice in field.choices:
        _text(values, "value", choice)


def _add_aspect(parent: etree._Element, mapping: MappingFile, section: Section, title: str) -> None:
    part = mapping.paper if section == "paper" else mapping.dossier
    aspect = _child(parent, "aspect", name=aspect_name(part.secondary_type))
    _text(aspect, "title", title)
    properties = _child(aspect, "properties")
    for field in fields_of(mapping, section):
        element = _add_property(
            properties,
            field.property_id,
            field.label,
            _TYPES[field.kind],
            multi=field.multi,
            tokenised="both" if (field.length or 0) >= _LONG_TEXT else "false",
        )
        if field.choices:
            _child(_child(element, "constraints"), "constraint", ref=choices_name(field))


def _add_property(
    parent: etree._Element, name: str, title: str, kind: str, *, multi: bool, tokenised: str = "false"
) -> etree._Element:
    """A property; the schema wants these children in this order."""
    element = _child(parent, "property", name=name)
    _text(element, "title", title)
    _text(element, "type", kind)
    if multi:
        _text(element, "multiple", "true")
    index = _child(element, "index", enabled="true")
    for key, value in (("atomic", "true"), ("stored", "false"), ("tokenised", tokenised)):
        _text(index, key, value)
    return element


def _child(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_DICTIONARY}}}{tag}", attributes)


def _text(parent: etree._Element, name: str, text: str) -> None:
    _child(parent, name).text = text
