"""One call of an operation, from valid request to answer, with its row in the audit chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.domain.errors import SohoaError
from connector.soap.faults import Fault, as_fault
from connector.soap.lookup import subject_of
from connector.soap.operations import OPERATIONS, Answer, Backing
from connector.soap.rights import check_allowed
from connector.soap.security import Client

_UNTOLD = "Ping"  # reads nothing: not worth a row


class KhoService:
    """Runs operations; ``keyed_hash`` hides codes and owners in the audit chain."""

    def __init__(self, backing: Backing, *, keyed_hash: Callable[[str], str]) -> None:
        self._backing = backing
        self._keyed_hash = keyed_hash

    def answer(self, operation: str, request: Any, client: Client) -> Answer:
        """Blocks. Raises Fault, and SohoaError where no fault stands for it; both are audited first.

        The row is written before anything is handed out: no row, no answer.
        """
        subject = subject_of(request, self._keyed_hash)
        try:
            check_allowed(client, operation)
            answer = OPERATIONS[operation](request, client, self._backing)
        except SohoaError as error:
            fault = as_fault(error)
            self._note(operation, request, client, subject=subject, result=fault.name if fault else "Error")
            raise fault or error from error
        except Fault as fault:
            self._note(operation, request, client, subject=subject, result=fault.name)
            raise
        self._note(operation, request, client, subject=answer.subject or subject, result="OK")
        return answer

    def note_unfinished(self, operation: str, request: Any, client: Client, answer: Answer, *, result: str) -> None:
        """A second row for content that was promised and did not arrive whole."""
        self._note(operation, request, client, subject=answer.subject or "-", result=result)

    def _note(self, operation: str, request: Any, client: Client, *, subject: str, result: str) -> None:
        if operation == _UNTOLD:
            return
        purpose = getattr(request, "MucDich", None)
        self._backing.papers.audit(
            actor=client.name, operation=operation, subject=subject, purpose=purpose, result=str(result)
        )
