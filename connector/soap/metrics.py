"""Figures for Prometheus: calls, how long they take, bytes handed out."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class Metrics:
    """Counts in memory; labels hold names of operations and outcomes, never of people, papers or clients."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._timed = 0
        self._content_bytes = 0
        self._open = 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Measure a call up to the first byte of its answer."""
        started = time.perf_counter()
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            with self._lock:
                self._open -= 1
                self._seconds += seconds
                self._timed += 1
                self._buckets.update(bound for bound in _BUCKETS if seconds <= bound)

    def ended(self, operation: str, outcome: str) -> None:
        """A call's operation and how it ended: OK, a fault's name, or Incident."""
        with self._lock:
            self._calls[operation, outcome] += 1

    def sent(self, size: int) -> None:
        """Bytes of content on their way."""
        with self._lock:
            self._content_bytes += size

    def text(self, dependencies: Mapping[str, bool]) -> str:
        """The exposition format, version 0.0.4."""
        with self._lock:
            calls, buckets = dict(self._calls), dict(self._buckets)
            seconds, total = self._seconds, self._timed
            sent, open_calls = self._content_bytes, self._open
        lines = [
            "# HELP sohoa_soap_calls_total Calls by operation and outcome.",
            "# TYPE sohoa_soap_calls_total counter",
            *(f'sohoa_soap_calls_total{{operation="{o}",outcome="{r}"}} {n}' for (o, r), n in sorted(calls.items())),
            "# HELP sohoa_soap_call_seconds Time to the first byte of an answer.",
            "# TYPE sohoa_soap_call_seconds histogram",
            *(f'sohoa_soap_call_seconds_bucket{{le="{bound}"}} {buckets.get(bound, 0)}' for bound in _BUCKETS),
            f'sohoa_soap_call_seconds_bucket{{le="+Inf"}} {total}',
            f"sohoa_soap_call_seconds_sum {seconds:.6f}",
            f"sohoa_soap_call_seconds_count {total}",
            "# HELP sohoa_soap_content_bytes_total Bytes of papers handed out.",
            "# TYPE sohoa_soap_content_bytes_total counter",
            f"sohoa_soap_content_bytes_total {sent}",
            "# HELP sohoa_soap_open_calls Calls that are being answered.",
            "# TYPE sohoa_soap_open_calls gauge",
            f"sohoa_soap_open_calls {open_calls}",
            "# HELP sohoa_dependency_up Whether a dependency answers.",
            "# TYPE sohoa_dependency_up gauge",
            *(f'sohoa_dependency_up{{name="{name}"}} {int(up)}' for name, up in sorted(dependencies.items())),
        ]
        return "\n".join(lines) + "\n"
