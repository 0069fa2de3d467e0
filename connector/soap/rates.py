"""How often a client may call."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from connector.soap.faults import Fault, FaultName
from connector.soap.security import Client


class Rates:
    """A bucket of calls for each client: a minute's worth, refilled steadily; counted in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}  # calls left, and when that was true

    def take(self, client: Client) -> None:
        """Count a call. Raises Fault that says how long to wait."""
        limit = client.calls_per_minute
        if limit is None:
            return
        with self._lock:
            now = self._clock()
            left, since = self._buckets.get(client.name, (float(limit), now))
            left = min(float(limit), left + (now - since) * limit / 60)
            if left < 1:
                raise Fault(FaultName.TOO_MANY_REQUESTS, retry_after=math.ceil((1 - left) * 60 / limit))
            self._buckets[client.name] = (left - 1, now)
