"""The SQL that several methods of the register share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from connector.domain.errors import ObjectNotFound, StaleState
from connector.domain.outcome import Outcome
from connector.domain.paper import Dossier, Paper
from connector.domain.states import UNPUBLISHED
from connector.registry.connection import Transaction
from connector.registry.rows import PAPER_COLUMNS, displayed_as_json, paper_of
from connector.registry.token_requests import forget_requests


def select_paper(transaction: Transaction, paper_id: UUID) -> Paper:
    """One paper with its artifacts. Raises ObjectNotFound."""
    row = transaction.execute(f"SELECT {PAPER_COLUMNS} FROM paper WHERE paper_id = %s", (paper_id,)).fetchone()
    if row is None:
        raise ObjectNotFound("paper")
    return paper_of(row, select_artifacts(transaction, [paper_id]).get(paper_id, []))


def select_artifacts(transaction: Transaction, paper_ids: Sequence[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """The artifacts of some papers, by paper."""
    rows = transaction.execute("SELECT * FROM artifact WHERE paper_id = ANY(%s)", (list(paper_ids),)).fetchall()
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["paper_id"], []).append(row)
    return found


def insert_dossier(transaction: Transaction, dossier: Dossier) -> UUID:
    """The id of the dossier of this folder, which may have been there before."""
    row = transaction.execute(
        "INSERT INTO dossier (dossier_id, repository_id, folder_id, dossier_code, procedure_code, owner_id, "
        "paper_count) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (repository_id, folder_id) "
        "DO UPDATE SET folder_id = EXCLUDED.folder_id RETURNING dossier_id",
        (
            dossier.dossier_id,
            dossier.repository_id,
            dossier.folder_id,
            dossier.dossier_code,
            dossier.procedure_code,
            dossier.owner_id,
            dossier.paper_count,
        ),
    ).fetchone()
    assert row is not None
    found: UUID = row["dossier_id"]
    return found


def advance(transaction: Transaction, paper: Paper, outcome: Outcome) -> None:
    """Move the paper on. Raises StaleState when it has moved already."""
    metadata = outcome.metadata or paper.metadata
    changed = transaction.execute(
        "UPDATE paper SET state = %s, object_id = %s, digitization_code = %s, metadata = %s, error = NULL, "
        "error_code = NULL, displayed = displayed || %s, component = coalesce(%s, component), "
        "revision = revision + 1, changed_at = now() WHERE paper_id = %s AND revision = %s",
        (
            outcome.state,
            outcome.object_id or paper.object_id,
            _code_after(paper, outcome),
            Jsonb(metadata.as_dict()) if metadata else None,
            Jsonb(displayed_as_json(outcome.properties)),
            outcome.component,
            paper.paper_id,
            paper.revision,
        ),
    )
    if changed.rowcount != 1:
        raise StaleState("another worker was faster")
    if outcome.state is not paper.state:
        forget_requests(transaction, paper.paper_id)


def _code_after(paper: Paper, outcome: Outcome) -> str | None:
    if outcome.recode or outcome.state in UNPUBLISHED:
        return None
    return outcome.digitization_code or paper.digitization_code


def keep_artifacts(transaction: Transaction, paper_id: UUID, outcome: Outcome) -> None:
    """The files an outcome made, without those that it took away."""
    transaction.execute(
        "DELETE FROM artifact WHERE paper_id = %s AND kind = ANY(%s)", (paper_id, [str(kind) for kind in outcome.drops])
    )
    for artifact in outcome.artifacts:
        transaction.execute(
            "INSERT INTO artifact (paper_id, kind, object_id, sha256, length) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (paper_id, kind) DO UPDATE SET object_id = EXCLUDED.object_id, sha256 = EXCLUDED.sha256, "
            "length = EXCLUDED.length",
            (paper_id, artifact.kind, artifact.object_id, artifact.sha256, artifact.length),
        )
