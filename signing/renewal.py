"""Renewing evidence before it lapses: one more archive time stamp over a PDF or a metadata XML, never a new version.

The bytes that were signed stay; a PDF gains a revision that holds validation data and a document time stamp.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from asn1crypto import cms
from cryptography import x509
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from connector.domain.errors import SignatureInvalid
from connector.domain.signatures import Level
from signing.pades import complete
from signing.pdf_file import is_pdf, opened, readable, reader_of, update
from signing.timestamp import translated
from signing.trust import Trust
from signing.verify import verify_pdf
from signing.verify_xml import parse, verify_xml
from signing.xades import complete_xml
from signing.xades_archive import add_archive_stamp, time_stamps

_RESERVED = 16384  # bytes for one time stamp
_BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


def is_due(file: Path, lapsing_before: dt.datetime) -> bool:
    """Whether a file has no archive time stamp over all of it, or one that lapses before a moment."""
    moment = lapses_at(file)
    return moment is None or moment < lapsing_before


def lapses_at(file: Path) -> dt.datetime | None:
    """When the certificate of the last time stamp lapses; None where the evidence is not complete yet.

    Complete is a PDF that ends with a document time stamp, and metadata with validation data. Raises UnreadableFile,
    EncryptedFile.
    """
    if not is_pdf(file):
        tokens = time_stamps(parse(file))
        return _lapses_at(tokens[-1]) if tokens else None
    with opened(file) as reader:
        signatures = reader.embedded_signatures
        is_stamped = bool(signatures) and signatures[-1].sig_object_type == "/DocTimeStamp"
        if not is_stamped or signatures[-1].evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
            return None
        return _lapses_at(signatures[-1].signed_data)


def renew_file(
    source: Path, target: Path, *, timestamper: TimeStamper, trust: Trust, known: Iterable[x509.Certificate] = ()
) -> None:
    """One archive time stamp more over a PDF or a metadata XML. Raises as ``renew_pdf`` and ``renew_xml``."""
    if is_pdf(source):
        renew_pdf(source, target, timestamper=timestamper, trust=trust)
    else:
        renew_xml(source, target, timestamper=timestamper, trust=trust, known=known)


def _lapses_at(token: cms.SignedData) -> dt.datetime:
    moment: dt.datetime = extract_certificate_info(token).signer_cert.not_valid_after
    return moment


def renew_pdf(source: Path, target: Path, *, timestamper: TimeStamper, trust: Trust) -> None:
    """Validation data of now, then a document time stamp that ends the file.

    Signatures we trust that have no validation data yet get it. Raises TimestampUnavailable, CertificateInvalid,
    SignatureInvalid where the file is not intact any more, UnreadableFile, EncryptedFile.
    """
    reports = verify_pdf(source, trust)
    if not reports or not all(report.intact for report in reports):
        raise SignatureInvalid("what does not hold any more is not renewed")
    lacking = [report.field for report in reports if report.trusted and report.level in (Level.B_B, Level.B_T)]
    with update(source, target) as file:
        for field in lacking:
            complete(file, trust, only=field)
        add_document_stamp(file, timestamper, trust)


def add_document_stamp(file: BinaryIO, timestamper: TimeStamper, trust: Trust) -> None:
    """Validation data of the last document time stamp, then one more; it ends the file. Raises TimestampUnavailable."""
    with readable(), translated():
        writer = IncrementalPdfFileWriter(file, strict=False)
        context = trust.context()
        paths = [_path(stamp.signed_data, context) for stamp in reader_of(file).embedded_timestamp_signatures[-1:]]
        if paths:
            DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
        PdfTimeStamper(timestamper).timestamp_pdf(
            writer, "sha256", trust.context(), bytes_reserved=_RESERVED, in_place=True, dss_settings=_BEFORE
        )


def _path(token: cms.SignedData, context: ValidationContext) -> ValidationPath:
    """The path of a time stamp's certificate; what was fetched to judge it stays in the context."""
    certificates = extract_certificate_info(token)
    validator = CertificateValidator(
        certificates.signer_cert, intermediate_certs=certificates.other_certs, validation_context=context
    )
    path: ValidationPath = asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]
    return path


def renew_xml(
    source: Path, target: Path, *, timestamper: TimeStamper, trust: Trust, known: Iterable[x509.Certificate] = ()
) -> None:
    """One archive time stamp more over signed metadata; a signature still at B-B is brought to B-LT instead.

    ``known`` are the issuers of a certificate that brings none along.

    Raises TimestampUnavailable, SignatureInvalid where the file is not intact any more, UnreadableFile.
    """
    reports = verify_xml(source, trust)
    if not reports or not all(report.intact for report in reports):
        raise SignatureInvalid("what does not hold any more is not renewed")
    root = parse(source)
    if time_stamps(root):
        add_archive_stamp(root, timestamper)
    else:
        complete_xml(root, known, timestamper, trust)
    with update(source, target) as file:
        file.truncate()
        file.write(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
