"""A day's part of the audit chain and of the deliveries."""

from __future__ import annotations

import datetime as dt

from connector.domain.journal import Journal, JournalRow
from connector.domain.metadata import VIETNAM
from connector.domain.publication import Delivery
from connector.registry.connection import Database, Transaction

_BEFORE_ALL = "0" * 64
_LAST = "SELECT position, hash FROM audit WHERE at < %s ORDER BY position DESC LIMIT 1"
_ROWS = (
    "SELECT position, at, actor, operation, subject, purpose, result, previous_hash, hash FROM audit "
    "WHERE position > %s AND position <= %s ORDER BY position"
)
_DELIVERIES = (
    "SELECT delivery_id, client, purpose, paper_id, version, sha256, at, acknowledged_at, acknowledged_sha256 "
    "FROM delivery WHERE at >= %(start)s AND at < %(end)s "
    "OR acknowledged_at >= %(start)s AND acknowledged_at < %(end)s ORDER BY at, delivery_id"
)


def journal_of(database: Database, day: dt.date) -> Journal:
    """The journal of a day that is over in Vietnam."""
    start = dt.datetime.combine(day, dt.time(), VIETNAM)
    end = start + dt.timedelta(days=1)
    with database.transaction() as transaction:
        before, _ = _last(transaction, start)
        position, head = _last(transaction, end)
        rows = transaction.execute(_ROWS, (before, position)).fetchall()
        deliveries = transaction.execute(_DELIVERIES, {"start": start, "end": end}).fetchall()
    return Journal(
        day=day,
        head_position=position,
        head_hash=head,
        rows=[JournalRow(**row) for row in rows],
        deliveries=[Delivery(**row) for row in deliveries],
    )


def _last(transaction: Transaction, moment: dt.datetime) -> tuple[int, str]:
    row = transaction.execute(_LAST, (moment,)).fetchone()
    return (row["position"], row["hash"]) if row else (0, _BEFORE_ALL)
