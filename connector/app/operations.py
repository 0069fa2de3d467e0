"""What an administrator asks of a running installation."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from connector.app.books import books
from connector.settings import Settings


def count_by_state(settings: Settings) -> Mapping[str, int]:
    """How many papers are in each state."""
    with books(settings) as opened:
        return opened.papers.count_by_state()


def retry(settings: Settings, paper_id: UUID) -> None:
    """Take up a failed paper again. Raises ObjectNotFound, StaleState when it is not in LOI."""
    with books(settings) as opened:
        opened.papers.resume(opened.papers.paper(paper_id), actor="sohoa retry")


def verify_audit(settings: Settings) -> str | None:
    """The first place where the audit chain is broken; None when it is intact."""
    with books(settings) as opened:
        return opened.chain.finding()
