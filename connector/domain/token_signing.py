"""Signatures that a person makes with the token on their desk: what is asked, and what is answered.

The worker prepares everything but the signature and parks the job; whoever holds the token signs a batch later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from connector.domain.states import Stage


class SignedKind(StrEnum):
    """What is signed: a revision of a PDF, or metadata."""

    PDF = "pdf"
    XML = "xml"


@dataclass(frozen=True, kw_only=True)
class SigningTask:
    """For which step of which paper a signature is asked; ``title`` is what the person reads."""

    paper_id: UUID
    stage: Stage
    title: str


@dataclass(frozen=True, kw_only=True)
class PreparedSignature:
    """Everything of a signature but its value.

    ``fingerprint`` tells what is signed and with whose certificate. ``content`` is what follows the source's bytes
    (PDF) or the whole document (XML), with room for the signature: in a PDF between the two offsets of ``gap``.
    ``to_be_signed`` is what the key signs, with SHA-256. ``preview`` is a picture of page 1 (JPEG), or the XML.
    """

    identity: str
    kind: SignedKind
    fingerprint: str
    content: bytes
    to_be_signed: bytes
    preview: bytes
    gap: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class TokenRequest:
    """One signature that is waited for, as its signer's desk sees it."""

    request_id: UUID
    paper_id: UUID
    kind: SignedKind
    title: str
    to_be_signed: bytes


@dataclass(frozen=True, kw_only=True)
class TokenBatch:
    """What one identity has to sign; ``working`` is how much more is being prepared or completed."""

    requests: Sequence[TokenRequest]
    working: int


class TokenRequests(Protocol):
    """Parked signatures as the worker sees them; each method one transaction."""

    def answer(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> tuple[PreparedSignature, bytes] | None:
        """The prepared signature of this very content with its value, once it was made; None before."""
        ...

    def ask(self, task: SigningTask, prepared: PreparedSignature) -> None:
        """Park a prepared signature in the place of an earlier one that is of no use any more."""
        ...

    def is_asked(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> bool:
        """Whether this very content waits for its signature already."""
        ...
