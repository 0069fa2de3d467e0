"""The audit chain: append-only rows, each holding the hash of the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from connector.domain.journal import JournalRow
from connector.registry.connection import Database, Transaction

_FIRST = "0" * 64
_INSERT = (
    "INSERT INTO audit (position, at, actor, operation, subject, purpose, result, previous_hash, hash) VALUES "
    "(%(position)s, %(at)s, %(actor)s, %(operation)s, %(subject)s, %(purpose)s, %(result)s, %(previous_hash)s, "
    "%(hash)s)"
)


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
        # the lock on the head is held until commit: whoever comes next sees this row
        head = transaction.execute("SELECT position, hash FROM audit_head FOR UPDATE").fetchone()
        assert head is not None
        row: dict[str, Any] = {
            "position": head["position"] + 1,
            "at": dt.datetime.now(dt.UTC),
            "actor": actor,
            "operation": operation,
            "subject": subject,
            "purpose": purpose,
            "result": result,
            "previous_hash": head["hash"],
        }
        row["hash"] = _hash(row)
        transaction.execute(_INSERT, row)
        transaction.execute("UPDATE audit_head SET position = %(position)s, hash = %(hash)s", row)

    def restore(self, transaction: Transaction, rows: Sequence[JournalRow]) -> str | None:
        """Rows of a signed journal, as they were; answers why they do not go on from the chain's end, else None."""
        position, previous = _read_head(transaction)
        for each in rows:
            row = vars(each)
            if each.position <= position:
                continue  # an earlier attempt has brought it
            if each.position != position + 1 or each.previous_hash != previous:
                return f"row {position + 1} is in no journal"
            if each.hash != _hash(row):
                return f"row {each.position} has been changed"
            transaction.execute(_INSERT, row)
            position, previous = each.position, each.hash
        transaction.execute("UPDATE audit_head SET position = %s, hash = %s", (position, previous))
        return None

    def head(self) -> tuple[int, str]:
        """Position and hash of the last row: what the signed daily journal keeps."""
        with self._database.transaction() as transaction:
            return _read_head(transaction)

    def finding(self, *, anchor: tuple[int, str] | None = None) -> str | None:
        """The first place where the chain is broken, as a sentence; None when it is intact.

        ``anchor`` is a head that was kept outside the database: it uncovers a chain that was written anew.
        """
        previous, expected = _FIRST, 1
        with self._database.transaction() as transaction:
            last, last_hash = _read_head(transaction)
            for row in transaction.cursor().stream(
                "SELECT * FROM audit WHERE position <= %s ORDER BY position", (last,)
            ):
                if row["position"] != expected:
                    return f"row {expected} is missing"
                if row["previous_hash"] != previous or row["hash"] != _hash(row):
                    return f"row {expected} has been changed"
                if anchor and anchor[0] == expected and anchor[1] != row["hash"]:
                    return f"row {expected} is not the one that was kept outside"
                previous, expected = row["hash"], expected + 1
        if expected <= max(last, anchor[0] if anchor else 0):
            return f"row {expected} is missing"
        return None if previous == last_hash else f"row {last} is not the one the chain ended with"


def _read_head(transaction: Transaction) -> tuple[int, str]:
    row = transaction.execute("SELECT position, hash FROM audit_head").fetchone()
    assert row is not None
    return row["position"], row["hash"]


def _hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the row's canonical JSON, the hash of the row before included."""
    fields = {name: value for name, value in row.items() if name not in ("hash", "at")}
    fields["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
