"""What has to happen now and then, beside the watching: the journal, renewals, the daily care, telling the portal."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from connector.app.care import caring
from connector.app.journal import keep_missing_journals
from connector.app.notifying import telling
from connector.app.renewing import renewing
from connector.domain.errors import SohoaError
from connector.pipeline.workplace import Workplace
from connector.registry.connection import Database
from connector.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Chore:
    """Work that finds out by itself whether there is anything to do; asked every ``seconds``, first after ``delay``."""

    name: str
    seconds: float
    work: Callable[[], object]
    delay: float = 0.0


def chores_of(settings: Settings, opened: Database) -> Sequence[Chore]:
    """What an installation has to do. Safe in several processes at once: the database decides who does it."""
    # a few minutes after midnight in Vietnam is early enough, and what was missed is caught up
    chores = [
        Chore(name="journal", seconds=600.0, work=lambda: keep_missing_journals(settings, opened)),
        Chore(name="renewal", seconds=3600.0, work=renewing(settings, opened)),
    ]
    if settings.notification:
        chores.append(Chore(name="notification", seconds=15.0, work=telling(settings.notification, opened)))
    return chores


def daily_care(settings: Settings, opened: Database, places: Mapping[str, Workplace]) -> Chore:
    """Takes hours where much is stored: it wants a thread of its own, and does not begin when the service starts."""
    return Chore(name="care", seconds=600.0, work=caring(settings, opened, places), delay=600.0)


def do_chores(chores: Sequence[Chore], stop: threading.Event, *, clock: Callable[[], float] = time.monotonic) -> None:
    """Until ``stop``; a chore that fails is asked again in its turn, and keeps no other from its own."""
    due = {chore.name: clock() + chore.delay for chore in chores}
    while chores and not stop.is_set():
        for chore in chores:
            if due[chore.name] > clock() or stop.is_set():
                continue
            try:
                chore.work()
            except SohoaError as error:
                log.warning("%s waits: %s", chore.name, error)
            due[chore.name] = clock() + chore.seconds
        stop.wait(max(0.0, min(due.values()) - clock()))
