"""Mappings against the repositories they are for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.app.connection import endpoint_of
from connector.cmis.service import connect
from connector.cmis.type_creation import TypeCreation, create_types
from connector.mapping.check import check_mapping
from connector.mapping.finding import MappingFinding
from connector.mapping.load import find_mapping, load_mapping
from connector.sections import RepositorySettings


@dataclass(frozen=True, kw_only=True)
class CheckedMapping:
    """What was found of one repository's mapping; ``repository_id`` is None where only the file was judged."""

    repository_id: str | None
    file: Path
    findings: Sequence[MappingFinding]


def check_mappings(repositories: Sequence[RepositorySettings] | None, mapping: str | None) -> Iterator[CheckedMapping]:
    """Every configured repository with its own mapping, or with ``mapping`` in its place; nothing is written.

    Without settings only the file is judged. Raises ConfigurationError, RepositoryUnavailable.
    """
    if repositories is None:
        file = find_mapping(mapping or "")
        yield CheckedMapping(repository_id=None, file=file, findings=check_mapping(file, None))
        return
    for entry in repositories:
        file = find_mapping(mapping or entry.mapping)
        findings = check_mapping(file, connect(endpoint_of(entry)))
        yield CheckedMapping(repository_id=entry.id, file=file, findings=findings)


def apply_mappings(
    repositories: Sequence[RepositorySettings], mapping: str | None
) -> Iterator[tuple[str, TypeCreation]]:
    """Create in every configured repository the types that its mapping names and that are not there.

    Raises ConfigurationError, RepositoryUnavailable.
    """
    for entry in repositories:
        file = load_mapping(find_mapping(mapping or entry.mapping))
        for creation in create_types(connect(endpoint_of(entry)), file):
            yield entry.id, creation
