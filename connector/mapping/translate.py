"""Translating properties both ways."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Literal

from connector.domain.errors import ConfigurationError
from connector.domain.metadata import Value
from connector.mapping.model import MappingFile, PropertyEntry, PropertyMapping, WriteMode

Kind = Literal["paper", "dossier", "store", "technical", "folder"]


@dataclass(frozen=True)
class Mapping:
    """A mapping file ready for use: logical names to property ids and back."""

    file: MappingFile
    _ids: dict[str, dict[str, str]] = field(init=False, repr=False)
    _names: dict[str, dict[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ids = {
            "paper": {name: property_id(entry) for name, entry in self.file.paper.properties.items()},
            "dossier": {name: property_id(entry) for name, entry in self.file.dossier.properties.items()},
            "store": {"owner_id": self.file.store.owner_property} if self.file.store.owner_property else {},
            "technical": {},
            "folder": {},
        }
        object.__setattr__(self, "_ids", ids)
        names = {kind: {found: name for name, found in pairs.items()} for kind, pairs in ids.items()}
        object.__setattr__(self, "_names", names)

    def property_id(self, kind: Kind, name: str) -> str:
        """The repository's property of a logical name. Raises ConfigurationError."""
        try:
            return self._ids[kind][name]
        except KeyError as error:
            raise ConfigurationError(f"the mapping has no {kind} property {name}") from error

    def to_repository(
        self, kind: Kind, properties: AnyMapping[str, Value], *, current: AnyMapping[str, object] | None = None
    ) -> dict[str, Value]:
        """What may be written: ``never`` fields are left out, ``fill-empty`` ones where a value stands."""
        entries = {**self.file.paper.properties} if kind == "paper" else {**self.file.dossier.properties}
        written = {}
        for name, value in properties.items():
            mode = _mode(entries.get(name))
            filled = mode is WriteMode.FILL_EMPTY and (current or {}).get(name)
            if mode is not WriteMode.NEVER and not filled:
                written[self.property_id(kind, name)] = value
        return written

    def to_logical(self, kind: Kind, properties: AnyMapping[str, object]) -> dict[str, object]:
        """Our properties among the repository's, under their logical names."""
        names = self._names[kind]
        return {names[found]: value for found, value in properties.items() if found in names}

    def secondary_type(self, kind: Kind) -> str | None:
        """The secondary type that carries a kind's properties."""
        types = {
            "paper": self.file.paper.secondary_type,
            "dossier": self.file.dossier.secondary_type,
            "store": self.file.store.secondary_type,
        }
        return types.get(kind)

    def object_type(self, kind: Kind) -> str:
        """The primary type for new objects of a kind."""
        types = {
            "paper": self.file.paper.document_type,
            "technical": self.file.paper.technical_type,
            "dossier": self.file.dossier.folder_type,
        }
        return types.get(kind, "cmis:folder")


def property_id(entry: PropertyEntry) -> str:
    """The property id of one entry."""
    return entry.property if isinstance(entry, PropertyMapping) else entry


def _mode(entry: PropertyEntry | None) -> WriteMode:
    return entry.write if isinstance(entry, PropertyMapping) else WriteMode.REPLACE
