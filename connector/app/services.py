"""The long-running duties: watching, working, serving."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from connector.app.books import books_in, database
from connector.app.chores import chores_of, daily_care, do_chores
from connector.app.wiring import workplaces
from connector.domain.errors import SohoaError
from connector.domain.states import Stage
from connector.pipeline.runner import fail, run_stage
from connector.pipeline.workplace import Workplace
from connector.queue.worker import run_worker
from connector.registry.connection import Database
from connector.registry.token_requests import TokenRequestRegister
from connector.settings import Settings
from connector.watch.sweep import SweepRules
from connector.watch.watcher import watch as watch_repository


def watch(settings: Settings, stop: threading.Event) -> None:
    """Watch every repository until ``stop``, each in a thread of its own, and do the chores of the installation."""
    rules = SweepRules(
        overlap=dt.timedelta(seconds=settings.watch.overlap_seconds),
        settle=dt.timedelta(seconds=settings.watch.settle_seconds),
    )
    with database(settings) as dsn, Database(dsn, size=len(settings.repositories) + 4) as opened:
        places = workplaces(settings, books_in(opened, settings).papers)
        failures: list[BaseException] = []

        def keep(duty: Callable[[], None]) -> None:
            try:
                duty()
            except BaseException as error:
                failures.append(error)
                stop.set()

        def watcher_of(place: Workplace) -> Callable[[], None]:
            return lambda: watch_repository(place, rules, interval=settings.watch.interval_seconds, stop=stop)

        duties = {f"watch-{name}": watcher_of(place) for name, place in places.items()}
        duties["care"] = partial(do_chores, [daily_care(settings, opened, places)], stop)
        duties["chores"] = partial(do_chores, chores_of(settings, opened), stop)
        threads = [threading.Thread(target=keep, args=(duty,), name=name) for name, duty in duties.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]


def work(settings: Settings, stages: Sequence[Stage]) -> None:
    """Carry out queued stages until SIGINT or SIGTERM."""
    with database(settings) as dsn, Database(dsn) as opened:
        found = books_in(opened, settings)
        papers = found.papers
        places = workplaces(settings, papers, TokenRequestRegister(opened, found.chain))

        def carry_out(paper_id: UUID, stage: Stage, attempt: int) -> None:
            run_stage(paper_id, stage, places[papers.paper(paper_id).repository_id])

        def hand_to_person(paper_id: UUID, stage: Stage, error: Exception, incident: str) -> None:
            paper = papers.paper(paper_id)
            fail(paper, stage, _as_ours(error, incident), places[paper.repository_id])

        run_worker(dsn, carry_out, hand_to_person, stages=stages)


def _as_ours(error: Exception, incident: str) -> SohoaError:
    """An unexpected error's text may hold personal data: people get the incident's number only."""
    if isinstance(error, SohoaError):
        return error
    sentence = f"Có lỗi ngoài dự kiến (sự cố {incident}); báo quản trị hệ thống, sau đó chọn THU_LAI."
    return SohoaError(f"incident {incident}", sentence=sentence)
