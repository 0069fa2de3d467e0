"""Whether a repository's types have a place for our properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from connector.mapping.model import MappingFile


class LiveTypes(Protocol):
    """What a repository says of its types."""

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        """The definition in CMIS JSON form (``propertyDefinitions`` by id), None where there is none."""
        ...


def has_no_place(mapping: MappingFile, types: LiveTypes) -> bool:
    """Whether a mapping without secondary types names types that are there and have none of our properties.

    Where some are there and others not, that is a mistake, and ``mapping check`` says which.
    """
    paper, dossier = mapping.paper, mapping.dossier
    definitions = [types.type_definition(each) for each in (paper.document_type, dossier.folder_type)]
    if paper.secondary_type or dossier.secondary_type or None in definitions:
        return False
    known = {name for each in definitions for name in (each or {}).get("propertyDefinitions", {})}
    ours = {entry.property for each in (paper, dossier) for entry in each.properties.values()}
    return not known & ours
