"""What is signed about a paper, and what the portal is given of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from connector.domain.metadata import CopyForm, LegalStatus, Metadata
from connector.domain.paper import Artifact
from connector.domain.signatures import Level, SignedPrefix


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything xsd/v1/metadata.xsd says of one paper: the Article 9 metadata that the agency signs.

    ``prefix`` is the PDF up to the end of the agency-signature revision (of the whole file, where the agency
    signs only the metadata). Times are aware.
    """

    paper_id: UUID
    digitization_code: str
    is_result: bool
    procedure_code: str
    dossier_code: str
    metadata: Metadata
    extracted_at: dt.datetime
    confirmed_by: str
    confirmed_at: dt.datetime
    approved_by: str | None
    authority_basis: str | None
    copy_form: CopyForm
    prefix: SignedPrefix


@dataclass(frozen=True, kw_only=True)
class PublishedPaper:
    """A stored paper as other systems may read it; ``document`` and ``signed_metadata`` lie in the ECM."""

    record: Record
    repository_id: str
    version: int
    legal_status: LegalStatus
    replaced_by: str | None
    document: Artifact
    signed_metadata: Artifact
    level: Level
    published_at: dt.datetime


class ChangeKind(StrEnum):
    """Why an entry stands in the change feed."""

    MOI = "MOI"
    PHIEN_BAN = "PHIEN_BAN"
    SUA_DU_LIEU = "SUA_DU_LIEU"
    THU_HOI = "THU_HOI"
    THAY_THE = "THAY_THE"
    GIA_HAN = "GIA_HAN"


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One change, at ``position`` of the feed (grows by commit order, without gaps)."""

    position: int
    kind: ChangeKind
    paper_id: UUID
    version: int
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Rights:
    """Whose changes a reader of the feed sees; None means all.

    Any version of a paper counts: who could read a paper once is told that it has changed, also when it has turned
    out to be another owner's.
    """

    document_types: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None


ALL = Rights()


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """A page of the feed; ``next_token`` is opaque and names the feed's epoch."""

    entries: Sequence[FeedEntry]
    next_token: str
    more: bool


@dataclass(frozen=True, kw_only=True)
class SearchCriteria:
    """What SearchDocuments may ask for; None means any. Dates are inclusive.

    ``document_types`` and ``owners`` are the caller's rights: only papers of these.
    """

    digitization_code: str | None = None
    owner_id: str | None = None
    procedure_code: str | None = None
    document_type_code: str | None = None
    document_number: str | None = None
    issuing_authority: str | None = None
    issued_from: dt.date | None = None
    issued_to: dt.date | None = None
    changed_since: dt.datetime | None = None
    legal_status: LegalStatus | None = None
    document_types: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """A stable page of results; ``next_token`` is None on the last one."""

    papers: Sequence[PublishedPaper]
    total: int
    next_token: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A paper handed out: to whom, for what, with which hash; ``acknowledged_sha256`` is their proof."""

    delivery_id: UUID
    client: str
    purpose: str
    paper_id: UUID
    version: int
    sha256: str
    at: dt.datetime
    acknowledged_at: dt.datetime | None = None
    acknowledged_sha256: str | None = None
