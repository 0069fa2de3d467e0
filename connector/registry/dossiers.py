"""Dossiers, and how far each repository has been seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from connector.domain.errors import ObjectNotFound
from connector.domain.paper import Dossier
from connector.domain.states import AT_REST
from connector.registry.audit import AuditChain
from connector.registry.connection import Database, Transaction
from connector.registry.rows import DOSSIER_COLUMNS, dossier_of


class DossierRegister:
    """The part of the port ``Registry`` that is about folders; each method is one transaction."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def dossier(self, dossier_id: UUID) -> Dossier:
        """Raises ObjectNotFound."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                f"SELECT {DOSSIER_COLUMNS} FROM dossier WHERE dossier_id = %s", (dossier_id,)
            ).fetchone()
        if row is None:
            raise ObjectNotFound("dossier")
        return dossier_of(row)

    def dossier_at(self, repository_id: str, folder_id: str) -> Dossier | None:
        """The dossier of a folder; None before its first paper was claimed."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                f"SELECT {DOSSIER_COLUMNS} FROM dossier WHERE repository_id = %s AND folder_id = %s",
                (repository_id, folder_id),
            ).fetchone()
        return dossier_of(row) if row else None

    def open_dossiers(self, repository_id: str) -> Sequence[Dossier]:
        """Dossiers with a paper that is not at rest."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                f"SELECT {DOSSIER_COLUMNS} FROM dossier WHERE repository_id = %s AND EXISTS (SELECT 1 FROM paper "
                "WHERE paper.dossier_id = dossier.dossier_id AND NOT state = ANY(%s))",
                (repository_id, list(AT_REST)),
            ).fetchall()
        return [dossier_of(row) for row in rows]

    def save_dossier(self, dossier: Dossier, *, actor: str) -> Dossier:
        """Keep what a person said of a dossier; a result that was told meanwhile is not forgotten."""
        with self._database.transaction() as transaction:
            transaction.execute(
                "UPDATE dossier SET dossier_code = %s, procedure_code = %s, owner_id = %s, paper_count = %s, "
                "result = coalesce(%s, result), result_by = coalesce(%s, result_by), "
                "result_at = coalesce(%s, result_at), approved_by = %s, approved_at = %s, notice_number = %s, "
                "notice_date = %s, result_channel = %s, result_returned_at = %s WHERE dossier_id = %s",
                (
                    dossier.dossier_code,
                    dossier.procedure_code,
                    dossier.owner_id,
                    dossier.paper_count,
                    dossier.result,
                    dossier.result_by,
                    dossier.result_at,
                    dossier.approved_by,
                    dossier.approved_at,
                    dossier.notice_number,
                    dossier.notice_date,
                    dossier.result_channel,
                    dossier.result_returned_at,
                    dossier.dossier_id,
                ),
            )
            self._note(transaction, dossier.dossier_id, "dossier", dossier.result or "", actor=actor)
        return dossier

    def cursor(self, repository_id: str) -> dt.datetime | None:
        """The server time up to which the repository has been seen; None at first."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT seen_until FROM repository_cursor WHERE repository_id = %s", (repository_id,)
            ).fetchone()
        return row["seen_until"] if row else None

    def move_cursor(self, repository_id: str, seen_until: dt.datetime) -> None:
        """After the claims are committed."""
        with self._database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO repository_cursor VALUES (%s, %s) "
                "ON CONFLICT (repository_id) DO UPDATE SET seen_until = EXCLUDED.seen_until",
                (repository_id, seen_until),
            )

    def _note(
        self, transaction: Transaction, subject: UUID, operation: str, result: str, *, actor: str = "sohoa"
    ) -> None:
        self._chain.append(transaction, actor=actor, operation=operation, subject=str(subject), result=str(result))
