"""Jobs of workers that died without a word: found by their silence, started again, given up after some deaths."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import procrastinate
import psycopg
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout

from connector.domain.errors import SohoaError, StaleState
from connector.domain.states import STAGE_TASK, Stage

log = logging.getLogger(__name__)

# a file that kills whoever reads it must not do so for ever
MOST_DEATHS = 3

# a worker that is sweeping at the same time skips the rows that we hold
_COUNT_DEATHS = """
WITH stalled AS (
    SELECT job.id, job.args, job.task_name FROM procrastinate_jobs job
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers worker WHERE worker.id = job.worker_id
            AND worker.last_heartbeat >= now() - make_interval(secs => %(silence)s))
    FOR UPDATE OF job SKIP LOCKED
), counted AS (
    INSERT INTO worker_death (job_id, deaths) SELECT id, 1 FROM stalled
    ON CONFLICT (job_id) DO UPDATE SET deaths = worker_death.deaths + 1 RETURNING job_id, deaths
)
SELECT stalled.id, stalled.args, stalled.task_name, counted.deaths
FROM stalled JOIN counted ON counted.job_id = stalled.id
"""
_START_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_GIVE_UP = (
    "SELECT procrastinate_finish_job_v1(%s, 'failed', false) FROM procrastinate_jobs WHERE id = %s AND status = 'doing'"
)
_FORGET = "DELETE FROM worker_death WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE id = job_id)"


class StalledSweep:
    """Every worker looks after the others."""

    def __init__(
        self,
        connector: procrastinate.PsycopgConnector,
        on_failure: Callable[[UUID, Stage, Exception, str], None],
    ) -> None:
        self._connector = connector
        self._on_failure = on_failure

    async def run(self, interval: float, silence: float) -> None:
        """Sweep every ``interval`` seconds for workers that were silent for ``silence`` seconds."""
        while True:
            try:
                for job in await self._start_again(silence):
                    await self._give_up(job)
            except (psycopg.Error, PoolTimeout, SohoaError) as error:
                log.warning("the sweep for dead workers waits: %s", type(error).__name__)
            await asyncio.sleep(interval)

    async def _start_again(self, silence: float) -> Sequence[Mapping[str, Any]]:
        """Queue the jobs of dead workers again; answers those that have killed too many."""
        exhausted = []
        async with self._connector.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_COUNT_DEATHS, {"silence": silence})
            for job in await cursor.fetchall():
                if job["deaths"] >= MOST_DEATHS and job["task_name"] == STAGE_TASK:
                    exhausted.append(job)
                    continue
                log.warning("job %s of a dead worker starts again", job["id"])
                await cursor.execute(_START_AGAIN, (job["id"],))
            await cursor.execute(_FORGET)
        return exhausted

    async def _give_up(self, job: Mapping[str, Any]) -> None:
        paper_id, stage, incident = UUID(job["args"]["paper_id"]), Stage(job["args"]["stage"]), uuid.uuid4().hex[:8]
        log.error("paper %s: %s killed its worker %d times, incident %s", paper_id, stage, job["deaths"], incident)
        error = SohoaError(f"{stage} killed its worker")
        try:
            await asyncio.to_thread(self._on_failure, paper_id, stage, error, incident)
        except StaleState:
            log.info("paper %s has moved on meanwhile", paper_id)
        async with self._connector.pool.connection() as connection:
            await connection.execute(_GIVE_UP, (job["id"], job["id"]))
