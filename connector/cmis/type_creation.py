"""Creating the types that a mapping names, where the server lets a client do that (CMIS 1.1, 2.1.10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.cmis.service import CmisService
from connector.domain.errors import ConstraintViolation, NotSupported, PermissionDenied
from connector.mapping.export.fields import Field, fields_of
from connector.mapping.model import MappingFile


@dataclass(frozen=True, kw_only=True)
class TypeCreation:
    """What became of one type: it was ``there``, or it was ``created``, or neither, and ``refusal`` says why."""

    type_id: str
    created: bool
    refusal: str = ""


def create_types(service: CmisService, mapping: MappingFile) -> Iterator[TypeCreation]:
    """Create each named type that is not there; one that is there stays as it is.

    A server that creates no types says so for each: then its administrator installs an export.
    """
    definitions = list(type_definitions(mapping))
    for definition in definitions:
        type_id = str(definition["id"])
        if service.type_definition(type_id) is not None:
            yield TypeCreation(type_id=type_id, created=False)
            continue
        try:
            service.create_type(definition)
        except ConstraintViolation as error:
            yield TypeCreation(type_id=type_id, created=False, refusal=f"{error}{_shared(definition, definitions)}")
        except (NotSupported, PermissionDenied) as error:
            yield TypeCreation(type_id=type_id, created=False, refusal=str(error))
        else:
            yield TypeCreation(type_id=type_id, created=True)


def _shared(refused: Mapping[str, Any], definitions: Sequence[Mapping[str, Any]]) -> str:
    """A hint where the mapping uses one property in two types: some servers want each in one type alone."""
    others = [each["propertyDefinitions"] for each in definitions if each is not refused]
    shared = [name for name in refused["propertyDefinitions"] if any(name in other for other in others)]
    if not shared:
        return ""
    return f" It shares {', '.join(shared)} with another type: give them names of their own in the mapping file."


def type_definitions(mapping: MappingFile) -> Iterator[Mapping[str, Any]]:
    """The types of a mapping in CMIS JSON: carriers of properties are secondary types, or types of their own."""
    paper, dossier = list(fields_of(mapping, "paper")), list(fields_of(mapping, "dossier"))
    carried = bool(mapping.paper.secondary_type)
    yield _type(mapping.paper.document_type, "cmis:document", "Tài liệu số hóa", [] if carried else paper)
    if mapping.paper.secondary_type:
        yield _type(mapping.paper.secondary_type, "cmis:secondary", "Giấy tờ số hóa", paper)
    label = "Hồ sơ thủ tục hành chính"
    if mapping.dossier.secondary_type:
        yield _type(mapping.dossier.secondary_type, "cmis:secondary", label, dossier)
    else:
        yield _type(mapping.dossier.folder_type, "cmis:folder", label, dossier)
    if mapping.store.secondary_type and mapping.store.owner_property:
        owner = Field(
            name="owner_id",
            property_id=mapping.store.owner_property,
            label="Chủ kho",
            kind="string",
            multi=False,
            length=255,
            choices=(),
            editable=False,
        )
        yield _type(mapping.store.secondary_type, "cmis:secondary", "Kho dữ liệu điện tử", [owner])


def _type(type_id: str, base: str, label: str, fields: list[Field]) -> Mapping[str, Any]:
    primary = base != "cmis:secondary"
    definition: dict[str, Any] = {
        **_named(type_id, label),
        "baseId": base,
        "parentId": base,
        "creatable": primary,
        "fileable": primary,
        "queryable": True,
        "fulltextIndexed": False,
        "includedInSupertypeQuery": True,
        "controllablePolicy": False,
        "controllableACL": primary,
        "typeMutability": {"create": True, "update": True, "delete": True},
        "propertyDefinitions": {field.property_id: _property(field) for field in fields},
    }
    if base == "cmis:document":
        definition |= {"versionable": True, "contentStreamAllowed": "allowed"}
    return definition


def _property(field: Field) -> Mapping[str, Any]:
    definition: dict[str, Any] = {
        **_named(field.property_id, field.label),
        "propertyType": field.kind,
        "cardinality": "multi" if field.multi else "single",
        "updatability": "readwrite",
        "inherited": False,
        "required": False,
        "queryable": True,
        "orderable": not field.multi,
        "openChoice": True,
    }
    if field.length:
        definition["maxLength"] = field.length
    return definition


def _named(identifier: str, label: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "localName": identifier.replace(":", "_"),  # some servers want these to be their own over all types
        "localNamespace": "",
        "queryName": identifier,
        "displayName": label,
        "description": label,
    }
