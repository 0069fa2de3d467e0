"""Archive time stamps of XAdES (EN 319 132-1, 5.5.2): what makes a metadata signature outlive its certificates."""

from __future__ import annotations

import asyncio
import base64
import copy
import hashlib
from collections.abc import Iterator

from asn1crypto import cms
from lxml import etree
from pyhanko.sign.timestamps import TimeStamper

from connector.domain.errors import SignatureInvalid
from signing.timestamp import translated

_DS = "http://www.w3.org/2000/09/xmldsig#"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_XADES_141 = "http://uri.etsi.org/01903/v1.4.1#"
_NAMES = {"ds": _DS, "xades": _XADES, "xades141": _XADES_141}
_CANONICAL = "http://www.w3.org/2006/12/xml-c14n11"
_PROPERTIES = (
    "./ds:Signature/ds:Object/xades:QualifyingProperties/xades:UnsignedProperties/xades:UnsignedSignatureProperties"
)


def archive_stamps(root: etree._Element) -> Iterator[tuple[cms.SignedData, bytes]]:
    """Each archive time stamp in document order, with the SHA-256 that it has to be over."""
    for stamp in root.iterfind(f"{_PROPERTIES}/xades141:ArchiveTimeStamp", _NAMES):
        encoded = stamp.findtext("xades:EncapsulatedTimeStamp", namespaces=_NAMES) or ""
        token = cms.ContentInfo.load(base64.b64decode(encoded))["content"]
        yield token, _imprint(root, until=stamp)


def time_stamps(root: etree._Element) -> list[cms.SignedData]:
    """The signature's time stamp, then its archive time stamps; none at B-B."""
    encoded = root.iterfind(f"{_PROPERTIES}/*/xades:EncapsulatedTimeStamp", _NAMES)
    return [cms.ContentInfo.load(base64.b64decode(each.text or ""))["content"] for each in encoded]


def add_archive_stamp(root: etree._Element, timestamper: TimeStamper) -> None:
    """One more time stamp over the document, its signature, and all validation data so far.

    Raises TimestampUnavailable; SignatureInvalid where the signature does not hold.
    """
    properties = root.find(_PROPERTIES, _NAMES)
    if properties is None:
        raise SignatureInvalid("there is no validation data to stamp")
    with translated():
        token = asyncio.run(timestamper.async_timestamp(_imprint(root), "sha256"))
    stamp = etree.SubElement(properties, f"{{{_XADES_141}}}ArchiveTimeStamp", nsmap={"xades141": _XADES_141})
    etree.SubElement(stamp, f"{{{_DS}}}CanonicalizationMethod", Algorithm=_CANONICAL)
    etree.SubElement(stamp, f"{{{_XADES}}}EncapsulatedTimeStamp").text = base64.b64encode(token.dump()).decode()


def _imprint(root: etree._Element, until: etree._Element | None = None) -> bytes:
    """What was signed, the signature, and the unsigned properties before ``until``, in that order."""
    signature = root.find("./ds:Signature", _NAMES)
    properties = root.find(_PROPERTIES, _NAMES)
    if signature is None or properties is None:
        raise SignatureInvalid("there is no signature to stamp")
    digest = hashlib.sha256()
    for reference in signature.iterfind("./ds:SignedInfo/ds:Reference", _NAMES):
        digest.update(_referenced(root, signature, reference))
    for name in ("SignedInfo", "SignatureValue", "KeyInfo"):
        for element in signature.iterfind(f"./ds:{name}", _NAMES):
            digest.update(_canonical(element))
    for unsigned in properties:
        if unsigned is until:
            break
        digest.update(_canonical(unsigned))
    return digest.digest()


def _referenced(root: etree._Element, signature: etree._Element, reference: etree._Element) -> bytes:
    """The bytes under one reference; they have to be those that were signed."""
    uri = reference.get("URI", "")
    if uri:
        target = next((each for each in signature.iter() if f"#{each.get('Id')}" == uri), None)
        if target is None:
            raise SignatureInvalid("a reference leads outside the signature")
        data = _canonical(target)
    else:
        data = _without_signature(root)
    signed = reference.findtext("ds:DigestValue", namespaces=_NAMES) or ""
    if hashlib.sha256(data).digest() != base64.b64decode(signed):
        raise SignatureInvalid("what was signed has changed")
    return data


def _without_signature(root: etree._Element) -> bytes:
    """The enveloped-signature transform."""
    whole = copy.deepcopy(root)
    signature = whole.find("./ds:Signature", _NAMES)
    assert signature is not None
    before = signature.getprevious()
    if signature.tail and before is not None:
        before.tail = (before.tail or "") + signature.tail
    whole.remove(signature)
    return _canonical(whole)


def _canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=False, with_comments=False)
