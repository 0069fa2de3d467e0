"""The Procrastinate app: one task, one queue for each stage, one worker for each process."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence
from uuid import UUID

import procrastinate
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from connector.domain.errors import SohoaError
from connector.domain.states import STAGE_TASK, Stage
from connector.queue.retry import Retry, decide

log = logging.getLogger(__name__)

MAINTENANCE = "maintenance"
_HEARTBEAT_SECONDS = 10
_STALLED_SECONDS = 40

# paper, stage, attempt (from 1) -> the work; raises only transient errors
Handler = Callable[[UUID, Stage, int], None]
# paper, stage, error -> tell the register and the ECM that a person has to look
OnFailure = Callable[[UUID, Stage, Exception, str], None]


class _Waiting(BaseRetryStrategy):
    """Our decision in Procrastinate's words."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, Exception):
            return None
        decision = decide(job.attempts + 1, exception)
        return RetryDecision(retry_in={"seconds": decision.seconds}) if isinstance(decision, Retry) else None


def create_app(dsn: str, handler: Handler, on_failure: OnFailure) -> procrastinate.App:
    """The app over ``dsn`` whose only task calls ``handler`` in a thread."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=4))

    @app.task(name=STAGE_TASK, retry=_Waiting(), pass_context=True)
    async def run_stage(context: procrastinate.JobContext, paper_id: str, stage: str) -> None:
        attempt = context.job.attempts + 1
        await asyncio.to_thread(_carry_out, handler, on_failure, UUID(paper_id), Stage(stage), attempt)

    @app.periodic(cron="* * * * * */20")
    @app.task(name="sohoa.resume_stalled", queue=MAINTENANCE, queueing_lock="resume_stalled", pass_context=True)
    async def resume_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        """The jobs of a worker that died without a word start again."""
        stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS)
        for job in stalled:
            log.warning("job %s of a dead worker starts again", job.id)
            await app.job_manager.retry_job(job)

    return app


def _carry_out(handler: Handler, on_failure: OnFailure, paper_id: UUID, stage: Stage, attempt: int) -> None:
    try:
        handler(paper_id, stage, attempt)
    except Exception as error:
        if isinstance(decide(attempt, error), Retry):
            log.info("paper %s: %s waits after attempt %d", paper_id, stage, attempt)
            raise
        incident = uuid.uuid4().hex[:8]
        kind = error.code if isinstance(error, SohoaError) else _place_of(error)
        log.error("paper %s: %s gave up, incident %s: %s", paper_id, stage, incident, kind)
        on_failure(paper_id, stage, error, incident)


def _place_of(error: Exception) -> str:
    """Type and place of an unexpected error; its message may hold personal data and stays out of the log."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"


def run_worker(dsn: str, handler: Handler, on_failure: OnFailure, *, stages: Sequence[Stage]) -> None:
    """Work until SIGINT or SIGTERM; the running stage is finished first."""
    app = create_app(dsn, handler, on_failure)
    asyncio.run(_work(app, [str(stage) for stage in stages]))


async def _work(app: procrastinate.App, queues: Sequence[str]) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=[*queues, MAINTENANCE],
            concurrency=1,
            install_signal_handlers=True,
            listen_notify=True,
            fetch_job_polling_interval=5.0,
            update_heartbeat_interval=_HEARTBEAT_SECONDS,
            stalled_worker_timeout=_STALLED_SECONDS,
            delete_jobs="successful",
        )
