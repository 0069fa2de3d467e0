"""Translating properties both ways."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Literal

from connector.domain.errors import ConfigurationError
from connector.domain.labels import MULTI_VALUED
from connector.domain.metadata import Value
from connector.mapping.model import MappingFile, PropertyMapping, WriteMode

Kind = Literal["paper", "dossier", "store", "technical", "folder"]

_SECONDARY_TYPES = "cmis:secondaryObjectTypeIds"


@dataclass(frozen=True)
class Mapping:
    """A mapping file ready for use: logical names to property ids and back."""

    file: MappingFile
    _entries: AnyMapping[str, AnyMapping[str, PropertyMapping]] = field(init=False, repr=False)
    _names: AnyMapping[str, AnyMapping[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        owner = self.file.store.owner_property
        entries: dict[str, AnyMapping[str, PropertyMapping]] = {
            "paper": self.file.paper.properties,
            "dossier": self.file.dossier.properties,
            "store": {"owner_id": PropertyMapping(property=owner)} if owner else {},
            "technical": {},
            "folder": {},
        }
        names = {kind: {entry.property: name for name, entry in pairs.items()} for kind, pairs in entries.items()}
        object.__setattr__(self, "_entries", entries)
        object.__setattr__(self, "_names", names)

    def property_id(self, kind: Kind, name: str) -> str:
        """The repository's property of a logical name. Raises ConfigurationError."""
        return self._entry(kind, name).property

    def to_repository(
        self, kind: Kind, properties: AnyMapping[str, Value], *, current: AnyMapping[str, object] | None = None
    ) -> dict[str, Value]:
        """What may be written: ``never`` fields are left out, ``fill-empty`` ones where a value stands.

        Raises ConfigurationError for a name that the kind does not have.
        """
        if kind == "store" and not self.file.store.owner_property:
            return {}  # there a store is known by its name alone
        written = {}
        for name, value in properties.items():
            entry = self._entry(kind, name)
            filled = entry.write is WriteMode.FILL_EMPTY and bool((current or {}).get(name))
            if entry.write is not WriteMode.NEVER and not filled:
                written[entry.property] = _outward(entry, value)
        return written

    def outward(self, kind: Kind, properties: AnyMapping[str, Value]) -> dict[str, Value]:
        """Values in the repository's form, whatever may be written."""
        return {
            self._entry(kind, name).property: _outward(self._entry(kind, name), value)
            for name, value in properties.items()
        }

    def to_logical(self, kind: Kind, properties: AnyMapping[str, object]) -> dict[str, object]:
        """Our properties among the repository's, under their logical names."""
        names = self._names[kind]
        found = {names[each]: value for each, value in properties.items() if each in names}
        return {name: _inward(name, self._entries[kind][name], value) for name, value in found.items()}

    def _entry(self, kind: Kind, name: str) -> PropertyMapping:
        try:
            return self._entries[kind][name]
        except KeyError as error:
            raise ConfigurationError(f"the mapping has no {kind} property {name}") from error

    def secondary_type(self, kind: Kind) -> str | None:
        """The secondary type that carries a kind's properties."""
        types = {
            "paper": self.file.paper.secondary_type,
            "dossier": self.file.dossier.secondary_type,
            "store": self.file.store.secondary_type,
        }
        return types.get(kind)

    def named_types(self) -> tuple[str, ...]:
        """Every type that the mapping names."""
        paper, dossier = self.file.paper, self.file.dossier
        named = (paper.document_type, paper.secondary_type, dossier.folder_type, dossier.secondary_type)
        return tuple(filter(None, (*named, self.file.store.secondary_type)))

    def object_type(self, kind: Kind) -> str:
        """The primary type for new objects of a kind."""
        types = {
            "paper": self.file.paper.document_type,
            "technical": self.file.paper.technical_type,
            "dossier": self.file.dossier.folder_type,
        }
        return types.get(kind, "cmis:folder")

    @property
    def deposit_type(self) -> str:
        """The type, with its subtypes, that deposits arrive in."""
        return self.file.paper.deposit_type or self.file.paper.document_type

    def is_dossier(self, properties: AnyMapping[str, object]) -> bool:
        """Whether a folder's CMIS properties say that it is a dossier."""
        secondary = self.file.dossier.secondary_type
        if secondary:
            present = properties.get(_SECONDARY_TYPES)
            return isinstance(present, tuple) and secondary in present
        is_technical = properties.get("cmis:name") == self.file.technical_folder
        return properties.get("cmis:objectTypeId") == self.file.dossier.folder_type and not is_technical

    def kind_of(self, properties: AnyMapping[str, object]) -> Kind:
        """What an object is to us, from its CMIS properties."""
        if properties.get("cmis:baseTypeId") != "cmis:folder":
            return "paper"
        if self.is_dossier(properties):
            return "dossier"
        present = properties.get(_SECONDARY_TYPES)
        is_store = isinstance(present, tuple) and self.file.store.secondary_type in present
        return "store" if is_store else "folder"


def _outward(entry: PropertyMapping, value: Value) -> Value:
    if isinstance(value, tuple):
        chosen = tuple(_chosen(entry, each) for each in value)
        return entry.separator.join(chosen) or None if entry.separator else chosen
    return _chosen(entry, value) if isinstance(value, str) else value


def _chosen(entry: PropertyMapping, text: str) -> str:
    return (entry.choices or {}).get(text, text)


def _inward(name: str, entry: PropertyMapping, value: object) -> object:
    if entry.separator and name in MULTI_VALUED:
        value = tuple(part for part in str(value or "").split(entry.separator) if part)
    back = {theirs: ours for ours, theirs in (entry.choices or {}).items()}
    if isinstance(value, tuple):
        return tuple(back.get(each, each) for each in value)
    return back.get(value, value) if isinstance(value, str) else value
