"""Verdicts on the XAdES signature of a metadata file."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature as BadSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.general import extract_certificate_info
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.xades.xades import XAdESVerifier

from connector.domain.errors import SignatureInvalid, UnreadableFile
from connector.domain.signatures import Level, SignatureReport, SignatureRole
from signing.timestamp import judge_token, time_of
from signing.trust import Trust
from signing.xades import NAMESPACES, timestamp_imprint
from signing.xades_archive import archive_stamps

FIELD = "DuLieuDacTa"
_REFERENCES = 3  # the document, KeyInfo, SignedProperties


@dataclass(frozen=True)
class _Stored:
    """What the signature brings along."""

    token: cms.SignedData | None  # of the signature time stamp
    certificates: tuple[asn1_x509.Certificate, ...]
    crls: tuple[crl.CertificateList, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]

    @property
    def has_revocation_data(self) -> bool:
        """Whether it can be judged without asking anybody."""
        return bool(self.crls or self.ocsps)


@dataclass(frozen=True, kw_only=True)
class _Stamp:
    """Whether a time stamp is over what it should be; ``at`` is None where nobody we trust vouches for it."""

    holds: bool
    at: dt.datetime | None


def verify_xml(file: Path, trust: Trust) -> list[SignatureReport]:
    """The verdict on the enveloped signature; none where there is no signature. Raises UnreadableFile.

    It is judged as of its time stamp where that is trusted and validation data is there, else as of now.
    """
    root = parse(file)
    embedded = root.find("./ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", NAMESPACES)
    if embedded is None or not embedded.text:
        return []
    try:
        return [_report(root, x509.load_der_x509_certificate(base64.b64decode(embedded.text)), trust)]
    except (ValueError, TypeError, LookupError) as error:
        raise UnreadableFile("the signature cannot be taken apart") from error


def parse(file: Path) -> etree._Element:
    """The root element; no entity, no DTD, no network. Raises UnreadableFile."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.parse(file, parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise UnreadableFile("not well-formed XML") from error


def _report(root: etree._Element, certificate: x509.Certificate, trust: Trust) -> SignatureReport:
    stored = _stored(root)
    archive, stamp = asyncio.run(_judge_stamps(root, stored, trust))
    intact = _intact(root, certificate) and all(each.holds for each in (*archive, *filter(None, [stamp])))
    return SignatureReport(
        field=FIELD,
        signer=common_name(certificate),
        role=SignatureRole.AGENCY,
        level=_level(stored, stamp, archive),
        signed_at=_signing_time(root),
        intact=intact,
        trusted=asyncio.run(_is_trusted(certificate, stored, trust, stamp.at if stamp else None)),
        covers_whole_file=intact,
        modification="none",
    )


async def _judge_stamps(root: etree._Element, stored: _Stored, trust: Trust) -> tuple[list[_Stamp], _Stamp | None]:
    """The archive stamps and the signature's: the last is believed as of now, each other one as of the next."""
    archive: list[_Stamp] = []
    proven: dt.datetime | None = None
    try:
        for token, imprint in reversed(list(archive_stamps(root))):
            archive.append(await _judge_stamp(token, imprint, stored, trust, proven))
            proven = archive[-1].at or proven
    except SignatureInvalid:
        archive.append(_Stamp(holds=False, at=None))
    if stored.token is None:
        return archive, None
    return archive, await _judge_stamp(stored.token, timestamp_imprint(root), stored, trust, proven)


def _intact(root: etree._Element, certificate: x509.Certificate) -> bool:
    """Signature and digests hold, and what was signed is this document itself."""
    try:
        results = XAdESVerifier().verify(etree.tostring(root), x509_cert=certificate, expect_references=_REFERENCES)
    except (InvalidSignature, InvalidInput, BadSignature, UnsupportedAlgorithm, etree.LxmlError, ValueError):
        return False
    signed = [result.signed_xml for result in results if result.signed_xml is not None]
    return any(element.tag == root.tag for element in signed) and _names_itself(root)


def _names_itself(root: etree._Element) -> bool:
    """Whether the qualifying properties say they are this signature's (EN 319 132-1, 4.3.1); that is not signed."""
    signature = root.find("./ds:Signature", NAMESPACES)
    qualifying = root.find("./ds:Signature/ds:Object/xades:QualifyingProperties", NAMESPACES)
    if signature is None or qualifying is None:
        return False
    return qualifying.get("Target") == f"#{signature.get('Id')}"


async def _is_trusted(
    certificate: x509.Certificate, stored: _Stored, trust: Trust, stamped_at: dt.datetime | None
) -> bool:
    """Whether the signer was trusted when the time stamp proves the signature existed; without one, now."""
    moment = stamped_at if stored.has_revocation_data else None
    encoded = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    validator = CertificateValidator(
        encoded,
        intermediate_certs=list(stored.certificates),
        validation_context=_context(stored, trust if moment is None else trust.at(moment)),
    )
    try:
        await validator.async_validate_usage({"digital_signature"})  # type: ignore[no-untyped-call]
    except (PathError, ValidationError):
        return False
    return True


async def _judge_stamp(
    token: cms.SignedData, imprint: bytes, stored: _Stored, trust: Trust, proven: dt.datetime | None
) -> _Stamp:
    """One time stamp that existed at ``proven``.

    It is judged as of its own time as long as its certificate has not lapsed by now, or by ``proven``.
    """
    lapses = extract_certificate_info(token).signer_cert.not_valid_after
    is_good = (proven or trust.moment or dt.datetime.now(dt.UTC)) <= lapses
    as_of = trust.at(time_of(token)) if stored.has_revocation_data and is_good else trust
    status = await judge_token(token, imprint, _context(stored, as_of))
    if status is None or not (status.intact and status.valid):
        return _Stamp(holds=False, at=None)
    return _Stamp(holds=True, at=status.timestamp if status.trusted else None)


def _context(stored: _Stored, trust: Trust) -> ValidationContext:
    return trust.context(other_certs=list(stored.certificates), crls=list(stored.crls), ocsps=list(stored.ocsps))


def _stored(root: etree._Element) -> _Stored:
    stamp = root.find("./ds:Signature//xades:SignatureTimeStamp/xades:EncapsulatedTimeStamp", NAMESPACES)
    token = None if stamp is None else cms.ContentInfo.load(base64.b64decode(stamp.text or ""))["content"]
    return _Stored(
        token=token,
        certificates=tuple(
            asn1_x509.Certificate.load(data) for data in encapsulated(root, "EncapsulatedX509Certificate")
        ),
        crls=tuple(crl.CertificateList.load(data) for data in encapsulated(root, "EncapsulatedCRLValue")),
        ocsps=tuple(ocsp.OCSPResponse.load(data) for data in encapsulated(root, "EncapsulatedOCSPValue")),
    )


def encapsulated(root: etree._Element, name: str) -> Iterator[bytes]:
    for element in root.iterfind(f"./ds:Signature//xades:{name}", NAMESPACES):
        yield base64.b64decode(element.text or "")


def _level(stored: _Stored, stamp: _Stamp | None, archive: Sequence[_Stamp]) -> Level:
    if stamp is None or not stamp.holds:
        return Level.B_B
    if not (stored.certificates and stored.has_revocation_data):
        return Level.B_T
    return Level.B_LTA if archive and all(each.holds for each in archive) else Level.B_LT


def _signing_time(root: etree._Element) -> dt.datetime | None:
    text = root.findtext(".//xades:SigningTime", namespaces=NAMESPACES)
    moment = dt.datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC) if moment else None


def common_name(certificate: x509.Certificate) -> str:
    names: Any = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
