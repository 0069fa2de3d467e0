"""What is said of a signature: levels, roles, verdicts."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum

from connector.domain.metadata import CopyForm


class Level(StrEnum):
    """The baseline level a signature has reached (ETSI EN 319 142-1, EN 319 132-1)."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class SignatureRole(StrEnum):
    """Whose signature it is."""

    SCANNER = "scanner"
    AGENCY = "agency"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class SignatureReport:
    """The verdict on one signature, as ``sohoa verify --json`` prints it.

    ``modification`` is what later revisions changed: "none", "validation-data" (validation data and document
    time stamps only), "signature" (further signatures and their stamps), "other".
    """

    field: str
    signer: str
    role: SignatureRole
    level: Level
    signed_at: dt.datetime | None
    intact: bool
    trusted: bool
    covers_whole_file: bool
    modification: str

    @property
    def is_valid(self) -> bool:
        """Unchanged, by somebody we trust, and nothing but signatures and their evidence came later."""
        return self.intact and self.trusted and self.modification != "other"

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; ``signed_at`` in ISO 8601."""
        signed_at = self.signed_at.isoformat() if self.signed_at else None
        return {**asdict(self), "role": str(self.role), "level": str(self.level), "signed_at": signed_at}


@dataclass(frozen=True, kw_only=True)
class ScannerStamp:
    """What stands in the scanner's visible signature (Art. 8.1)."""

    full_name: str
    scanned_at: dt.datetime  # aware


@dataclass(frozen=True, kw_only=True)
class AgencyStamp:
    """What stands in the agency's visible signature on a copy (Decree 30/2020 App. I part II)."""

    copy_form: CopyForm
    agency_name: str


@dataclass(frozen=True, kw_only=True)
class SignedPrefix:
    """Length and hash of a PDF up to the end of one signature's revision: it never changes again."""

    length: int
    sha256: str
