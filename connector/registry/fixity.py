"""When each stored paper was last hashed and verified, and with which verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from connector.domain.fixity import CheckedPaper
from connector.registry.audit import AuditChain
from connector.registry.connection import Database

_COUNTS = """SELECT count(*) AS papers,
    count(*) FILTER (WHERE coalesce(checked_at, published_at) < now() - make_interval(days => %(days)s)) AS overdue
FROM published_paper LEFT JOIN fixity_check USING (paper_id) WHERE latest AND repository_id = %(repository)s"""
_DUE = """SELECT paper_id FROM published_paper LEFT JOIN fixity_check USING (paper_id)
WHERE latest AND repository_id = %(repository)s
ORDER BY checked_at NULLS FIRST, first_position LIMIT %(share)s"""
_KEEP = """INSERT INTO fixity_check (paper_id, checked_at, damage) VALUES (%(paper_id)s, now(), %(damage)s)
ON CONFLICT (paper_id) DO UPDATE SET checked_at = now(), damage = EXCLUDED.damage"""
_CLAIM = """INSERT INTO daily_duty (duty, day) VALUES (%(duty)s, %(day)s)
ON CONFLICT (duty) DO UPDATE SET day = EXCLUDED.day WHERE daily_duty.day < EXCLUDED.day RETURNING day"""


class FixityBook:
    """The port ``FixityRegister`` over PostgreSQL; each method is one transaction."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def due(self, repository_id: str, *, days: int) -> Sequence[UUID]:
        """An equal part each day; after days without a check twice as many, until nothing is overdue."""
        parameters: dict[str, object] = {"repository": repository_id, "days": days}
        with self._database.transaction() as transaction:
            counts = transaction.execute(_COUNTS, parameters).fetchone()
            assert counts is not None
            share = -(-counts["papers"] // days)
            rows = transaction.execute(
                _DUE, {**parameters, "share": share * 2 if counts["overdue"] > share else share}
            ).fetchall()
        return [row["paper_id"] for row in rows]

    def stored_series(self, repository_id: str) -> dict[str, UUID]:
        """The version series of every stored paper."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT version_series_id, paper_id FROM paper JOIN published_paper USING (paper_id) "
                "WHERE latest AND paper.repository_id = %s",
                (repository_id,),
            ).fetchall()
        return {row["version_series_id"]: row["paper_id"] for row in rows}

    def note(self, checked: CheckedPaper) -> bool:
        """Keep a verdict; a change of it is audited and is news."""
        with self._database.transaction() as transaction:
            before = transaction.execute(
                "SELECT damage FROM fixity_check WHERE paper_id = %s FOR UPDATE", (checked.paper_id,)
            ).fetchone()
            transaction.execute(_KEEP, {"paper_id": checked.paper_id, "damage": checked.damage})
            is_news = (before["damage"] if before else None) != checked.damage
            if is_news:
                told = f"{checked.damage} {checked.file}" if checked.damage else "whole again"
                self._chain.append(
                    transaction, actor="sohoa", operation="fixity", subject=str(checked.paper_id), result=told
                )
        return is_news

    def claim_day(self, duty: str, day: dt.date) -> bool:
        """Whether the caller is the first to take up this day's duty; a second process leaves it alone."""
        with self._database.transaction() as transaction:
            return transaction.execute(_CLAIM, {"duty": duty, "day": day}).fetchone() is not None
