"""What signed files in the repository give back after the database was lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from connector.domain.journal import Journal
from connector.domain.metadata import LegalStatus
from connector.domain.paper import Dossier, Paper
from connector.domain.publication import PublishedPaper, Record
from connector.domain.signatures import Level
from connector.domain.states import Stage


@dataclass(frozen=True, kw_only=True)
class ProvenRecord:
    """What the agency's signature on a metadata XML vouches for, when it was made, and the signature's level."""

    record: Record
    signed_at: dt.datetime
    level: Level


class Proof(Protocol):
    """The only judge of what is believed (signing): files whose agency signature holds, and nothing else.

    Both readers raise SignatureInvalid where the agency's signature is missing or does not hold, UnreadableFile for
    another kind of file.
    """

    def record_in(self, file: Path) -> ProvenRecord:
        """The record in a signed metadata XML."""
        ...

    def journal_in(self, file: Path) -> Journal:
        """The journal of a day."""
        ...

    def level_of_pair(self, metadata: Path, document: Path) -> Level | None:
        """The level of the agency's signature on a PDF that signed metadata speaks of; None where they do not belong
        together, or a signature of either does not hold.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class RestoredPaper:
    """A stored paper as its signed files prove it: every version that was published, the oldest first.

    ``is_published`` is False where a person has to say first whether it is still in force.
    """

    dossier: Dossier
    paper: Paper
    versions: Sequence[PublishedPaper]
    results: Mapping[Stage, Mapping[str, object]]
    is_published: bool = True


@dataclass(frozen=True, kw_only=True)
class Disbelief:
    """Something in the repository that no signature proves; ``subject`` is an opaque id or an object id."""

    subject: str
    reason: str


class Restorer(Protocol):
    """The empty register that is filled again; each method is one transaction."""

    def proven_status(self, paper_id: UUID) -> LegalStatus:
        """Whether the signed journals say that a paper was withdrawn or replaced."""
        ...

    def restore(self, restored: RestoredPaper) -> bool:
        """Register a paper with its codes and put its versions into the feed; False when it is there already."""
        ...
