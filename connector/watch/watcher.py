"""The watcher's loop."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from connector.domain.errors import ConfigurationError, SohoaError
from connector.domain.metadata import VIETNAM
from connector.domain.paper import Paper
from connector.pipeline.workplace import Workplace
from connector.watch.attention import Attention
from connector.watch.sweep import Sweeper, SweepRules, Swept

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
_NIGHT = dt.time(2, tzinfo=VIETNAM)


def watch(place: Workplace, rules: SweepRules, *, interval: float, stop: threading.Event) -> None:
    """Sweep and attend until ``stop``; ``interval`` seconds between rounds, longer while the ECM is in trouble.

    Every night all documents are met, in a thread of their own so that buttons do not wait. Raises ConfigurationError:
    it would not mend itself.
    """
    sweeper, attention, pause = Sweeper(place, rules), Attention(place), interval
    with _Nightly(sweeper, stop, place.now()) as nightly:
        while not stop.is_set():
            try:
                swept = sweeper.sweep()
                attention.attend((*swept.striking, *nightly.striking(place.now())))
                pause = interval
            except ConfigurationError:
                raise
            except SohoaError as error:
                pause = min(pause * 2, _LONGEST_PAUSE)
                log.warning("watching %s: %s, next try in %.0f s", place.repository.repository_id, error.code, pause)
            stop.wait(pause)


class _Nightly:
    """Reconciliation, once a night."""

    def __init__(self, sweeper: Sweeper, stop: threading.Event, now: dt.datetime) -> None:
        self._sweeper = sweeper
        self._stop = stop
        self._due = next_night(now)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reconcile")
        self._running: Future[Swept] | None = None

    def __enter__(self) -> _Nightly:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.shutdown()

    def striking(self, now: dt.datetime) -> tuple[Paper, ...]:
        """The papers that the last night's reconciliation says to look at, once."""
        if now >= self._due:
            self._due = next_night(now)
            self._running = self._running or self._thread.submit(self._sweeper.reconcile, self._stop)
        if self._running is None or not self._running.done():
            return ()
        finished, self._running = self._running, None
        try:
            return finished.result().striking
        except SohoaError as error:
            log.warning("reconciliation broke off: %s", error.code)
            return ()


def next_night(now: dt.datetime) -> dt.datetime:
    """The next two o'clock in the morning in Vietnam."""
    tonight = dt.datetime.combine(now.astimezone(VIETNAM).date(), _NIGHT)
    return tonight if now < tonight else tonight + dt.timedelta(days=1)
