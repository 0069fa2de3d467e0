"""The port ``Signer``: what the pipeline asks for, each signature verified before it is handed back."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.timestamps import TimeStamper

from connector.domain.errors import ConfigurationError, SignatureInvalid, SigningForbidden, TimestampUnavailable
from connector.domain.journal import Journal
from connector.domain.publication import Record
from connector.domain.signatures import AgencyStamp, Level, ScannerStamp, SignatureReport, SignedPrefix
from connector.domain.token_signing import SigningTask, TokenRequests
from signing import pades
from signing.carried import carried_evidence
from signing.desk import Desk
from signing.journal_xml import build_journal_xml
from signing.keys import DeskKey, OpenKey, SigningKey, open_key
from signing.metadata_xml import build_metadata_xml, read_metadata_xml
from signing.pades import Mark
from signing.pdf_file import is_pdf, update
from signing.renewal import is_due, lapses_at, renew_file
from signing.revocation import Revocations
from signing.seal import Seal, seal_mark
from signing.timestamp import time_stamper, translated
from signing.trust import Trust, load_trust
from signing.verify import all_good, intact_signatures, signed_prefix, verify_pdf
from signing.verify_xml import common_name, parse, verify_xml
from signing.xades import add_issuers, complete_xml, sign_plainly

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SigningConfiguration:
    """Which key is whose, where time comes from, and whom we trust."""

    identities: Mapping[str, SigningKey] = field(default_factory=dict)
    agency_key: SigningKey
    journal_key: SigningKey | None = None  # None: the agency's
    timestamp_url: str
    timestamp_seconds: float
    trust: Sequence[Path]
    seal: Seal | None = None


class PaperSigner:
    """Personal and agency signatures on papers, the agency's on metadata."""

    def __init__(self, configuration: SigningConfiguration, requests: TokenRequests | None = None) -> None:
        """``requests`` keeps what people sign at their desks."""
        self._configuration = configuration
        self._requests = requests
        self._trust = load_trust(configuration.trust)
        self._revocations = Revocations(self._trust)

    def sign_scan(
        self, source: Path, target: Path, *, identity: str, stamp: ScannerStamp, task: SigningTask | None = None
    ) -> Sequence[SignatureReport]:
        """The scanner's personal signature, top left of page 1; an own earlier one is left alone.

        Raises SigningForbidden where somebody else's signature is in the scanner's field, SignatureAwaited.
        """
        settings = self._settings_of(identity)
        key = open_key(settings)
        if _signed_already(source, target, pades.SCANNER_FIELD, key):
            return self.verify(target)
        self._revocations.refuse_revoked(key)
        url = self._configuration.timestamp_url
        if isinstance(settings, DeskKey):
            desk = Desk(self._requests, task, settings, key)
            desk.sign_scan(source, target, mark=lambda: pades.scanner_mark(source, stamp), timestamp_url=url)
        else:
            pades.sign_scan(source, target, key=key, stamp=stamp, timestamp_url=url)
        return self._verified(source, target, pades.SCANNER_FIELD)

    def _settings_of(self, identity: str) -> SigningKey:
        settings = self._configuration.identities.get(identity)
        if settings is None:
            raise ConfigurationError(f"signing.identities has no {identity}")
        return settings

    def sign_copy(
        self, source: Path, target: Path, *, stamp: AgencyStamp, task: SigningTask | None = None
    ) -> SignedPrefix:
        """The agency's signature on a copy, at B-LTA; an own earlier one is left alone.

        Raises SigningForbidden where somebody else's signature is in the agency's field, TimestampUnavailable
        when the level cannot be reached now (nothing is left behind), SignatureAwaited.
        """
        return self._sign_for_agency(
            source, target, lambda: pades.agency_mark(source, stamp), pades.SCANNER_FIELD, task
        )

    def sign_result(self, source: Path, target: Path, *, task: SigningTask | None = None) -> SignedPrefix:
        """The agency's signature with its seal on an own result that a person has signed, at B-LTA.

        Raises as ``sign_copy``, and ConfigurationError without a seal.
        """
        seal = self._configuration.seal
        if seal is None:
            raise ConfigurationError("signing.seal is missing")
        return self._sign_for_agency(source, target, lambda: seal_mark(source, seal), None, task)

    def _sign_for_agency(
        self, source: Path, target: Path, mark: Callable[[], Mark], completes: str | None, task: SigningTask | None
    ) -> SignedPrefix:
        settings = self._configuration.agency_key
        key = open_key(settings)
        how: Any = {
            "mark": mark, "completes": completes, "timestamper": self._timestamper(), "trust": self._trust
        }  # fmt: skip
        if not _signed_already(source, target, pades.AGENCY_FIELD, key):
            self._revocations.refuse_revoked(key)
            if isinstance(settings, DeskKey):
                Desk(self._requests, task, settings, key).sign_for_agency(source, target, **how)
            else:
                pades.sign_for_agency(source, target, key=key, **how)
        reports = self._verified(source, target, pades.AGENCY_FIELD)
        reached = next(report.level for report in reports if report.field == pades.AGENCY_FIELD)
        if reached is not Level.B_LTA:
            target.unlink()
            raise SignatureInvalid(f"the agency signature reached only {reached}")
        return self.agency_prefix(target)

    def has_agency_signature(self, file: Path) -> bool:
        """Whether one of a file's signatures was made with the agency's certificate, or an earlier one of its name."""
        name = common_name(open_key(self._configuration.agency_key).certificate)
        return any(report.signer == name for report in self.verify(file))

    def sign_record(self, record: Record, target: Path, *, task: SigningTask | None = None) -> Level:
        """The metadata XML with the agency's enveloped XAdES; answers the level reached.

        B-LT, or B-B where the time-stamp service is away: ``renew`` completes it. Raises SignatureAwaited.
        """
        return self._sign_xml(build_metadata_xml(record), self._configuration.agency_key, target, task)

    def sign_journal(self, journal: Journal, target: Path) -> Level:
        """A day's journal with the agency's enveloped XAdES, at a level as ``sign_record``."""
        settings = self._configuration.journal_key or self._configuration.agency_key
        return self._sign_xml(build_journal_xml(journal), settings, target, None)

    def _sign_xml(self, root: etree._Element, settings: SigningKey, target: Path, task: SigningTask | None) -> Level:
        key = open_key(settings)
        self._revocations.refuse_revoked(key)
        if isinstance(settings, DeskKey):
            signed = Desk(self._requests, task, settings, key).sign_xml(root)
        else:
            signed = sign_plainly(root, key)
        signed = self._completed(signed, key)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))
        reports = self.verify(target)
        if not all_good(reports):
            target.unlink()
            raise SignatureInvalid("a fresh signature on XML does not verify")
        return reports[0].level

    def _completed(self, signed: etree._Element, key: OpenKey) -> etree._Element:
        """At B-LT; as it is where the time-stamp service is away: the signature is valid, and the level is said."""
        whole = copy.deepcopy(signed)
        try:
            complete_xml(whole, key.chain, self._timestamper(), self._trust)
        except TimestampUnavailable as error:
            log.warning("metadata stays at B-B for now: %s", error.code)
            add_issuers(signed, key.chain)
            return signed
        return whole

    def renew(self, source: Path, target: Path, *, lapsing_before: dt.datetime) -> bool:
        """Extend the evidence of a PDF or metadata XML if it lapses before a moment; answers whether it was due.

        ``source`` and ``target`` may be the same file. Raises SignatureInvalid where the file does not hold any more
        or would not afterwards, TimestampUnavailable.
        """
        if not is_due(source, lapsing_before):
            return False
        timestamper, known = self._timestamper(), open_key(self._configuration.agency_key).chain
        renew_file(source, target, timestamper=timestamper, trust=self._trust, known=known)
        return True

    def lapses_at(self, file: Path) -> dt.datetime | None:
        """Until when the evidence of a PDF or XML holds; None where it is not complete yet."""
        return lapses_at(file)

    def says(self, file: Path, record: Record) -> bool:
        """Whether a metadata XML says exactly this record and the agency's certificate has signed it.

        Any person's certificate of the same authority verifies, too: the name in it decides.
        """
        reports = self.verify(file)
        if not all_good(reports):
            return False
        agency = common_name(open_key(self._configuration.agency_key).certificate)
        written = read_metadata_xml(build_metadata_xml(record))
        return {report.signer for report in reports} == {agency} and read_metadata_xml(parse(file)) == written

    def carried_evidence(self, file: Path) -> Mapping[str, bytes]:
        """Certificates and revocation data that a PDF or XML carries, as contents by file name."""
        return carried_evidence(file)

    def verify(self, file: Path) -> Sequence[SignatureReport]:
        """The verdict on every signature of a PDF or XML."""
        return verify_file(file, self._trust)

    def agency_prefix(self, file: Path) -> SignedPrefix:
        """Length and hash up to the end of the agency-signature revision."""
        return signed_prefix(file)

    def check_key(self, identity: str) -> str:
        """Open a scanning official's key; answers until when its certificate is valid. Raises as ``open_key``."""
        return _validity(open_key(self._settings_of(identity)))

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
