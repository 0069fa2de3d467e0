"""Who has looked at which paper."""

from __future__ import annotations

from uuid import UUID

from connector.registry.audit import AuditChain
from connector.registry.connection import Database


class ViewBook:
    """Rows of the audit chain about papers that people opened on our pages."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def note(self, paper_id: UUID, login: str) -> None:
        """One view of one paper by one ECM login."""
        with self._database.transaction() as transaction:
            self._chain.append(transaction, actor=login, operation="view", subject=str(paper_id), result="shown")
