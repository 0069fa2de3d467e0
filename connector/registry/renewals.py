"""Whose evidence has to be looked at: papers never looked at since they were stored, and those that lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from connector.domain.states import Stage, State
from connector.registry.connection import Database
from connector.registry.jobs import defer_stage

_DUE = """SELECT published_paper.paper_id FROM published_paper JOIN paper USING (paper_id)
LEFT JOIN stage_result ON stage_result.paper_id = published_paper.paper_id AND stage_result.stage = %(stage)s
WHERE published_paper.latest AND paper.state = %(state)s AND (stage_result.at IS NULL
    OR stage_result.at < published_paper.published_at
    OR (stage_result.result ->> 'lapses_at')::timestamptz < %(lapsing_before)s)
ORDER BY stage_result.result ->> 'lapses_at' NULLS LAST, published_paper.published_at LIMIT %(at_most)s"""


class RenewalRegister:
    """Queues renewals, and keeps until when the journals of days hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue_due(self, lapsing_before: dt.datetime, *, at_most: int) -> int:
        """Queue papers whose evidence lapses before a moment or is not known yet; answers how many."""
        parameters = {
            "stage": Stage.RENEWAL,
            "state": State.DA_LUU,
            "lapsing_before": lapsing_before,
            "at_most": at_most,
        }
        with self._database.transaction() as transaction:
            rows = transaction.execute(_DUE, parameters).fetchall()
            for row in rows:
                defer_stage(transaction, row["paper_id"], Stage.RENEWAL)
        return len(rows)

    def journals_to_leave(self, lapsing_before: dt.datetime) -> Sequence[str]:
        """Names of kept journals whose evidence holds long enough, or that a renewed one has replaced."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT name FROM journal_evidence WHERE lapses_at IS NULL OR lapses_at >= %s", (lapsing_before,)
            ).fetchall()
        return [row["name"] for row in rows]

    def note_journal(self, name: str, lapses_at: dt.datetime | None) -> None:
        """Until when a journal's evidence holds; None: a renewed one has replaced it."""
        with self._database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO journal_evidence (name, lapses_at) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET lapses_at = EXCLUDED.lapses_at",
                (name, lapses_at),
            )
