"""The XML signature of a message, under a policy that leaves a wrapped message no way through."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from connector.soap.security import not_signed_in
from connector.soap.wsse import WSSE, WSU, WSU_ID, body_of, check_fresh, elements_by_id, only

DS = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = f"{DS}enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
_SIGNATURE_METHODS = frozenset(f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512))
_DIGEST_METHODS = frozenset({f"{_ENCRYPTION}sha256", f"{_MORE}sha384", f"{_ENCRYPTION}sha512"})
_TRANSFORMS = ([_EXCLUSIVE], [_ENVELOPED, _EXCLUSIVE])  # the second is what node's xml-crypto writes
_MOST_REFERENCES = 8
_SHORTEST_RSA = 2048


def verify_signature(
    envelope: etree._Element, security: etree._Element, now: dt.datetime
) -> tuple[x509.Certificate, str]:
    """The certificate that signed the Body and the Timestamp of this very message, and the signature's value.

    Whether the certificate is anyone's is for the caller to say. The rules: one Signature, one Timestamp, one Body;
    every id once; every reference a ``#id`` of an element where its kind belongs; SHA-256 or better; exclusive
    canonicalization only; the Body and Timestamp that are read must be among what is referred to. Raises Fault.
    """
    signature = only(security, f"{{{DS}}}Signature")
    timestamp = only(security, f"{{{WSU}}}Timestamp")
    created, expires = timestamp.findtext(f"{{{WSU}}}Created"), timestamp.findtext(f"{{{WSU}}}Expires")
    check_fresh(created, now, expires=expires)
    by_id = elements_by_id(envelope)
    _check_algorithms(signature)
    signed = [_target(reference, by_id) for reference in _references(signature)]
    if body_of(envelope) not in signed or timestamp not in signed:
        raise not_signed_in()
    if any(element.getparent() not in (envelope, security) and not _is_header(element) for element in signed):
        raise not_signed_in()
    certificate = _certificate(signature, security, by_id)
    _check_value(signature, signed, certificate, now)
    return certificate, signature.findtext(f"{{{DS}}}SignatureValue", "")


def _check_algorithms(signature: etree._Element) -> None:
    info = only(signature, f"{{{DS}}}SignedInfo")
    canonicalization = info.find(f"{{{DS}}}CanonicalizationMethod")
    method = info.find(f"{{{DS}}}SignatureMethod")
    if canonicalization is None or canonicalization.get("Algorithm") != _EXCLUSIVE:
        raise not_signed_in()
    if method is None or method.get("Algorithm") not in _SIGNATURE_METHODS:
        raise not_signed_in()


def _references(signature: etree._Element) -> list[etree._Element]:
    references = signature.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")
    everywhere = list(signature.iter(f"{{{DS}}}Reference"))
    if not 0 < len(references) <= _MOST_REFERENCES or references != everywhere:
        raise not_signed_in()
    for reference in references:
        digest = reference.find(f"{{{DS}}}DigestMethod")
        transforms = [item.get("Algorithm") for item in reference.iterfind(f"{{{DS}}}Transforms/{{{DS}}}Transform")]
        if digest is None or digest.get("Algorithm") not in _DIGEST_METHODS or transforms not in _TRANSFORMS:
            raise not_signed_in()
    return references


def _target(reference: etree._Element, by_id: Mapping[str, etree._Element]) -> etree._Element:
    uri = reference.get("URI", "")
    target = by_id.get(uri[1:]) if uri.startswith("#") else None
    if target is None:
        raise not_signed_in()
    return target


def _is_header(element: etree._Element) -> bool:
    """Whether it is a block of the envelope's header."""
    header = element.getparent()
    return header is not None and header.getparent() is element.getroottree().getroot()


def _certificate(
    signature: etree._Element, security: etree._Element, by_id: Mapping[str, etree._Element]
) -> x509.Certificate:
    """From the BinarySecurityToken that KeyInfo refers to, or from X509Data inside KeyInfo."""
    token = signature.find(f"{{{DS}}}KeyInfo/{{{WSSE}}}SecurityTokenReference")
    if token is None:
        raise not_signed_in()
    reference = token.find(f"{{{WSSE}}}Reference")
    if reference is not None:
        holder = by_id.get(reference.get("URI", "")[1:])
        if holder is None or holder.getparent() is not security or holder.tag != f"{{{WSSE}}}BinarySecurityToken":
            raise not_signed_in()
    else:
        holder = token.find(f"{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    try:
        return x509.load_der_x509_certificate(base64.b64decode("".join((holder.text or "").split())))  # type: ignore[union-attr]
    except (AttributeError, ValueError, binascii.Error) as error:
        raise not_signed_in() from error


def _check_value(
    signature: etree._Element, signed: list[etree._Element], certificate: x509.Certificate, now: dt.datetime
) -> None:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise not_signed_in()
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey) and key.key_size < _SHORTEST_RSA:
        raise not_signed_in()
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem)
    for element in signed:
        _register(context, element)
    try:
        context.verify(signature)
    except xmlsec.Error as error:
        raise not_signed_in() from error


def _register(context: xmlsec.SignatureContext, element: etree._Element) -> None:
    """Tell xmlsec the id by which we found the element: the very same one, or nothing verifies."""
    if element.get(WSU_ID) is not None:
        context.register_id(element, "Id", WSU)
        return
    for name in ("Id", "ID", "id"):
        if element.get(name) is not None:
            context.register_id(element, name)
            return
