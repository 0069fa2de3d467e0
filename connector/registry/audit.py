"""The audit chain: append-only rows, each holding the hash of the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from connector.registry.connection import Database, Transaction

_CHAIN_LOCK = 0x736F6175
_FIRST = "0" * 64


class AuditChain:
    """Who did what to which paper, when, and how it ended."""

    def __init__(self, database: Database, hash_key: bytes) -> None:
        self._database = database
        self._hash_key = hash_key

    def keyed_hash(self, text: str) -> str:
        """What stands for a code or a personal id in a row: the same text gives the same hash."""
        return hmac.digest(self._hash_key, text.encode(), "sha256").hex()[:32]

    def append(
        self,
        transaction: Transaction,
        *,
        actor: str,
        operation: str,
        subject: str,
        result: str,
        purpose: str | None = None,
    ) -> None:
        """One row, in the caller's transaction; rows are numbered in commit order, without gaps."""
        transaction.execute("SELECT pg_advisory_xact_lock(%s)", (_CHAIN_LOCK,))
        last = transaction.execute("SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1").fetchone()
        row: dict[str, Any] = {
            "position": (last["position"] if last else 0) + 1,
            "at": dt.datetime.now(dt.UTC),
            "actor": actor,
            "operation": operation,
            "subject": subject,
            "purpose": purpose,
            "result": result,
            "previous_hash": last["hash"] if last else _FIRST,
        }
        transaction.execute(
            "INSERT INTO audit (position, at, actor, operation, subject, purpose, result, previous_hash, hash) "
            "VALUES (%(position)s, %(at)s, %(actor)s, %(operation)s, %(subject)s, %(purpose)s, %(result)s, "
            "%(previous_hash)s, %(hash)s)",
            {**row, "hash": _hash(row)},
        )

    def finding(self) -> str | None:
        """The first place where the chain is broken, as a sentence; None when it is intact."""
        previous, expected = _FIRST, 1
        with self._database.transaction() as transaction:
            for row in transaction.cursor().stream("SELECT * FROM audit ORDER BY position"):
                if row["position"] != expected:
                    return f"row {expected} is missing"
                if row["previous_hash"] != previous or row["hash"] != _hash(row):
                    return f"row {expected} has been changed"
                previous, expected = row["hash"], expected + 1
        return None


def _hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the row's canonical JSON, the hash of the row before included."""
    fields = {name: value for name, value in row.items() if name not in ("hash", "at")}
    fields["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
