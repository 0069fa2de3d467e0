"""Signed files as the only proof: what the agency's signature vouches for is believed, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from connector.domain.errors import SignatureInvalid
from connector.domain.journal import Journal
from connector.domain.restoration import ProvenRecord
from connector.domain.signatures import Level, SignatureReport, SignatureRole
from signing.journal_xml import read_journal
from signing.keys import SigningKey, open_key
from signing.metadata_xml import read_metadata_xml
from signing.trust import Trust, load_trust
from signing.verify_record import verify_record
from signing.verify_xml import common_name, parse, verify_xml


class AgencyProof:
    """The port ``Proof``.

    ``signers`` are the names in the agency's certificates, of today and of earlier: anybody whose certificate comes
    from the same authority could sign an XML, and would be trusted as a person, not as the agency.
    """

    def __init__(self, trust: Trust, signers: Collection[str], *, journal_signers: Collection[str] = ()) -> None:
        self._trust = trust
        self._signers = frozenset(signers)
        self._journal_signers = self._signers | frozenset(journal_signers)

    def record_in(self, file: Path) -> ProvenRecord:
        """Raises SignatureInvalid, UnreadableFile, InvalidFieldValue."""
        report = self._signature(file, self._signers)
        if report.signed_at is None:
            raise SignatureInvalid("the signature has no time")
        return ProvenRecord(record=read_metadata_xml(parse(file)), signed_at=report.signed_at, level=report.level)

    def journal_in(self, file: Path) -> Journal:
        """Raises SignatureInvalid, UnreadableFile, InvalidFieldValue."""
        self._signature(file, self._journal_signers)
        return read_journal(parse(file))

    def level_of_pair(self, metadata: Path, document: Path) -> Level | None:
        """The level of the agency's signature; of the last one where the agency signs only the metadata."""
        verdict = verify_record(metadata, document, self._trust)
        agency = [report for report in verdict.document if report.role is SignatureRole.AGENCY]
        signatures = agency or list(verdict.document)
        return signatures[-1].level if verdict.holds and signatures else None

    def _signature(self, file: Path, signers: Collection[str]) -> SignatureReport:
        reports = verify_xml(file, self._trust)
        if len(reports) != 1 or not reports[0].is_valid:
            raise SignatureInvalid("no valid signature")
        if reports[0].signer not in signers:
            raise SignatureInvalid("the signature is not the agency's")
        return reports[0]


def agency_proof(
    key: SigningKey, *, journal_key: SigningKey | None, former_names: Collection[str], roots: Sequence[Path]
) -> AgencyProof:
    """The proof of an office with these keys; ``former_names`` stood in its earlier certificates.

    Raises as ``open_key``.
    """
    names = {common_name(open_key(key).certificate), *former_names}
    journal_names = {common_name(open_key(journal_key).certificate)} if journal_key else ()
    return AgencyProof(load_trust(roots), names, journal_signers=journal_names)
