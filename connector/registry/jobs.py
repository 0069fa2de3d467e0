"""Queueing the next stage in the caller's own transaction."""

from __future__ import annotations

from uuid import UUID

from psycopg.types.json import Jsonb

from connector.domain.states import STAGE_TASK, Stage
from connector.registry.connection import Transaction

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%(queue)s, %(task)s, 0, %(lock)s, %(queueing_lock)s, %(args)s, NULL)
    ::procrastinate_job_to_defer_v1])
WHERE NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %(queueing_lock)s AND status = 'todo'
)
"""


def defer_stage(transaction: Transaction, paper_id: UUID, stage: Stage) -> None:
    """Queue one stage of one paper, unless it waits already.

    The lock keeps two stages of one paper from running at once.
    """
    queueing_lock = f"{paper_id}:{stage}"
    # two callers at once: the second waits here and then sees the first one's job
    transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (queueing_lock,))
    transaction.execute(
        _DEFER,
        {
            "queue": str(stage),
            "task": STAGE_TASK,
            "lock": str(paper_id),
            "queueing_lock": queueing_lock,
            "args": Jsonb({"paper_id": str(paper_id), "stage": str(stage)}),
        },
    )
