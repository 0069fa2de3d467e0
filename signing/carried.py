"""The certificates and revocation data that a signed file carries, as files of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from signing.pdf_file import is_pdf, opened
from signing.verify_xml import encapsulated, parse


def carried_evidence(file: Path) -> Mapping[str, bytes]:
    """File names and contents: certificates in PEM, CRLs and OCSP responses as they came, each named by its hash.

    A paper's signatures hold on what it carries itself; these copies are for people and for other validators. Raises
    UnreadableFile, EncryptedFile.
    """
    found = _in_pdf(file) if is_pdf(file) else _in_xml(file)
    return {f"{hashlib.sha256(content).hexdigest()[:16]}.{suffix}": content for suffix, content in found}


def _in_pdf(file: Path) -> Iterator[tuple[str, bytes]]:
    with opened(file) as reader:
        for signature in reader.embedded_signatures:
            for certificate in (signature.signer_cert, *signature.other_embedded_certs):
                yield "pem", _pem(certificate.dump())
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            return
        for reference in store.certs.values():
            yield "pem", _pem(reference.get_object().data)
        for suffix, references in (("crl", store.crls), ("ocsp", store.ocsps)):
            for reference in references:
                yield suffix, reference.get_object().data


def _in_xml(file: Path) -> Iterator[tuple[str, bytes]]:
    root = parse(file)
    kinds = (("pem", "EncapsulatedX509Certificate"), ("crl", "EncapsulatedCRLValue"), ("ocsp", "EncapsulatedOCSPValue"))
    for suffix, name in kinds:
        for content in encapsulated(root, name):
            yield suffix, _pem(content) if suffix == "pem" else content


def _pem(encoded: bytes) -> bytes:
    return x509.load_der_x509_certificate(encoded).public_bytes(Encoding.PEM)
