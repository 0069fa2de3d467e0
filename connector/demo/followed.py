"""One paper on its way through the demo."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connector.demo.corrections import Comparison
from connector.demo.handover import Handover, Submission
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignatureReport, SignatureRole
from connector.domain.states import State


@dataclass(kw_only=True)
class Pulled:
    """What the portal got of one paper."""

    paper_id: str
    digitization_code: str
    stored_sha256: str
    pulled_sha256: str
    told_sha256: str  # what the service said beside the content
    acknowledged: bool
    signatures: Sequence[SignatureReport]
    metadata_signatures: Sequence[SignatureReport]

    @property
    def unchanged(self) -> bool:
        """Whether the portal holds what the ECM holds, and said so."""
        return self.stored_sha256 == self.pulled_sha256 == self.told_sha256 and self.acknowledged

    @property
    def signatures_valid(self) -> bool:
        """Whether ours are valid on file and metadata, and those that came with the paper are still intact.

        Whether the issuers of the latter are trusted is not for a demo's own roots to say.
        """
        ours = [report for report in self.signatures if report.role is not SignatureRole.OTHER]
        valid = all(report.is_valid for report in [*ours, *self.metadata_signatures])
        return valid and bool(ours and self.metadata_signatures) and all(report.intact for report in self.signatures)


@dataclass(kw_only=True)
class Followed:
    """A deposited paper: what was handed in, how it stands now, what was seen of it."""

    handover: Handover
    submission: Submission
    shown: RepositoryObject
    deposited_at: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    comparison: Comparison | None = None
    pressed: bool = False
    pulled: Pulled | None = None

    @property
    def state(self) -> State:
        """As the ECM shows it; a paper that nobody has seen yet counts as received."""
        return State(str(self.shown.properties.get("state") or State.TIEP_NHAN))

    @property
    def reason(self) -> str:
        """What the ECM says of a paper that did not go on."""
        properties: Mapping[str, object] = self.shown.properties
        if self.state is State.KHONG_SO_HOA:
            return f"Điều {properties.get('scope_basis') or '5'}"
        if properties.get("error"):
            return str(properties["error"])
        names = properties.get("fields_to_check") or ()
        return f"chờ xem: {', '.join(map(str, names))}" if isinstance(names, tuple | list) and names else ""

    @property
    def as_expected(self) -> bool:
        """In its expected final state and, where filed, pulled unchanged with valid signatures."""
        if self.state is not self.submission.expected:
            return False
        if self.state is not State.DA_LUU:
            return True
        return self.pulled is not None and self.pulled.unchanged and self.pulled.signatures_valid
