"""Checking a mapping against the types a live repository really has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from connector.domain.labels import CHOICES, MULTI_VALUED, value_kind, value_length
from connector.mapping.carriers import LiveTypes, has_no_place
from connector.mapping.finding import MappingFinding
from connector.mapping.load import (
    SECTIONS,
    entries_of,
    file_findings,
    line_of,
    load_mapping,
    part_of,
    read_yaml,
)
from connector.mapping.model import PropertyMapping, WriteMode

# people's saved searches ask for these
_SEARCHED = frozenset({"state", "action", "digitization_code"})
_WRITABLE = ("readwrite", "whencheckedout")
_NO_PLACE = (
    "no type has a place for our properties: they are kept in a JSON document beside each paper",
    "It works, but people see no columns, forms or buttons: name types with the properties where there can be any",
)
_Said = tuple[str, str]


def check_mapping(path: Path, types: LiveTypes | None) -> list[MappingFinding]:
    """Every mistake of the file, and everything the repository has not, or has otherwise; only reads.

    Without ``types`` the file alone is judged. Raises ConfigurationError where it is no YAML.
    """
    data = read_yaml(path)
    findings = file_findings(path, data)
    if types is not None and not findings and has_no_place(load_mapping(path), types):
        findings = [MappingFinding(path, line_of(data, ("paper", "document_type")), *_NO_PLACE)]
    elif types is not None:
        for section in SECTIONS:
            findings += [MappingFinding(path, *said) for said in _check_section(data, section, types)]
        findings += [MappingFinding(path, *said) for said in _check_store(data, types)]
    return sorted(findings)


def _check_section(data: Any, section: str, types: LiveTypes) -> Iterator[tuple[int, str, str]]:
    known: dict[str, Any] = {}
    for key, check in _TYPE_KEYS[section].items():
        type_id = part_of(data, section).get(key)
        if not isinstance(type_id, str):
            continue
        line, definition = line_of(data, (section, key)), types.type_definition(type_id)
        if definition is None:
            yield line, f"type {type_id} is not there", "Create it (sohoa mapping apply or export), or name another"
            continue
        yield from ((line, *said) for said in check(type_id, definition))
        if key != "technical_type":
            known.update(definition.get("propertyDefinitions", {}))
    for name, entry in entries_of(data, section).items():
        line = line_of(data, (section, "properties", name))
        yield from ((line, *said) for said in _check_entry(name, entry, section, known))
    if section == "paper":
        yield from _check_lock(data, known)


def _check_lock(data: Any, known: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    name = part_of(part_of(data, "paper"), "lock").get("property")
    if not isinstance(name, str):
        return
    line = line_of(data, ("paper", "lock", "property"))
    if name not in known:
        yield line, f"property {name} is not there", "Name the property that locks a document, or set by: none"
    elif known[name].get("updatability") not in _WRITABLE:
        yield line, f"property {name} cannot be written", "Let the service account write it, or set by: none"


def _check_store(data: Any, types: LiveTypes) -> Iterator[tuple[int, str, str]]:
    store = part_of(data, "store")
    type_id, owner = store.get("secondary_type"), store.get("owner_property")
    if not isinstance(type_id, str):
        return
    definition = types.type_definition(type_id)
    if definition is None:
        line = line_of(data, ("store", "secondary_type"))
        yield line, f"type {type_id} is not there", "Create it (sohoa mapping apply or export), or name another"
    elif owner and owner not in definition.get("propertyDefinitions", {}):
        line = line_of(data, ("store", "owner_property"))
        yield line, f"property {owner} is not there", "Create it or name the property that stands for it"


def _check_versioned(type_id: str, definition: Mapping[str, Any]) -> Iterator[_Said]:
    if not definition.get("versionable"):
        yield f"type {type_id} has no versions", "Make it versionable: the original is kept as version 1.0"
    yield from _check_queried(type_id, definition)


def _check_queried(type_id: str, definition: Mapping[str, Any]) -> Iterator[_Said]:
    if definition.get("queryable") is False:
        yield f"type {type_id} cannot be queried", "Make it queryable: deposits are found by a query"


def _check_secondary(type_id: str, definition: Mapping[str, Any]) -> Iterator[_Said]:
    if definition.get("baseId") != "cmis:secondary":
        yield f"type {type_id} is no secondary type", "Name a secondary type (aspect, facet), or leave the key out"


def _check_technical(type_id: str, definition: Mapping[str, Any]) -> Iterator[_Said]:
    """Technical files carry nothing but a name, so that a type with mandatory properties cannot hold them."""
    demanded = [
        name
        for name, each in definition.get("propertyDefinitions", {}).items()
        if each.get("required") and not each.get("defaultValue") and not name.startswith("cmis:")
    ]
    if demanded:
        yield f"type {type_id} demands {', '.join(demanded)}", "Name a document type without mandatory properties"


_TYPE_KEYS: Mapping[str, Mapping[str, Any]] = {
    "paper": {
        "document_type": _check_versioned,
        "deposit_type": _check_queried,
        "secondary_type": _check_secondary,
        "technical_type": _check_technical,
    },
    "dossier": {"folder_type": _check_queried, "secondary_type": _check_secondary},
}


def _check_entry(name: str, entry: Any, section: str, known: Mapping[str, Any]) -> Iterator[_Said]:
    """A field that the file names rightly; others are found without the repository."""
    try:
        wanted = PropertyMapping.model_validate({"property": entry} if isinstance(entry, str) else dict(entry))
    except (ValidationError, TypeError, ValueError):
        return
    if name not in SECTIONS[section]:
        return
    definition = known.get(wanted.property)
    if definition is None:
        yield f"property {wanted.property} is not there", "Create it or name the property that stands for it"
        return
    yield from _check_kind(name, wanted, definition)
    yield from _check_values(name, wanted, definition)
    if wanted.write is not WriteMode.NEVER and definition.get("updatability") not in _WRITABLE:
        remedy = "Make it writable for the service account, or set write: never"
        yield f"property {wanted.property} cannot be written", remedy
    if name in _SEARCHED and definition.get("queryable") is False:
        yield f"property {wanted.property} cannot be queried", "Make it queryable: people search by it"


def _check_kind(name: str, entry: PropertyMapping, definition: Mapping[str, Any]) -> Iterator[_Said]:
    kind = definition.get("propertyType")
    if kind != value_kind(name) and not (kind in ("html", "id", "uri") and value_kind(name) == "string"):
        yield f"property {entry.property} is {kind}, {name} needs {value_kind(name)}", "Name a property of that kind"
    is_multi = definition.get("cardinality") == "multi"
    if is_multi is not (name in MULTI_VALUED and not entry.separator):
        remedy = "Name a single-valued one, or take the separator out" if is_multi else "Give it a separator"
        yield f"property {entry.property} is {'multi' if is_multi else 'single'}-valued", remedy


def _check_values(name: str, entry: PropertyMapping, definition: Mapping[str, Any]) -> Iterator[_Said]:
    length = definition.get("maxLength")
    if isinstance(length, int) and 0 < length < value_length(name):
        remedy = f"Let it hold {value_length(name)}, or expect cut values"
        yield f"property {entry.property} holds {length} characters", remedy
    offered = _values_offered(definition)
    if offered is not None and name in CHOICES:
        absent = [ours for ours in CHOICES[name] if (entry.choices or {}).get(ours, ours) not in offered]
        if absent:
            remedy = "Add them to the property's list, or say under choices how they are called there"
            yield f"property {entry.property} does not offer {', '.join(absent)}", remedy


def _values_offered(definition: Mapping[str, Any]) -> set[str] | None:
    """The values of a closed list, over all its levels; None where any value may be typed."""
    if definition.get("openChoice") is not False or not definition.get("choice"):
        return None

    def values(choices: Any) -> Iterator[str]:
        for choice in choices:
            value = choice.get("value")
            yield from (str(each) for each in (value if isinstance(value, list) else [value]) if each is not None)
            yield from values(choice.get("choice") or ())

    return set(values(definition["choice"]))
