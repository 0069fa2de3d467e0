"""Calls that were refused before an operation began: sign-ins that failed, too many calls, messages nobody reads."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from connector.domain.errors import SohoaError

_log = logging.getLogger(__name__)
UNKNOWN = "-"


@dataclass(frozen=True)
class Refusal:
    """Who was refused what and how; ``actor`` is a client of ours or UNKNOWN, never what a stranger typed."""

    actor: str
    operation: str
    origin: str  # the caller's address
    result: str


class AuditRow(Protocol):
    """Writes one row of the audit chain."""

    def __call__(self, *, actor: str, operation: str, subject: str, purpose: str | None, result: str) -> None: ...


class Refusals:
    """Audits and logs refused calls, without letting a stranger fill the disk or wait for the database.

    Of each window of ``seconds`` the first ``most`` different refusals get a row at once; what repeats them, and
    what is over, is counted, and the counts get a row each when the window ends.
    """

    def __init__(self, audit: AuditRow, *, seconds: float = 300.0, most: int = 20) -> None:
        self._audit = audit
        self._seconds = seconds
        self._most = most
        self._lock = threading.Lock()
        self._window: threading.Timer | None = None
        self._seen: set[Refusal] = set()
        self._more: Counter[Refusal] = Counter()
        self._writer = ThreadPoolExecutor(1, "soap-refusals")

    def note(self, refusal: Refusal) -> None:
        """Never blocks."""
        with self._lock:
            self._begin_window()
            if refusal in self._seen:
                self._more[refusal] += 1
            elif len(self._seen) < self._most:
                self._seen.add(refusal)
                self._writer.submit(self._write, refusal)
            else:
                self._more[Refusal(UNKNOWN, UNKNOWN, UNKNOWN, refusal.result)] += 1

    def end_window(self) -> None:
        """Write what was only counted, and begin anew."""
        with self._lock:
            if self._window is not None:
                self._window.cancel()
            for refusal, number in self._more.items():
                self._writer.submit(self._write, replace(refusal, result=f"{refusal.result} +{number}"))
            self._window = None
            self._seen.clear()
            self._more.clear()

    def close(self) -> None:
        """Write everything that is left; nothing may be noted afterwards."""
        self.end_window()
        self._writer.shutdown()

    def _begin_window(self) -> None:
        if self._window is None:
            self._window = threading.Timer(self._seconds, self.end_window)
            self._window.daemon = True
            self._window.start()

    def _write(self, refusal: Refusal) -> None:
        _log.warning("%s of %s from %s: %s", refusal.operation, refusal.actor, refusal.origin, refusal.result)
        try:
            self._audit(
                actor=refusal.actor,
                operation=refusal.operation,
                subject=f"from {refusal.origin}",
                purpose=None,
                result=refusal.result,
            )
        except SohoaError as error:
            _log.error("a refused call is not in the audit chain: %s", error)
