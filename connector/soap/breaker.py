"""Not waiting again for whom we waited in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from connector.domain.errors import PortalUnavailable


class Breaker:
    """Opens after ``failures`` in a row, and lets one call through every ``seconds`` to see whether it is over."""

    def __init__(
        self, *, failures: int = 3, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._pause = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._try_at = 0.0

    def check(self) -> None:
        """Raises PortalUnavailable at once while the other side is believed to be away."""
        with self._lock:
            if self._failed < self._most:
                return
            now = self._clock()
            if now < self._try_at:
                raise PortalUnavailable("it did not answer a moment ago")
            self._try_at = now + self._pause

    def failed(self) -> None:
        """It did not answer."""
        with self._lock:
            self._failed += 1
            self._try_at = self._clock() + self._pause

    def answered(self) -> None:
        """It did, if only to refuse."""
        with self._lock:
            self._failed = 0
