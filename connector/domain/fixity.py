"""Whether the repository still holds what was signed and stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Damage(StrEnum):
    """What can happen to a stored paper behind our back."""

    MISSING = "missing"  # a file is not there any more
    CHANGED = "changed"  # its bytes are others
    SIGNATURE = "signature"  # its bytes are the same, but a signature does not hold (any more)


@dataclass(frozen=True, kw_only=True)
class CheckedPaper:
    """The verdict on one stored paper; ``file`` names the kind of file that is damaged."""

    paper_id: UUID
    damage: Damage | None
    file: str = ""


class FixityRegister(Protocol):
    """What was checked when; each method one transaction."""

    def due(self, repository_id: str, *, days: int) -> Sequence[UUID]:
        """The part of today: so many that every stored paper is checked within ``days`` days, the longest ago first."""
        ...

    def stored_series(self, repository_id: str) -> dict[str, UUID]:
        """The version series of every stored paper."""
        ...

    def note(self, checked: CheckedPaper) -> bool:
        """Keep a verdict; damage is audited. Answers whether it is news."""
        ...
