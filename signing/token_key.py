"""What a key on a PKCS#11 token signs, and whether a certificate's key has signed it."""

from __future__ import annotations

from typing import Any

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from connector.domain.errors import KeyUnavailable
from signing.xml_key import XmlKey, ecdsa_in_der


class TokenKey(XmlKey):
    """A private key on a token: what signxml needs of a key, and what a desk's agent signs with."""

    def __init__(self, session: pkcs11.Session, certificate: x509.Certificate, **attributes: Any) -> None:
        """``attributes`` find the key: its ``label`` or ``id``."""
        super().__init__(certificate)
        self._session = session
        self._attributes = attributes

    def sign(self, data: bytes, *_parameters: object, **_named: object) -> bytes:
        """RSA with SHA-256 (PKCS#1 v1.5), or ECDSA over SHA-256 in DER."""
        try:
            key: Any = self._session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, **self._attributes)
            if isinstance(self._public_key, rsa.RSAPublicKey):
                return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
            digest = hashes.Hash(hashes.SHA256())
            digest.update(data)
            raw = bytes(key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA))
        except pkcs11.PKCS11Error as error:
            raise KeyUnavailable(type(error).__name__) from error
        return ecdsa_in_der(raw)


def has_signed(certificate: x509.Certificate, data: bytes, signature: bytes) -> bool:
    """Whether this certificate's key made the signature, with SHA-256, over ``data``."""
    public_key = certificate.public_key()
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public_key, ec.EllipticCurvePublicKey):
            public_key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True
