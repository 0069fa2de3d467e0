"""Filling an empty database again: journals, papers, codes, publications, deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from connector.domain.errors import RegisterError
from connector.domain.journal import Journal
from connector.domain.metadata import LegalStatus
from connector.domain.outcome import Publication
from connector.domain.paper import Dossier, Paper
from connector.domain.publication import ChangeKind, PublishedPaper
from connector.domain.restoration import RestoredPaper
from connector.domain.states import Stage, State
from connector.registry.audit import AuditChain
from connector.registry.connection import Database, Transaction
from connector.registry.publications import publish
from connector.registry.rows import displayed_as_json
from connector.registry.statements import insert_dossier

_OPERATION = "rebuild"
_PAPER = """INSERT INTO paper (paper_id, dossier_id, repository_id, version_series_id, object_id, original_sha256,
    state, failed_stage, failed_from, error, error_code, digitization_code, metadata, displayed)
VALUES (%(paper_id)s, %(dossier_id)s, %(repository_id)s, %(version_series_id)s, %(object_id)s, %(original_sha256)s,
    %(state)s, %(failed_stage)s, %(failed_from)s, %(error)s, %(error_code)s, %(digitization_code)s, %(metadata)s,
    %(displayed)s) ON CONFLICT DO NOTHING"""
_CODE = """INSERT INTO code_register (paper_id, version, code, owner_id, procedure_code, type_code, document_number,
    issuing_authority, issue_date, distinction)
SELECT %(paper_id)s, %(version)s, %(code)s, %(owner_id)s, %(procedure_code)s, %(type_code)s, %(document_number)s,
    %(authority)s, %(issue_date)s, coalesce(max(distinction) + 1, 0) FROM code_register
    WHERE code = %(code)s AND issuing_authority = %(authority)s AND issue_date = %(issue_date)s"""
_ENDS = {str(LegalStatus.THU_HOI): LegalStatus.THU_HOI, str(LegalStatus.THAY_THE): LegalStatus.THAY_THE}
_SUCCESSORS = """UPDATE published_paper SET replaced_by = successor.digitization_code
    FROM audit JOIN paper AS successor ON successor.paper_id::text = audit.result
    WHERE audit.operation = 'replaced_by' AND audit.subject = published_paper.paper_id::text
        AND published_paper.legal_status = %s"""
_DELIVERY = """INSERT INTO delivery (delivery_id, client, purpose, paper_id, version, sha256, at, acknowledged_at,
    acknowledged_sha256)
SELECT %(delivery_id)s, %(client)s, %(purpose)s, %(paper_id)s, %(version)s, %(sha256)s, %(at)s, %(acknowledged_at)s,
    %(acknowledged_sha256)s WHERE EXISTS (SELECT 1 FROM paper WHERE paper_id = %(paper_id)s)
ON CONFLICT (delivery_id) DO UPDATE SET acknowledged_at = EXCLUDED.acknowledged_at,
    acknowledged_sha256 = EXCLUDED.acknowledged_sha256"""


class RegisterRestorer:
    """The port ``Restorer`` over PostgreSQL; each method is one transaction."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def begin(self) -> None:
        """Raises RegisterError unless the register is empty, or an earlier rebuild was broken off."""
        with self._database.transaction() as transaction:
            begun = transaction.execute("SELECT 1 FROM audit WHERE operation = %s", (_OPERATION,)).fetchone()
            if not begun and transaction.execute("SELECT 1 FROM paper LIMIT 1").fetchone():
                raise RegisterError("rebuild needs an empty database: papers are registered already")

    def restore_journals(self, journals: Iterable[Journal]) -> str | None:
        """The audit chain as far as journals carry it without a gap; answers why it ends, None when none is missing.

        Nothing is restored into a chain that has rows of its own.
        """
        with self._database.transaction() as transaction:
            for journal in journals:
                finding = self._chain.restore(transaction, journal.rows)
                if finding:
                    return f"journal of {journal.day.isoformat()}: {finding}"
        return None

    def note_begin(self) -> None:
        """Say in the chain that everything after this row comes from signed files."""
        self._note("begun", "papers, codes and the change feed are restored from signed files")

    def proven_status(self, paper_id: UUID) -> LegalStatus:
        """What the restored chain says of a paper's end."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT result FROM audit WHERE subject = %s AND operation = %s AND result = ANY(%s) "
                "ORDER BY position DESC LIMIT 1",
                (str(paper_id), str(Stage.FILING), list(_ENDS)),
            ).fetchone()
        return _ENDS[row["result"]] if row else LegalStatus.HIEU_LUC

    def restore(self, restored: RestoredPaper) -> bool:
        """Register a paper with its codes and put its versions into the feed; False when it is there already."""
        paper = restored.paper
        with self._database.transaction() as transaction:
            dossier_id = _keep_dossier(transaction, restored.dossier)
            if transaction.execute(_PAPER, {**_paper_row(paper), "dossier_id": dossier_id}).rowcount != 1:
                return False
            for artifact in paper.artifacts.values():
                transaction.execute(
                    "INSERT INTO artifact (paper_id, kind, object_id, sha256, length) VALUES (%s, %s, %s, %s, %s)",
                    (paper.paper_id, artifact.kind, artifact.object_id, artifact.sha256, artifact.length),
                )
            for stage, result in restored.results.items():
                transaction.execute(
                    "INSERT INTO stage_result (paper_id, stage, result) VALUES (%s, %s, %s)",
                    (paper.paper_id, stage, Jsonb(dict(result))),
                )
            _keep_codes(transaction, restored)
            if restored.is_published:
                _publish(transaction, restored.versions)
            self._append(transaction, str(paper.paper_id), str(paper.state))
        return True

    def restore_deliveries(self, journal: Journal) -> int:
        """Deliveries and their proofs of receipt; answers how many are of papers that are not restored."""
        left = 0
        with self._database.transaction() as transaction:
            for delivery in journal.deliveries:
                left += transaction.execute(_DELIVERY, vars(delivery)).rowcount == 0
        return left

    def finish(self, gap: str) -> None:
        """Link replaced papers to their successors, begin a new epoch of the feed, and state the gap."""
        with self._database.transaction() as transaction:
            transaction.execute(_SUCCESSORS, (str(LegalStatus.THAY_THE),))
            transaction.execute("INSERT INTO feed_epoch DEFAULT VALUES")
        self._note("done", gap)

    def _note(self, result: str, purpose: str) -> None:
        with self._database.transaction() as transaction:
            self._append(transaction, "register", result, purpose)

    def _append(self, transaction: Transaction, subject: str, result: str, purpose: str | None = None) -> None:
        self._chain.append(
            transaction, actor="sohoa rebuild", operation=_OPERATION, subject=subject, result=result, purpose=purpose
        )


def _keep_dossier(transaction: Transaction, dossier: Dossier) -> UUID:
    dossier_id = insert_dossier(transaction, dossier)
    transaction.execute(
        "UPDATE dossier SET result = %s, result_by = %s, notice_number = %s, notice_date = %s, result_channel = %s, "
        "result_returned_at = %s WHERE dossier_id = %s",
        (
            dossier.result,
            dossier.result_by,
            dossier.notice_number,
            dossier.notice_date,
            dossier.result_channel,
            dossier.result_returned_at,
            dossier_id,
        ),
    )
    return dossier_id


def _paper_row(paper: Paper) -> dict[str, Any]:
    shown: dict[str, Any] = dict(paper.displayed)
    return {
        **vars(paper),
        "failed_from": State.DA_KY if paper.failed_stage else None,
        "metadata": Jsonb(paper.metadata.as_dict()) if paper.metadata else None,
        "displayed": Jsonb(displayed_as_json(shown)),
    }


def _keep_codes(transaction: Transaction, restored: RestoredPaper) -> None:
    """Each code once, in the order in which the paper got them."""
    known: dict[tuple[object, ...], dict[str, object]] = {}
    for record in (version.record for version in restored.versions):
        metadata = record.metadata
        row: dict[str, object] = {
            "paper_id": record.paper_id,
            "code": record.digitization_code,
            "owner_id": metadata.owner_id or "",
            "procedure_code": None if record.is_result else record.procedure_code,
            "type_code": metadata.document_type_code,
            "document_number": metadata.document_number,
            "authority": (metadata.issuing_authority or "").casefold(),
            "issue_date": metadata.issue_date,
        }
        known.setdefault((row["code"], row["authority"], row["issue_date"]), row)
    for version, row in enumerate(known.values(), start=1):
        transaction.execute(_CODE, {**row, "version": version})


def _publish(transaction: Transaction, versions: Iterable[PublishedPaper]) -> None:
    before: PublishedPaper | None = None
    for version in versions:
        if before is None:
            kind = ChangeKind.MOI
        else:
            is_same_file = before.document.sha256 == version.document.sha256
            kind = ChangeKind.SUA_DU_LIEU if is_same_file else ChangeKind.PHIEN_BAN
        publish(transaction, Publication(kind=kind, paper=version))
        before = version
