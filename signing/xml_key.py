"""What signxml asks of a key, whoever holds its private half."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils


class XmlKey:
    """The half that a certificate shows; each subclass signs in its own way."""

    def __init__(self, certificate: x509.Certificate) -> None:
        self._public_key = certificate.public_key()

    @property
    def key_size(self) -> int:
        """Bits."""
        assert isinstance(self._public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
        return self._public_key.key_size

    def public_key(self) -> Any:
        """The public half."""
        return self._public_key


def ecdsa_in_der(side_by_side: bytes) -> bytes:
    """An ECDSA signature as CMS and signxml want it, from r and s side by side."""
    half = len(side_by_side) // 2
    return utils.encode_dss_signature(int.from_bytes(side_by_side[:half]), int.from_bytes(side_by_side[half:]))
