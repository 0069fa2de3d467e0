"""What the pipeline asks of signing; the adapter implements it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from connector.domain.publication import Record
from connector.domain.signatures import AgencyStamp, Level, ScannerStamp, SignatureReport, SignedPrefix
from connector.domain.token_signing import SigningTask


class Signer(Protocol):
    """Signatures on papers and metadata (signing), each verified before it is handed back.

    Raises SignatureAwaited where the key lies on a desk: the same call, for the same task, finds the signature once
    it was made.
    """

    def sign_scan(
        self, source: Path, target: Path, *, identity: str, stamp: ScannerStamp, task: SigningTask | None = None
    ) -> Sequence[SignatureReport]:
        """The scanner's personal PAdES signature, top left of page 1; an own earlier one is left alone."""
        ...

    def sign_copy(
        self, source: Path, target: Path, *, stamp: AgencyStamp, task: SigningTask | None = None
    ) -> SignedPrefix:
        """Complete earlier signatures to B-LT, then the agency's PAdES B-LTA, top right of page 1."""
        ...

    def sign_result(self, source: Path, target: Path, *, task: SigningTask | None = None) -> SignedPrefix:
        """The agency's PAdES B-LTA with its red seal, over the left third of the person's visible signature."""
        ...

    def has_agency_signature(self, file: Path) -> bool:
        """Whether one of a file's signatures is the agency's already."""
        ...

    def sign_record(self, record: Record, target: Path, *, task: SigningTask | None = None) -> Level:
        """The metadata XML with the agency's enveloped XAdES; answers the level reached."""
        ...

    def says(self, file: Path, record: Record) -> bool:
        """Whether a metadata XML says exactly this record and the agency's own certificate has signed it."""
        ...

    def carried_evidence(self, file: Path) -> Mapping[str, bytes]:
        """Certificates and revocation data that a PDF or XML carries, as contents by file name."""
        ...

    def verify(self, file: Path) -> Sequence[SignatureReport]:
        """The verdict on every signature of a PDF or XML."""
        ...

    def lapses_at(self, file: Path) -> dt.datetime | None:
        """Until when the evidence of a PDF or XML holds; None where it is not complete yet."""
        ...

    def renew(self, source: Path, target: Path, *, lapsing_before: dt.datetime) -> bool:
        """Extend or complete the evidence if it lapses before a moment; answers whether it was due.

        What was signed stays as it is. Raises SignatureInvalid, TimestampUnavailable.
        """
        ...

    def agency_prefix(self, file: Path) -> SignedPrefix:
        """Length and hash up to the end of the agency-signature revision; of the whole file without one."""
        ...
