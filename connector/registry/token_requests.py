"""Parked signatures: prepared by workers, answered from desks, gone when their paper moves on."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from connector.domain.states import Stage
from connector.domain.token_signing import PreparedSignature, SignedKind, SigningTask, TokenBatch, TokenRequest
from connector.registry.audit import AuditChain
from connector.registry.connection import Database, Transaction
from connector.registry.jobs import defer_stage

# A visible signature shows when it was made: what was prepared longer ago is prepared anew before anybody signs it.
LIFETIME = dt.timedelta(minutes=15)

_THIS = "paper_id = %(paper_id)s AND stage = %(stage)s AND kind = %(kind)s AND fingerprint = %(fingerprint)s"
_ASK = """INSERT INTO token_request (request_id, identity, paper_id, stage, kind, title, fingerprint, content,
    gap_start, gap_end, to_be_signed, preview)
VALUES (%(request_id)s, %(identity)s, %(paper_id)s, %(stage)s, %(kind)s, %(title)s, %(fingerprint)s, %(content)s,
    %(gap_start)s, %(gap_end)s, %(to_be_signed)s, %(preview)s)
ON CONFLICT (paper_id, stage, kind) DO UPDATE SET request_id = EXCLUDED.request_id, identity = EXCLUDED.identity,
    title = EXCLUDED.title, fingerprint = EXCLUDED.fingerprint, content = EXCLUDED.content,
    gap_start = EXCLUDED.gap_start, gap_end = EXCLUDED.gap_end, to_be_signed = EXCLUDED.to_be_signed,
    preview = EXCLUDED.preview, prepared_at = now(), expired = false, signature = NULL"""
_EXPIRE = """UPDATE token_request SET expired = true
WHERE identity = %s AND signature IS NULL AND NOT expired AND prepared_at < now() - %s RETURNING paper_id, stage"""


class TokenRequestRegister:
    """The port ``TokenRequests``, and what desks ask of it; each method is one transaction."""

    def __init__(self, database: Database, chain: AuditChain, *, lifetime: dt.timedelta = LIFETIME) -> None:
        self._database = database
        self._chain = chain
        self._lifetime = lifetime

    # workers

    def answer(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> tuple[PreparedSignature, bytes] | None:
        """The prepared signature of this very content with its value, once it was made; None before."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                f"SELECT * FROM token_request WHERE {_THIS} AND signature IS NOT NULL",
                _key(task, kind, fingerprint),
            ).fetchone()
        if row is None:
            return None
        prepared = PreparedSignature(
            identity=row["identity"],
            kind=kind,
            fingerprint=fingerprint,
            content=row["content"],
            to_be_signed=row["to_be_signed"],
            preview=row["preview"],
            gap=(row["gap_start"], row["gap_end"]),
        )
        return prepared, row["signature"]

    def is_asked(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> bool:
        """Whether this very content waits for its signature already."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                f"SELECT 1 FROM token_request WHERE {_THIS} AND NOT expired", _key(task, kind, fingerprint)
            ).fetchone()
        return row is not None

    def ask(self, task: SigningTask, prepared: PreparedSignature) -> None:
        """Park a prepared signature in the place of an earlier one that is of no use any more."""
        with self._database.transaction() as transaction:
            transaction.execute(
                _ASK,
                {
                    **_key(task, prepared.kind, prepared.fingerprint),
                    "request_id": uuid4(),
                    "identity": prepared.identity,
                    "title": task.title,
                    "content": prepared.content,
                    "gap_start": prepared.gap[0],
                    "gap_end": prepared.gap[1],
                    "to_be_signed": prepared.to_be_signed,
                    "preview": prepared.preview,
                },
            )

    # desks

    def batch(self, identity: str) -> TokenBatch:
        """What waits for this identity; what was prepared too long ago is queued to be prepared anew."""
        with self._database.transaction() as transaction:
            for row in transaction.execute(_EXPIRE, (identity, self._lifetime)).fetchall():
                defer_stage(transaction, row["paper_id"], Stage(row["stage"]))
            rows = transaction.execute(
                "SELECT request_id, paper_id, kind, title, to_be_signed, expired, signature IS NOT NULL AS signed "
                "FROM token_request WHERE identity = %s ORDER BY prepared_at, request_id",
                (identity,),
            ).fetchall()
        waiting = [row for row in rows if not row["expired"] and not row["signed"]]
        requests = [
            TokenRequest(
                request_id=row["request_id"],
                paper_id=row["paper_id"],
                kind=SignedKind(row["kind"]),
                title=row["title"],
                to_be_signed=row["to_be_signed"],
            )
            for row in waiting
        ]
        return TokenBatch(requests=requests, working=len(rows) - len(waiting))

    def preview(self, identity: str, request_id: UUID) -> tuple[SignedKind, bytes] | None:
        """What the person looks at before signing; None for what is not theirs, or not there any more."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT kind, preview FROM token_request WHERE request_id = %s AND identity = %s",
                (request_id, identity),
            ).fetchone()
        return (SignedKind(row["kind"]), row["preview"]) if row else None

    def to_be_signed(self, identity: str, request_id: UUID) -> bytes | None:
        """What the key has to sign; None for what is not theirs, or not there any more."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT to_be_signed FROM token_request WHERE request_id = %s AND identity = %s AND NOT expired",
                (request_id, identity),
            ).fetchone()
        return row["to_be_signed"] if row else None

    def accept(self, identity: str, request_id: UUID, signature: bytes) -> bool:
        """Keep a signature that was checked, and wake the job that waits for it.

        The first one stands: a desk that did not hear our answer may send it again. False where nobody waits for it.
        """
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT paper_id, stage, kind, signature IS NOT NULL AS signed FROM token_request "
                "WHERE request_id = %s AND identity = %s AND NOT expired FOR UPDATE",
                (request_id, identity),
            ).fetchone()
            if row is None or row["signed"]:
                return row is not None
            transaction.execute(
                "UPDATE token_request SET signature = %s WHERE request_id = %s", (signature, request_id)
            )
            self._chain.append(
                transaction,
                actor=identity,
                operation="token_signature",
                subject=str(row["paper_id"]),
                result=f"{row['stage']}:{row['kind']}",
            )
            defer_stage(transaction, row["paper_id"], Stage(row["stage"]))
            return True


def forget_requests(transaction: Transaction, paper_id: UUID) -> None:
    """Nobody waits for the signatures of a paper any more: it has moved on."""
    transaction.execute("DELETE FROM token_request WHERE paper_id = %s", (paper_id,))


def _key(task: SigningTask, kind: SignedKind, fingerprint: str) -> dict[str, object]:
    return {"paper_id": task.paper_id, "stage": task.stage, "kind": kind, "fingerprint": fingerprint}
