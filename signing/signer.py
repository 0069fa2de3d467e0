"""The port ``Signer``: what the pipeline asks for, each signature verified before it is handed back."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.timestamps import TimeStamper

from connector.domain.errors import ConfigurationError, SignatureInvalid, SigningForbidden
from connector.domain.journal import Journal
from connector.domain.ports import AgencyStamp, ScannerStamp
from connector.domain.publication import Record
from connector.domain.signatures import Level, SignatureReport, SignedPrefix
from signing import pades
from signing.journal_xml import build_journal_xml
from signing.keys import OpenKey, SigningKey, open_key
from signing.metadata_xml import build_metadata_xml
from signing.pdf_file import is_pdf, update
from signing.renewal import is_due, renew_file
from signing.timestamp import time_stamper, translated
from signing.trust import Trust, load_trust
from signing.verify import all_good, intact_signatures, signed_prefix, verify_pdf
from signing.verify_xml import verify_xml
from signing.xades import sign_xml


@dataclass(frozen=True, kw_only=True)
class SigningConfiguration:
    """Which key is whose, where time comes from, and whom we trust."""

    identities: Mapping[str, SigningKey] = field(default_factory=dict)
    agency_key: SigningKey
    timestamp_url: str
    timestamp_seconds: float
    trust: Sequence[Path]


class PaperSigner:
    """Personal and agency signatures on papers, the agency's on metadata."""

    def __init__(self, configuration: SigningConfiguration) -> None:
        self._configuration = configuration
        self._trust = load_trust(configuration.trust)

    def sign_scan(self, source: Path, target: Path, *, identity: str, stamp: ScannerStamp) -> Sequence[SignatureReport]:
        """The scanner's personal signature, top left of page 1; an own earlier one is left alone.

        Raises SigningForbidden where somebody else's signature is in the scanner's field.
        """
        key = self._key(identity)
        if _signed_already(source, target, pades.SCANNER_FIELD, key):
            return self.verify(target)
        pades.sign_scan(source, target, key=key, stamp=stamp, timestamp_url=self._configuration.timestamp_url)
        return self._verified(source, target, pades.SCANNER_FIELD)

    def _key(self, identity: str) -> OpenKey:
        settings = self._configuration.identities.get(identity)
        if settings is None:
            raise ConfigurationError(f"signing.identities has no {identity}")
        return open_key(settings)

    def sign_copy(self, source: Path, target: Path, *, stamp: AgencyStamp) -> SignedPrefix:
        """The agency's signature on a copy, at B-LTA; an own earlier one is left alone.

        Raises SigningForbidden where somebody else's signature is in the agency's field, TimestampUnavailable
        when the level cannot be reached now: nothing is left behind.
        """
        key = open_key(self._configuration.agency_key)
        if not _signed_already(source, target, pades.AGENCY_FIELD, key):
            pades.sign_copy(
                source, target, key=key, stamp=stamp, timestamper=self._timestamper(), trust=self._trust
            )  # fmt: skip
        reports = self._verified(source, target, pades.AGENCY_FIELD)
        reached = next(report.level for report in reports if report.field == pades.AGENCY_FIELD)
        if reached is not Level.B_LTA:
            target.unlink()
            raise SignatureInvalid(f"the agency signature reached only {reached}")
        return self.agency_prefix(target)

    def sign_record(self, record: Record, target: Path) -> Level:
        """The metadata XML with the agency's enveloped XAdES."""
        return self._sign_xml(build_metadata_xml(record), target)

    def sign_journal(self, journal: Journal, target: Path) -> Level:
        """A day's journal with the agency's enveloped XAdES."""
        return self._sign_xml(build_journal_xml(journal), target)

    def _sign_xml(self, root: etree._Element, target: Path) -> Level:
        signed = sign_xml(root, open_key(self._configuration.agency_key), self._timestamper(), self._trust)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))
        reports = self.verify(target)
        if not all_good(reports):
            target.unlink()
            raise SignatureInvalid("a fresh signature on XML does not verify")
        return reports[0].level

    def renew(self, source: Path, target: Path, *, lapsing_before: dt.datetime) -> bool:
        """Extend the evidence of a PDF or metadata XML if it lapses before a moment; answers whether it was due.

        ``source`` and ``target`` may be the same file. Raises SignatureInvalid where the file does not hold any more
        or would not afterwards, TimestampUnavailable.
        """
        if not is_due(source, lapsing_before):
            return False
        renew_file(source, target, timestamper=self._timestamper(), trust=self._trust)
        return True

    def verify(self, file: Path) -> Sequence[SignatureReport]:
        """The verdict on every signature of a PDF or XML."""
        return verify_file(file, self._trust)

    def agency_prefix(self, file: Path) -> SignedPrefix:
        """Length and hash up to the end of the agency-signature revision."""
        return signed_prefix(file)

    def check_key(self, identity: str) -> str:
        """Open a scanning official's key; answers until when its certificate is valid. Raises as ``open_key``."""
        return _validity(self._key(identity))

    def check_agency_key(self) -> str:
        """Open the agency's key; answers until when its certificate is valid. Raises as ``open_key``."""
        return _validity(open_key(self._configuration.agency_key))

    def check_timestamp(self) -> str:
        """Ask for one time stamp. Raises TimestampUnavailable."""
        with translated():
            asyncio.run(self._timestamper().async_timestamp(hashlib.sha256(b"sohoa").digest(), "sha256"))
        return self._configuration.timestamp_url

    def _timestamper(self) -> TimeStamper:
        return time_stamper(self._configuration.timestamp_url, seconds=self._configuration.timestamp_seconds)

    def _verified(self, source: Path, target: Path, field_name: str) -> Sequence[SignatureReport]:
        """Ours has to be valid, and every signature that came intact with the paper still is."""
        reports = self.verify(target)
        ours = [report for report in reports if report.field == field_name]
        still_intact = {report.field for report in reports if report.intact}
        if not all_good(ours) or not intact_signatures(source) <= still_intact:
            target.unlink()
            raise SignatureInvalid("a fresh signature does not verify")
        return reports


def _validity(key: OpenKey) -> str:
    return f"valid until {key.certificate.not_valid_after_utc:%Y-%m-%d}"


def _signed_already(source: Path, target: Path, field_name: str, key: OpenKey) -> bool:
    """Whether this key's signature is in the field: the file is handed on as it is."""
    signers = pades.signers_of(source, field_name)
    if not signers:
        return False
    if signers != [key.certificate.public_bytes(Encoding.DER)]:
        raise SigningForbidden(f"the field {field_name} holds another signature")
    with update(source, target):
        return True


def verify_file(file: Path, trust: Trust) -> Sequence[SignatureReport]:
    """The verdict on every signature of a PDF or XML; which it is, the first bytes say."""
    return verify_pdf(file, trust) if is_pdf(file) else verify_xml(file, trust)
