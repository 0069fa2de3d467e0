"""How procedures ended, as their own software tells it (Art. 9.4)."""

from __future__ import annotations

import datetime as dt

from connector.domain.errors import ObjectNotFound, StaleState
from connector.domain.metadata import DossierResult
from connector.registry.audit import AuditChain
from connector.registry.connection import Database


class ResultRegister:
    """Sets the result of dossiers known by their code."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def report(self, dossier_code: str, *, procedure_code: str | None, result: DossierResult, reporter: str) -> None:
        """Set the result once; the same again changes nothing.

        Raises ObjectNotFound where no dossier has this code (and procedure) or more than one has, StaleState where
        another result stands.
        """
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT dossier_id, result FROM dossier WHERE dossier_code = %s "
                "AND (%s::text IS NULL OR procedure_code = %s) FOR UPDATE",
                (dossier_code, procedure_code, procedure_code),
            ).fetchall()
            if len(rows) != 1:
                raise ObjectNotFound(f"{len(rows)} dossiers of this code")
            (row,) = rows
            if row["result"] == result:
                return
            if row["result"]:
                raise StaleState("another result stands")
            transaction.execute(
                "UPDATE dossier SET result = %s, result_by = %s, result_at = %s WHERE dossier_id = %s",
                (str(result), reporter, dt.datetime.now(dt.UTC), row["dossier_id"]),
            )
            self._chain.append(
                transaction, actor=reporter, operation="result", subject=str(row["dossier_id"]), result=str(result)
            )
