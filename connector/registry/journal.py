"""A day's part of the audit chain and of the deliveries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

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
_MISSING = """SELECT day::date FROM generate_series(
    (SELECT (at AT TIME ZONE %(zone)s::interval)::date FROM audit ORDER BY position LIMIT 1),
    %(until)s::date, '1 day') AS day
    WHERE NOT EXISTS (SELECT 1 FROM kept_journal WHERE kept_journal.day = day.day::date) ORDER BY 1"""
_LOCK = 0x736F6A6E
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


def days_without_journal(database: Database, until: dt.date) -> list[dt.date]:
    """The days up to ``until``, in Vietnam, whose journal is not kept yet, from the chain's first row on."""
    with database.transaction() as transaction:
        rows = transaction.execute(_MISSING, {"zone": VIETNAM.utcoffset(None), "until": until}).fetchall()
    return [row["day"] for row in rows]


@contextmanager
def keeping_journals(database: Database) -> Iterator[None]:
    """One process at a time, over all machines; whoever comes second waits."""
    with database.transaction() as transaction:
        transaction.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        yield


def remember_journal(database: Database, day: dt.date) -> None:
    """A day's journal is kept."""
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO kept_journal (day) VALUES (%s) ON CONFLICT DO NOTHING", (day,))


def _last(transaction: Transaction, moment: dt.datetime) -> tuple[int, str]:
    row = transaction.execute(_LAST, (moment,)).fetchone()
    return (row["position"], row["hash"]) if row else (0, _BEFORE_ALL)
