"""Verdicts on the signatures of a PDF: integrity, trust, level, and what changed later."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, ocsp
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator.errors import PathError, ValidationError

from connector.domain.signatures import Level, SignatureReport, SignatureRole, SignedPrefix
from signing.evidence import Evidence, is_intact
from signing.pades import AGENCY_FIELD, SCANNER_FIELD
from signing.pdf_file import opened
from signing.timestamp import time_of
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
    """The verdict on every signature, in the order they were made. Raises UnreadableFile, EncryptedFile.

    A signature is judged as of the moment its time stamps prove (EN 319 102-1, 5.6), else as of now.
    """
    with opened(pdf) as reader:
        evidence = Evidence.of(reader, trust)
        return [_report(signature, evidence) for signature in reader.embedded_regular_signatures]


def intact_signatures(pdf: Path) -> frozenset[str]:
    """The fields whose signed bytes are unchanged; nobody is asked for trust."""
    with opened(pdf) as reader:
        return frozenset(str(found.field_name) for found in reader.embedded_regular_signatures if is_intact(found))


def signed_prefix(pdf: Path, field: str = AGENCY_FIELD) -> SignedPrefix:
    """Length and hash up to the end of one signature's revision; of the whole file where the field is absent."""
    length = pdf.stat().st_size
    with opened(pdf) as reader:
        for signature in reader.embedded_regular_signatures:
            if signature.field_name == field:
                length = end_of_revision(signature)
    return SignedPrefix(length=length, sha256=hash_of(pdf, length))


def end_of_revision(signature: EmbeddedPdfSignature) -> int:
    """Where the bytes under a signature end."""
    offset, size = (int(signature.byte_range[index]) for index in (2, 3))
    return offset + size


def hash_of(pdf: Path, length: int) -> str:
    """SHA-256 of the first ``length`` bytes."""
    digest = hashlib.sha256()
    with pdf.open("rb") as file:
        while length and (chunk := file.read(min(_CHUNK, length))):
            digest.update(chunk)
            length -= len(chunk)
    return digest.hexdigest()


def _report(signature: EmbeddedPdfSignature, evidence: Evidence) -> SignatureReport:
    stamps = evidence.after(signature)
    covers = signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    level = _level(signature, evidence)
    return SignatureReport(
        field=str(signature.field_name),
        signer=_common_name(signature),
        role=_ROLES.get(str(signature.field_name), SignatureRole.OTHER),
        level=level,
        signed_at=_signed_at(signature),
        # validation data is under no signature but under the stamps: a byte changed there breaks them
        intact=is_intact(signature) and all(stamp.intact for stamp in stamps),
        trusted=_is_trusted(signature, evidence, level),
        covers_whole_file=covers,
        modification="none" if covers else _modification(signature),
    )


def _modification(signature: EmbeddedPdfSignature) -> str:
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    level = getattr(signature.diff_result, "modification_level", None)
    return _CHANGES[level] if level is not None else "other"


def _is_trusted(signature: EmbeddedPdfSignature, evidence: Evidence, level: Level) -> bool:
    """As of the signature's own time stamp where that is trusted and validation data is there; else later."""
    stamped = min((stamp.at for stamp in evidence.after(signature) if stamp.at), default=None)
    token = _timestamp_token(signature) if level in (Level.B_LT, Level.B_LTA) else None
    if token is not None:
        believed = evidence.believed_at(token, stamped)
        status = _validate(signature, evidence, signer_at=time_of(token), timestamp_at=believed)
        stamp = status.timestamp_validity if status is not None else None
        if stamp is not None and stamp.intact and stamp.trusted and status.trusted:
            return True
    status = _validate(signature, evidence, signer_at=stamped, timestamp_at=stamped)
    return bool(status and status.trusted)


def _validate(
    signature: EmbeddedPdfSignature,
    evidence: Evidence,
    *,
    signer_at: dt.datetime | None,
    timestamp_at: dt.datetime | None,
) -> Any:
    """pyHanko's status; None where it refuses to judge."""
    signer, timestamp = evidence.context(signer_at), evidence.context(timestamp_at)
    try:
        return validate_pdf_signature(signature, signer, timestamp, skip_diff=True)
    except (SignatureValidationError, SigningError, PathError, ValidationError):
        return None


def _level(signature: EmbeddedPdfSignature, evidence: Evidence) -> Level:
    """What is really in the file: time stamp, validation data of the signer, a later document time stamp."""
    later = [stamp for stamp in evidence.after(signature) if stamp.intact]
    if _timestamp_token(signature) is None and not later:
        return Level.B_B
    if evidence.stored is None or not _has_validation_data(evidence.stored, signature):
        return Level.B_T
    return Level.B_LTA if later else Level.B_LT


def _timestamp_token(signature: EmbeddedPdfSignature) -> cms.SignedData | None:
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]["content"]
    return None


def _has_validation_data(stored: Any, signature: EmbeddedPdfSignature) -> bool:
    """The certificate of the signer's issuer and revocation data on the signer are there."""
    issuer, serial = signature.signer_cert.issuer.hashable, signature.signer_cert.serial_number
    has_issuer = any(certificate.subject.hashable == issuer for certificate in stored.load_certs())
    lists = (crl.CertificateList.load(each.get_object().data) for each in stored.crls)
    answers = (ocsp.OCSPResponse.load(each.get_object().data) for each in stored.ocsps)
    return has_issuer and (
        any(each.issuer.hashable == issuer for each in lists)
        or any(
            single["cert_id"]["serial_number"].native == serial
            for answer in answers
            for single in answer.response_data["responses"]
        )
    )


def _common_name(signature: EmbeddedPdfSignature) -> str:
    return str(signature.signer_cert.subject.native.get("common_name", signature.signer_cert.subject.human_friendly))


def _signed_at(signature: EmbeddedPdfSignature) -> dt.datetime | None:
    moment = signature.self_reported_timestamp
    return moment if isinstance(moment, dt.datetime) else None


def all_good(reports: Sequence[SignatureReport]) -> bool:
    """Whether there is a signature and every one is valid."""
    return bool(reports) and all(report.is_valid for report in reports)
