"""Verdicts on the signatures of a PDF: integrity, trust, level, and what changed later."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError, ValidationInfoReadingError
from pyhanko_certvalidator import ValidationContext

from connector.domain.errors import UnreadableFile
from connector.domain.signatures import Level, SignatureReport, SignatureRole, SignedPrefix
from signing.pades import AGENCY_FIELD, SCANNER_FIELD
from signing.trust import Trust

_ROLES = {SCANNER_FIELD: SignatureRole.SCANNER, AGENCY_FIELD: SignatureRole.AGENCY}
_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "validation-data",
    ModificationLevel.FORM_FILLING: "signature",
    ModificationLevel.ANNOTATIONS: "other",
    ModificationLevel.OTHER: "other",
}
_CHUNK = 1 << 20


def verify_pdf(pdf: Path, trust: Trust) -> list[SignatureReport]:
    """The verdict on every signature, in the order they were made. Raises UnreadableFile."""
    with pdf.open("rb") as file:
        try:
            reader = PdfFileReader(file, strict=False)
            return [_report(reader, signature, trust) for signature in reader.embedded_regular_signatures]
        except (PdfReadError, ValueError, KeyError) as error:
            raise UnreadableFile("the PDF cannot be read") from error


def signed_prefix(pdf: Path, field: str = AGENCY_FIELD) -> SignedPrefix:
    """Length and hash up to the end of one signature's revision; of the whole file where the field is absent."""
    length = pdf.stat().st_size
    with pdf.open("rb") as file:
        for signature in PdfFileReader(file, strict=False).embedded_regular_signatures:
            if signature.field_name == field:
                offset, size = (int(signature.byte_range[index]) for index in (2, 3))
                length = offset + size
    return SignedPrefix(length=length, sha256=_hash(pdf, length))


def _hash(pdf: Path, length: int) -> str:
    digest = hashlib.sha256()
    with pdf.open("rb") as file:
        while length and (chunk := file.read(min(_CHUNK, length))):
            digest.update(chunk)
            length -= len(chunk)
    return digest.hexdigest()


def _report(reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust) -> SignatureReport:
    stored = _stored_validation_data(reader)
    status = _validate(signature, trust, stored)
    intact = bool(status and status.intact and status.valid)
    covers = signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    return SignatureReport(
        field=str(signature.field_name),
        signer=_common_name(signature),
        role=_ROLES.get(str(signature.field_name), SignatureRole.OTHER),
        level=_level(reader, signature, stored),
        signed_at=_signed_at(signature),
        intact=intact,
        trusted=bool(status and status.trusted),
        covers_whole_file=covers,
        modification="none" if covers else _modification(status),
    )


def _modification(status: Any) -> str:
    level = getattr(status, "modification_level", None)
    return _CHANGES[level] if level is not None else "other"


def _validate(signature: EmbeddedPdfSignature, trust: Trust, stored: Any) -> Any:
    """pyHanko's status; None where the signature cannot even be taken apart."""
    try:
        return validate_pdf_signature(signature, _context(trust, stored), _context(trust, stored))
    except (SignatureValidationError, SigningError, UnacceptableSignerError, ValueError):
        return None


def _context(trust: Trust, stored: Any) -> ValidationContext:
    """What the file brings along comes first; online services are asked for the rest."""
    if stored is None:
        return trust.context()
    context: ValidationContext = stored.as_validation_context(trust.arguments())
    return context


def _stored_validation_data(reader: PdfFileReader) -> Any:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except (NoDSSFoundError, ValidationInfoReadingError):
        return None


def _level(reader: PdfFileReader, signature: EmbeddedPdfSignature, stored: Any) -> Level:
    """What is really in the file: time stamp, validation data of the signer, a later document time stamp."""
    later = [
        stamp for stamp in reader.embedded_timestamp_signatures if stamp.signed_revision > signature.signed_revision
    ]
    if not _has_signature_timestamp(signature) and not later:
        return Level.B_B
    if stored is None or not _has_validation_data(stored, signature):
        return Level.B_T
    return Level.B_LTA if later else Level.B_LT


def _has_signature_timestamp(signature: EmbeddedPdfSignature) -> bool:
    attributes = signature.signer_info["unsigned_attrs"]
    return any(attribute["type"].native == "signature_time_stamp_token" for attribute in attributes)


def _has_validation_data(stored: Any, signature: EmbeddedPdfSignature) -> bool:
    """Certificates of the signer's issuer and revocation data are there."""
    issuer = signature.signer_cert.issuer.hashable
    known = {certificate.subject.hashable for certificate in stored.load_certs()}
    return issuer in known and bool(stored.ocsps or stored.crls)


def _common_name(signature: EmbeddedPdfSignature) -> str:
    return str(signature.signer_cert.subject.native.get("common_name", signature.signer_cert.subject.human_friendly))


def _signed_at(signature: EmbeddedPdfSignature) -> dt.datetime | None:
    moment = signature.self_reported_timestamp
    return moment if isinstance(moment, dt.datetime) else None


def all_good(reports: Sequence[SignatureReport]) -> bool:
    """Whether there is a signature and every one is intact and trusted."""
    return bool(reports) and all(report.intact and report.trusted for report in reports)
