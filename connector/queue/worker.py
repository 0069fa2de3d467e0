"""The Procrastinate app: one task, one queue for each stage, one job at a time in each process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from connector.domain.errors import DatabaseUnavailable, SohoaError, StaleState
from connector.domain.states import STAGE_TASK, Stage
from connector.queue.retry import Retry, decide
from connector.queue.stalled import StalledSweep

log = logging.getLogger(__name__)

# paper, stage, attempt (from 1) -> the work; raises what the retry decision is made from
Handler = Callable[[UUID, Stage, int], None]
# paper, stage, error, incident number -> tell the register and the ECM that a person has to look
OnFailure = Callable[[UUID, Stage, Exception, str], None]


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """How the workers watch each other, in seconds: silent for ``stalled`` means dead."""

    heartbeat: float = 10.0
    stalled: float = 40.0
    # only for workers that serve some of the stages: the others are woken or go on by themselves
    polling: float = 2.0


class _Again(Exception):
    """Tells Procrastinate to try again; it carries no text, because Procrastinate logs it."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class _Abandoned(Exception):
    """Neither the stage nor its failure could be recorded: the job stays as failed."""


class _Waiting(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return RetryDecision(retry_in={"seconds": exception.seconds}) if isinstance(exception, _Again) else None


def create_app(connector: procrastinate.PsycopgConnector, handler: Handler, on_failure: OnFailure) -> procrastinate.App:
    """The app whose only task calls ``handler`` in a thread."""
    app = procrastinate.App(connector=connector)

    @app.task(name=STAGE_TASK, retry=_Waiting(), pass_context=True)
    async def run_stage(context: procrastinate.JobContext, paper_id: str, stage: str) -> None:
        attempt = context.job.attempts + 1
        await asyncio.to_thread(_carry_out, handler, on_failure, UUID(paper_id), Stage(stage), attempt)

    return app


def _carry_out(handler: Handler, on_failure: OnFailure, paper_id: UUID, stage: Stage, attempt: int) -> None:
    try:
        handler(paper_id, stage, attempt)
    except StaleState:
        log.info("paper %s: %s was done by another worker", paper_id, stage)
    except Exception as error:
        _judge(error, on_failure, paper_id, stage, attempt)


def _judge(error: Exception, on_failure: OnFailure, paper_id: UUID, stage: Stage, attempt: int) -> None:
    """Wait for the next attempt, or hand the paper to a person."""
    decision = decide(attempt, error)
    if isinstance(decision, Retry):
        log.info("paper %s: %s waits %d s after attempt %d", paper_id, stage, decision.seconds, attempt)
        raise _Again(decision.seconds) from None
    incident = uuid.uuid4().hex[:8]
    log.error("paper %s: %s gave up, incident %s: %s", paper_id, stage, incident, _name_of(error))
    try:
        on_failure(paper_id, stage, error, incident)
    except StaleState:
        log.info("paper %s has moved on meanwhile", paper_id)
    except Exception as second:
        following = decide(attempt, second)
        log.error("incident %s could not be recorded: %s", incident, _name_of(second))
        raise (_Again(following.seconds) if isinstance(following, Retry) else _Abandoned) from None


def _name_of(error: Exception) -> str:
    """Code, or type and place; an unexpected error's message may hold personal data and stays out of the log."""
    if isinstance(error, SohoaError):
        return error.code
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"


def run_worker(
    dsn: str,
    handler: Handler,
    on_failure: OnFailure,
    *,
    stages: Sequence[Stage],
    stop: threading.Event | None = None,
    pulse: Pulse | None = None,
) -> None:
    """Work until ``stop`` is set (without one: until SIGINT or SIGTERM); the running stage is finished first.

    Raises DatabaseUnavailable when the database is away.
    """
    connector = procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=3)
    app, sweep = create_app(connector, handler, on_failure), StalledSweep(connector, on_failure)
    try:
        asyncio.run(_work(app, sweep, [str(stage) for stage in stages], stop, pulse or Pulse()))
    except ConnectorException as error:
        raise DatabaseUnavailable(type(error).__name__) from error


async def _work(
    app: procrastinate.App,
    sweep: StalledSweep,
    queues: Sequence[str],
    stop: threading.Event | None,
    pulse: Pulse,
) -> None:
    async with app.open_async():
        sweeping = asyncio.create_task(sweep.run(pulse.heartbeat, pulse.stalled))
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=list(queues),
                concurrency=1,
                install_signal_handlers=stop is None,
                listen_notify=True,
                fetch_job_polling_interval=pulse.polling,
                update_heartbeat_interval=pulse.heartbeat,
                stalled_worker_timeout=pulse.stalled,
                delete_jobs="successful",
            )
        )
        try:
            await _until_stopped(worker, stop)
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping


async def _until_stopped(worker: asyncio.Task[None], stop: threading.Event | None) -> None:
    while stop is not None and not worker.done() and not stop.is_set():
        await asyncio.wait([worker], timeout=0.1)
    if stop is not None and not worker.done():
        worker.cancel()  # for Procrastinate this means: finish what runs, fetch nothing more
    with contextlib.suppress(asyncio.CancelledError):
        await worker
