"""The watcher's loop."""

from __future__ import annotations

import logging
import threading

from connector.domain.errors import SohoaError
from connector.pipeline.workplace import Workplace
from connector.watch.attention import attend
from connector.watch.sweep import SweepRules, sweep

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0


def watch(place: Workplace, rules: SweepRules, *, interval: float, stop: threading.Event) -> None:
    """Sweep and attend until ``stop``; ``interval`` seconds between rounds, longer while the ECM is away."""
    pause = interval
    while not stop.is_set():
        try:
            sweep(place, rules)
            attend(place)
            pause = interval
        except SohoaError as error:
            if not error.transient:
                raise
            pause = min(pause * 2, _LONGEST_PAUSE)
            log.warning("watching %s: %s, next try in %.0f s", place.repository.repository_id, error.code, pause)
        stop.wait(pause)
