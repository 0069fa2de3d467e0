"""A paper and a dossier as the pipeline handles them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from connector.domain.metadata import Metadata
from connector.domain.states import Stage, State


class ArtifactKind(StrEnum):
    """A file that belongs to a paper."""

    ORIGINAL = "original"  # the deposited bytes
    PERSONAL = "personal"  # with the scanner's signature
    AGENCY = "agency"  # with the agency's signature: what the portal pulls
    METADATA = "metadata"  # the signed metadata XML
    ALTO = "alto"  # the text layer


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """Where a paper's file lies in the repository, and the hash it had when it was checked in."""

    kind: ArtifactKind
    object_id: str
    sha256: str
    length: int


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """A document the watcher found, before it is a paper."""

    repository_id: str
    version_series_id: str
    object_id: str
    folder_id: str
    original_sha256: str
    length: int


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One claimed paper; ``paper_id`` is the opaque MaTaiLieu that logs, URLs and file names may show."""

    paper_id: UUID
    dossier_id: UUID
    repository_id: str
    version_series_id: str
    object_id: str
    original_sha256: str
    state: State
    revision: int = 0  # grows with every committed change: the register's own optimistic lock
    error: str | None = None  # the sentence shown in the ECM while the paper is in LOI
    error_code: str | None = None
    failed_stage: Stage | None = None  # where the paper fails, or last failed
    digitization_code: str | None = None
    component: str | None = None  # files of one dossier component (a fragile paper and its copy) count as one paper
    metadata: Metadata | None = None  # what a person confirmed, never what a property says now
    artifacts: Mapping[ArtifactKind, Artifact] = field(default_factory=dict)
    displayed: Mapping[str, object] = field(default_factory=dict)  # what stages showed in the ECM, by logical name


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A folder of papers handed in for one procedure."""

    dossier_id: UUID
    repository_id: str
    folder_id: str
    dossier_code: str = ""
    procedure_code: str = ""
    owner_id: str | None = None
    paper_count: int | None = None
    result: str | None = None
    result_by: str | None = None
    result_at: dt.datetime | None = None
    approved_by: str | None = None
    approved_at: dt.datetime | None = None
    notice_number: str | None = None  # of the notice with which a dossier was refused or returned (Art. 13.4.a)
    notice_date: str | None = None
    result_channel: str | None = None  # how the result was given to the person (Art. 13.5), as the office names it
    result_returned_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RepositoryObject:
    """A document or folder as a repository shows it, its properties under their logical names."""

    object_id: str
    version_series_id: str
    name: str
    is_folder: bool
    type_id: str
    change_token: str | None
    created_at: dt.datetime
    created_by: str
    modified_at: dt.datetime
    modified_by: str
    content_length: int | None = None
    content_type: str | None = None
    checked_out: bool = False
    secondary_types: tuple[str, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
