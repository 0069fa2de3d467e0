"""What an administrator asks of a running installation."""

from __future__ import annotations

from collections.abc import Mapping

from connector.app.books import books
from connector.settings import Settings


def count_by_state(settings: Settings) -> Mapping[str, int]:
    """How many papers are in each state."""
    with books(settings) as opened:
        return opened.papers.count_by_state()


def verify_audit(settings: Settings) -> str | None:
    """The first place where the audit chain is broken; None when it is intact."""
    with books(settings) as opened:
        return opened.chain.finding()
