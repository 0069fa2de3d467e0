"""Queueing the next stage in the caller's own transaction."""

from __future__ import annotations

from uuid import UUID

from psycopg.types.json import Jsonb

from connector.domain.states import STAGE_TASK, Stage
from connector.registry.connection import Transaction

# Procrastinate's own queueing lock is not used: it is a unique index over waiting jobs, and a job that failed and
# has to wait again would break it when the same stage was queued meanwhile.
_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%(queue)s, %(task)s, 0, %(lock)s, NULL, %(args)s, NULL)
    ::procrastinate_job_to_defer_v1])
WHERE NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs WHERE lock = %(lock)s AND queue_name = %(queue)s AND status = 'todo'
)
"""
_CANCEL = (
    "SELECT procrastinate_cancel_job_v1(id, false, true) FROM procrastinate_jobs WHERE lock = %s AND status = 'todo'"
)


def defer_stage(transaction: Transaction, paper_id: UUID, stage: Stage) -> None:
    """Queue one stage of one paper, unless it waits already.

    The lock keeps two stages of one paper from running at once.
    """
    # two callers at once: the second waits here and then sees the first one's job
    transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{paper_id}:{stage}",))
    transaction.execute(
        _DEFER,
        {
            "queue": str(stage),
            "task": STAGE_TASK,
            "lock": str(paper_id),
            "args": Jsonb({"paper_id": str(paper_id), "stage": str(stage)}),
        },
    )


def cancel_waiting(transaction: Transaction, paper_id: UUID) -> None:
    """Take the paper's waiting jobs out of the queue; one that runs finds its state changed."""
    transaction.execute(_CANCEL, (str(paper_id),))
