"""Checking a mapping against the types a live repository really has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from connector.domain.labels import MULTI_VALUED, value_kind
from connector.mapping.load import read_yaml
from connector.mapping.model import MappingFile, PropertyMapping, WriteMode


class LiveTypes(Protocol):
    """What a repository says of its types."""

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        """The definition in CMIS JSON form (``propertyDefinitions`` by id), None where there is none."""
        ...


@dataclass(frozen=True)
class MappingFinding:
    """One mistake in a mapping file."""

    file: Path
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}"


def check_mapping(path: Path, mapping: MappingFile, types: LiveTypes) -> list[MappingFinding]:
    """Every type and property that is absent, of another kind or cardinality, or not writable."""
    lines = read_yaml(path)
    found = []
    for section in ("paper", "dossier"):
        part = getattr(mapping, section)
        primary = part.document_type if section == "paper" else part.folder_type
        known: dict[str, Any] = {}
        for key, type_id in ((_type_key(section), primary), ("secondary_type", part.secondary_type)):
            definition = types.type_definition(type_id) if type_id else None
            if type_id and definition is None:
                line = lines[section].lc.key(key)[0] + 1 if key in lines[section] else 1
                remedy = "Create it (sohoa mapping apply) or name another"
                found.append(MappingFinding(path, line, f"type {type_id} is not there", remedy))
            known.update((definition or {}).get("propertyDefinitions", {}))
        found += [
            MappingFinding(path, _line_of(lines, section, name), *finding)
            for name, entry in part.properties.items()
            for finding in _check_property(name, entry, known)
        ]
    return found


def _type_key(section: str) -> str:
    return "document_type" if section == "paper" else "folder_type"


def _line_of(lines: Any, section: str, name: str) -> int:
    line: int = lines[section]["properties"].lc.key(name)[0] + 1
    return line


def _check_property(name: str, entry: PropertyMapping, known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    wanted = entry.property
    definition = known.get(wanted)
    if definition is None:
        yield f"property {wanted} is not there", "Create it or name the property that stands for it"
        return
    if definition.get("propertyType") != value_kind(name):
        kind = definition.get("propertyType")
        yield f"property {wanted} is {kind}, {name} needs {value_kind(name)}", "Name a property of that kind"
    is_multi = definition.get("cardinality") == "multi"
    if is_multi is not (name in MULTI_VALUED and not entry.separator):
        remedy = "Give it a separator, or name a multi-valued property" if not is_multi else "Name a single-valued one"
        yield f"property {wanted} is {'multi' if is_multi else 'single'}-valued", remedy
    writable = definition.get("updatability") in ("readwrite", "whencheckedout")
    if entry.write is not WriteMode.NEVER and not writable:
        yield f"property {wanted} cannot be written", "Make it writable for the service account, or set write: never"
