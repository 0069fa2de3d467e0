"""What happened on one day: kept outside the database, signed, so that nobody can write the past anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from connector.domain.publication import Delivery


@dataclass(frozen=True, kw_only=True)
class JournalRow:
    """A row of the audit chain; ``subject`` is an opaque id or a keyed hash."""

    position: int
    at: dt.datetime
    actor: str
    operation: str
    subject: str
    purpose: str | None
    result: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Journal:
    """A day in Vietnam: its rows, the chain's head when it ended, and what was handed out or acknowledged."""

    day: dt.date
    head_position: int
    head_hash: str
    rows: Sequence[JournalRow]
    deliveries: Sequence[Delivery]

    @property
    def anchor(self) -> tuple[int, str]:
        """The head, by which a chain that was written anew is found out."""
        return self.head_position, self.head_hash
