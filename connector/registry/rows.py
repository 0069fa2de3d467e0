"""Rows of the database as values of the domain, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from connector.domain.labels import DATE_TIMES
from connector.domain.metadata import WRITTEN_BY_PEOPLE, CopyForm, LegalStatus, Metadata, Value
from connector.domain.paper import Artifact, ArtifactKind, Dossier, Paper
from connector.domain.publication import PublishedPaper, Record
from connector.domain.signatures import Level, SignedPrefix
from connector.domain.states import Stage, State

DOSSIER_COLUMNS = (
    "dossier_id, repository_id, folder_id, dossier_code, procedure_code, owner_id, paper_count, "
    "result, result_by, result_at, approved_by, approved_at, notice_number, notice_date, result_channel, "
    "result_returned_at"
)
PAPER_COLUMNS = (
    "paper_id, dossier_id, repository_id, version_series_id, object_id, original_sha256, state, revision, "
    "error, error_code, failed_stage, digitization_code, metadata, displayed, component"
)


def dossier_of(row: Mapping[str, Any]) -> Dossier:
    """A row with DOSSIER_COLUMNS."""
    return Dossier(**row)


def paper_of(row: Mapping[str, Any], artifacts: Iterable[Mapping[str, Any]]) -> Paper:
    """A row with PAPER_COLUMNS and the paper's rows of ``artifact``."""
    metadata = row["metadata"]
    return Paper(
        **{
            **row,
            "state": State(row["state"]),
            "failed_stage": Stage(row["failed_stage"]) if row["failed_stage"] else None,
            "metadata": Metadata(**metadata) if metadata is not None else None,
            "displayed": {name: _displayed(name, value) for name, value in row["displayed"].items()},
            "artifacts": {ArtifactKind(found["kind"]): artifact_of(found) for found in artifacts},
        }
    )


def displayed_as_json(properties: Mapping[str, Value]) -> dict[str, object]:
    """The displayed copies among the properties an outcome shows; what people write is not ours to put back."""
    ours = properties.keys() - WRITTEN_BY_PEOPLE
    return {name: value.isoformat() if isinstance(value := properties[name], dt.datetime) else value for name in ours}


def _displayed(name: str, value: Any) -> object:
    if isinstance(value, list):
        return tuple(value)
    return dt.datetime.fromisoformat(value) if name in DATE_TIMES and value else value


def artifact_of(row: Mapping[str, Any]) -> Artifact:
    """A row of ``artifact``, or its JSON."""
    return Artifact(
        kind=ArtifactKind(row["kind"]), object_id=row["object_id"], sha256=row["sha256"], length=row["length"]
    )


def artifact_as_json(artifact: Artifact) -> dict[str, object]:
    """What ``artifact_of`` reads back."""
    return {
        "kind": str(artifact.kind),
        "object_id": artifact.object_id,
        "sha256": artifact.sha256,
        "length": artifact.length,
    }


def record_as_json(record: Record) -> dict[str, object]:
    """What ``record_of`` reads back."""
    return {
        "paper_id": str(record.paper_id),
        "digitization_code": record.digitization_code,
        "is_result": record.is_result,
        "procedure_code": record.procedure_code,
        "dossier_code": record.dossier_code,
        "metadata": record.metadata.as_dict(),
        "extracted_at": record.extracted_at.isoformat(),
        "confirmed_by": record.confirmed_by,
        "confirmed_at": record.confirmed_at.isoformat(),
        "approved_by": record.approved_by,
        "authority_basis": record.authority_basis,
        "copy_form": str(record.copy_form),
        "prefix": {"length": record.prefix.length, "sha256": record.prefix.sha256},
    }


def record_of(value: Mapping[str, Any]) -> Record:
    """The record as it was published."""
    return Record(
        **{
            **value,
            "paper_id": UUID(value["paper_id"]),
            "metadata": Metadata(**value["metadata"]),
            "extracted_at": dt.datetime.fromisoformat(value["extracted_at"]),
            "confirmed_at": dt.datetime.fromisoformat(value["confirmed_at"]),
            "copy_form": CopyForm(value["copy_form"]),
            "prefix": SignedPrefix(**value["prefix"]),
        }
    )


def published_of(row: Mapping[str, Any]) -> PublishedPaper:
    """A row of ``published_paper``."""
    return PublishedPaper(
        record=record_of(row["record"]),
        repository_id=row["repository_id"],
        version=row["version"],
        legal_status=LegalStatus(row["legal_status"]),
        replaced_by=row["replaced_by"],
        document=artifact_of(row["document"]),
        signed_metadata=artifact_of(row["signed_metadata"]),
        level=Level(row["level"]),
        published_at=row["published_at"],
    )
