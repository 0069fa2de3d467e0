"""How often a client may call."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from connector.soap.faults import Fault, FaultName
from connector.soap.security import Client

# client, calls a minute, calls wanted -> calls granted, calls left in the bucket
TakeCalls = Callable[[str, int, int], tuple[int, float]]

# A second's worth of calls is taken at once: a busy client costs one question a second, not one a call.
_LEASES_A_MINUTE = 60
_LEASE_SECONDS = 2.0


class Rates:
    """Counts calls against a bucket that all processes share: a minute's worth, refilled steadily."""

    def __init__(self, take_calls: TakeCalls, clock: Callable[[], float] = time.monotonic) -> None:
        self._take_calls = take_calls
        self._clock = clock
        self._lock = threading.Lock()
        self._leases: dict[str, tuple[int, float]] = {}  # calls left of those taken, and until when

    def take(self, client: Client) -> None:
        """Count a call; blocks at most once a second and client. Raises Fault that says how long to wait."""
        limit = client.calls_per_minute
        if limit is None or self._has_leased(client.name):
            return
        granted, left = self._take_calls(client.name, limit, max(1, limit // _LEASES_A_MINUTE))
        if granted < 1:
            raise Fault(FaultName.TOO_MANY_REQUESTS, retry_after=max(1, math.ceil((1 - left) * 60 / limit)))
        with self._lock:
            self._leases[client.name] = (granted - 1, self._clock() + _LEASE_SECONDS)

    def _has_leased(self, name: str) -> bool:
        with self._lock:
            calls, until = self._leases.get(name, (0, 0.0))
            if calls < 1 or self._clock() > until:
                return False
            self._leases[name] = (calls - 1, until)
            return True
