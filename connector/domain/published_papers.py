"""What the services for other systems need of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from connector.domain.publication import Delivery, FeedPage, PublishedPaper, Rights, SearchCriteria, SearchPage
from connector.domain.states import State


class PublishedPapers(Protocol):
    """What the SOAP service reads and records; each method one transaction."""

    def search(self, criteria: SearchCriteria, *, limit: int, page_token: str | None) -> SearchPage: ...

    def published(self, paper_id: UUID, *, version: int | None = None) -> PublishedPaper | None: ...

    def published_by_code(
        self,
        code: str,
        *,
        authority: str | None = None,
        issue_date: dt.date | None = None,
        version: int | None = None,
    ) -> Sequence[PublishedPaper]: ...

    def published_of_owner(self, owner_id: str) -> Sequence[PublishedPaper]: ...

    def state_of(self, paper_id: UUID | None, code: str | None) -> State | None:
        """Where a paper is on its way that is not published (yet); None when there is no such paper."""
        ...

    def changes(self, token: str | None, *, limit: int, rights: Rights) -> FeedPage: ...

    def deliver(self, paper: PublishedPaper, *, client: str, purpose: str, request_id: str | None) -> Delivery: ...

    def acknowledge(self, delivery_or_paper: UUID, *, client: str, sha256: str) -> Delivery | None: ...

    def audit(self, *, actor: str, operation: str, subject: str, purpose: str | None, result: str) -> None:
        """One row of the audit chain; ``subject`` is an opaque id or a keyed hash."""
        ...
