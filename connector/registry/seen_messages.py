"""Signed messages that were seen: shared by all processes, so that a repeated one is refused by each."""

from __future__ import annotations

import datetime as dt

from connector.registry.connection import Database


class SeenMessages:
    """Remembers marks of messages until they are stale anyway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_time(self, mark: str, until: dt.datetime) -> bool:
        """Whether a mark is new; it is remembered until ``until`` (aware)."""
        with self._database.transaction() as transaction:
            transaction.execute("DELETE FROM seen_message WHERE until < now()")
            added = transaction.execute(
                "INSERT INTO seen_message (mark, until) VALUES (%s, %s) ON CONFLICT DO NOTHING", (mark, until)
            )
        return added.rowcount == 1
