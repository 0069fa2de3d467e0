"""Connecting to a repository as the settings say."""

from __future__ import annotations

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping as PropertyMapping
from connector.settings import RepositorySettings


def open_repository(entry: RepositorySettings) -> CmisRepository:
    """One repository through its mapping."""
    return CmisRepository(endpoint_of(entry), PropertyMapping(load_mapping(find_mapping(entry.mapping))))


def endpoint_of(entry: RepositorySettings) -> Endpoint:
    """Where a repository is and how we sign in."""
    return Endpoint(
        url=entry.url,
        repository_id=entry.id,
        username=entry.username,
        password=entry.password.get_secret_value(),
        ca_file=entry.ca_file,
        timeout_seconds=entry.timeout_seconds,
        binding=entry.binding,
    )
