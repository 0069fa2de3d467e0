"""Enveloped XAdES on metadata XML: signxml up to B-B, the unsigned properties up to B-LT on top of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterable

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.xades.xades import XAdESSigner

from connector.domain.errors import CertificateInvalid, TimestampUnavailable
from signing.keys import OpenKey
from signing.timestamp import judge_token, translated
from signing.trust import Trust

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
NAMESPACES = {"ds": DS, "xades": XADES}
# with exclusive canonicalization signxml's signatures do not verify: it digests one form and names another
_CANONICAL = CanonicalizationMethod.CANONICAL_XML_1_1


def sign_plainly(root: etree._Element, key: OpenKey) -> etree._Element:
    """``root`` with the agency's signature as its last child, at B-B. Raises KeyUnavailable."""
    is_ec = isinstance(key.certificate.public_key(), ec.EllipticCurvePublicKey)
    signer = XAdESSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.ECDSA_SHA256 if is_ec else SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_CANONICAL,
    )
    with translated():
        signed: etree._Element = signer.sign(root, key=key.xml_key, cert=[key.certificate], always_add_key_value=False)
    return signed


def put_signature(signed: etree._Element, signature: bytes, key: OpenKey) -> None:
    """The value that another key has made, in the place of one that only stood for it.

    ECDSA comes in DER and stands in XML as r and s side by side (RFC 4050).
    """
    value = signed.find("./ds:Signature/ds:SignatureValue", NAMESPACES)
    assert value is not None
    public_key = key.certificate.public_key()
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        length = (public_key.key_size + 7) // 8
        signature = b"".join(number.to_bytes(length) for number in utils.decode_dss_signature(signature))
    value.text = _base64(signature)


def complete_xml(
    signed: etree._Element, known: Iterable[x509.Certificate], timestamper: TimeStamper, trust: Trust
) -> None:
    """Bring a signature from B-B to B-LT: what an offline validator needs. ``known`` are its issuers.

    Raises TimestampUnavailable, CertificateInvalid.
    """
    with translated():
        asyncio.run(_complete(signed, known, timestamper, trust))


async def _complete(
    signed: etree._Element, known: Iterable[x509.Certificate], timestamper: TimeStamper, trust: Trust
) -> None:
    """Time stamp, certificates and revocation values."""
    unsigned = _emptied(signed)
    imprint = timestamp_imprint(signed)
    token = await timestamper.async_timestamp(imprint, "sha256")
    _add_timestamp(unsigned, token)
    context = trust.context()
    certificate = _signer_of(signed)
    certificates = await _signer_path(certificate, known, context)
    certificates += await _timestamp_path(token, imprint, context)
    _add_certificates(unsigned, certificates, known=certificate.dump())
    _add_revocation_values(unsigned, context)


def add_issuers(signed: etree._Element, known: Iterable[x509.Certificate]) -> None:
    """What a signature that stays at B-B for now needs to be believed: without its issuers nobody finds its root."""
    issuers = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in known]
    _add_certificates(_emptied(signed), issuers, known=_signer_of(signed).dump())


def _emptied(signed: etree._Element) -> etree._Element:
    """The place of unsigned properties, without what stands there: no time stamp is over it yet."""
    qualifying = signed.find(".//xades:QualifyingProperties", NAMESPACES)
    assert qualifying is not None
    earlier = qualifying.find("./xades:UnsignedProperties", NAMESPACES)
    if earlier is not None:
        qualifying.remove(earlier)
    return _child(_child(qualifying, "UnsignedProperties"), "UnsignedSignatureProperties")


def timestamp_imprint(signed: etree._Element) -> bytes:
    """The digest that a signature time stamp is over: the canonical SignatureValue (EN 319 132-1, 5.3)."""
    value = signed.find(".//ds:SignatureValue", NAMESPACES)
    assert value is not None
    canonical = etree.tostring(value, method="c14n", exclusive=False, with_comments=False)
    return hashlib.sha256(canonical).digest()


def _add_timestamp(unsigned: etree._Element, token: cms.ContentInfo) -> None:
    stamp = _child(unsigned, "SignatureTimeStamp")
    etree.SubElement(stamp, f"{{{DS}}}CanonicalizationMethod", Algorithm=_CANONICAL.value)
    _child(stamp, "EncapsulatedTimeStamp").text = _base64(token.dump())


def _signer_of(signed: etree._Element) -> asn1_x509.Certificate:
    encoded = signed.findtext("./ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", namespaces=NAMESPACES) or ""
    return asn1_x509.Certificate.load(base64.b64decode(encoded))


async def _signer_path(
    certificate: asn1_x509.Certificate, known: Iterable[x509.Certificate], context: ValidationContext
) -> list[asn1_x509.Certificate]:
    others = [asn1_x509.Certificate.load(item.public_bytes(Encoding.DER)) for item in known]
    validator = CertificateValidator(certificate, intermediate_certs=others, validation_context=context)
    path = await validator.async_validate_usage(set())  # type: ignore[no-untyped-call]
    return list(path.iter_certs(include_root=True))


async def _timestamp_path(
    token: cms.ContentInfo, imprint: bytes, context: ValidationContext
) -> list[asn1_x509.Certificate]:
    status = await judge_token(token["content"], imprint, context)
    if status is None or not (status.intact and status.valid):
        raise TimestampUnavailable("the service answered with a time stamp that does not hold")
    if status.validation_path is None:
        raise CertificateInvalid("the time-stamp service is not trusted")
    return list(status.validation_path.iter_certs(include_root=True))


def _add_certificates(unsigned: etree._Element, certificates: Iterable[asn1_x509.Certificate], *, known: bytes) -> None:
    values = _child(unsigned, "CertificateValues")
    for encoded in dict.fromkeys(certificate.dump() for certificate in certificates):
        if encoded != known:
            _child(values, "EncapsulatedX509Certificate").text = _base64(encoded)


def _add_revocation_values(unsigned: etree._Element, context: ValidationContext) -> None:
    values = _child(unsigned, "RevocationValues")
    for group, element, items in (
        ("CRLValues", "EncapsulatedCRLValue", context.crls),
        ("OCSPValues", "EncapsulatedOCSPValue", context.ocsps),
    ):
        if items:
            parent = _child(values, group)
            for encoded in dict.fromkeys(item.dump() for item in items):
                _child(parent, element).text = _base64(encoded)


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XADES}}}{name}")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
