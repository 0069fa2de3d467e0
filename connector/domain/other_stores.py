"""Electronic papers that others keep: the portal's Kho, another agency's (Art. 13.3.b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class PaperElsewhere:
    """A paper in force that another store offers; ``issue_date`` is an ISO date."""

    digitization_code: str
    document_type_code: str | None
    document_name: str | None
    document_number: str | None
    issue_date: str | None
    issuing_authority: str | None


class OtherStore(Protocol):
    """A store that is asked before anything is scanned."""

    name: str

    def in_force_of(self, owner_id: str) -> Sequence[PaperElsewhere]:
        """An owner's papers. Raises PortalUnavailable, or PortalError for a refusal."""
        ...
