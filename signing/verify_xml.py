"""Verdicts on the XAdES signature of a metadata file."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature as BadSignature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.xades.xades import XAdESVerifier

from connector.domain.errors import UnreadableFile
from connector.domain.signatures import Level, SignatureReport, SignatureRole
from signing.trust import Trust
from signing.xades import NAMESPACES, timestamp_imprint

FIELD = "DuLieuDacTa"
_REFERENCES = 3  # the document, KeyInfo, SignedProperties


@dataclass(frozen=True)
class _Stored:
    """What the signature brings along."""

    token: cms.ContentInfo | None
    certificates: tuple[asn1_x509.Certificate, ...]
    crls: tuple[crl.CertificateList, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]


def verify_xml(file: Path, trust: Trust) -> list[SignatureReport]:
    """The verdict on the enveloped signature; none where there is no signature. Raises UnreadableFile."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(file, parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise UnreadableFile("not well-formed XML") from error
    embedded = root.find("./ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", NAMESPACES)
    if embedded is None or not embedded.text:
        return []
    certificate = x509.load_der_x509_certificate(base64.b64decode(embedded.text))
    stored = _stored(root)
    intact = _intact(root, certificate)
    timestamped_at, trusted = asyncio.run(_judge(root, certificate, stored, trust))
    return [
        SignatureReport(
            field=FIELD,
            signer=_common_name(certificate),
            role=SignatureRole.AGENCY,
            level=_level(stored, timestamped_at),
            signed_at=_signing_time(root),
            intact=intact,
            trusted=trusted,
            covers_whole_file=intact,
            modification="none",
        )
    ]


def _intact(root: etree._Element, certificate: x509.Certificate) -> bool:
    """Signature and digests hold, and what was signed is this document itself."""
    try:
        results = XAdESVerifier().verify(etree.tostring(root), x509_cert=certificate, expect_references=_REFERENCES)
    except (InvalidSignature, InvalidInput, BadSignature, ValueError):
        return False
    signed = [result.signed_xml for result in results if result.signed_xml is not None]
    return any(element.tag == root.tag for element in signed)


async def _judge(
    root: etree._Element, certificate: x509.Certificate, stored: _Stored, trust: Trust
) -> tuple[dt.datetime | None, bool]:
    """When the time stamp proves the signature existed, and whether the signer was trusted then."""
    try:
        context = _context(stored, trust)
        timestamped_at = await _timestamped_at(root, stored, context)
        encoded = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        validator = CertificateValidator(
            encoded, intermediate_certs=list(stored.certificates), validation_context=context
        )
        await validator.async_validate_usage(  # type: ignore[no-untyped-call]
            {"digital_signature"}
        )
    except (PathError, ValidationError, ValueError):
        return None, False
    return timestamped_at, True


async def _timestamped_at(root: etree._Element, stored: _Stored, context: ValidationContext) -> dt.datetime | None:
    if stored.token is None:
        return None
    imprint = timestamp_imprint(root)
    status = await validate_tst_signed_data(stored.token["content"], context, lambda algorithm: imprint)
    if not (status["intact"] and status["valid"]):
        raise ValueError("the time stamp does not hold")
    moment: dt.datetime = status["timestamp"]
    return moment


def _context(stored: _Stored, trust: Trust) -> ValidationContext:
    return trust.context(other_certs=list(stored.certificates), crls=list(stored.crls), ocsps=list(stored.ocsps))


def _stored(root: etree._Element) -> _Stored:
    tokens = [cms.ContentInfo.load(data) for data in _encapsulated(root, "EncapsulatedTimeStamp")]
    return _Stored(
        token=tokens[0] if tokens else None,
        certificates=tuple(
            asn1_x509.Certificate.load(data) for data in _encapsulated(root, "EncapsulatedX509Certificate")
        ),
        crls=tuple(crl.CertificateList.load(data) for data in _encapsulated(root, "EncapsulatedCRLValue")),
        ocsps=tuple(ocsp.OCSPResponse.load(data) for data in _encapsulated(root, "EncapsulatedOCSPValue")),
    )


def _encapsulated(root: etree._Element, name: str) -> Iterator[bytes]:
    for element in root.iterfind(f"./ds:Signature//xades:{name}", NAMESPACES):
        yield base64.b64decode(element.text or "")


def _level(stored: _Stored, timestamped_at: dt.datetime | None) -> Level:
    if timestamped_at is None:
        return Level.B_B
    return Level.B_LT if stored.certificates and (stored.crls or stored.ocsps) else Level.B_T


def _signing_time(root: etree._Element) -> dt.datetime | None:
    text = root.findtext(".//xades:SigningTime", namespaces=NAMESPACES)
    moment = dt.datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC) if moment else None


def _common_name(certificate: x509.Certificate) -> str:
    names: Any = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
