"""Whether a certificate is still good before it signs: pyHanko would sign at B-B with a revoked one."""

from __future__ import annotations

import asyncio
import time

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator

from signing.keys import OpenKey
from signing.timestamp import translated
from signing.trust import Trust

_REMEMBERED = 300.0  # seconds that a good answer counts: a batch asks once


class Revocations:
    """Asks the services that certificates name, and remembers good answers for a few minutes."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._good_until: dict[bytes, float] = {}

    def refuse_revoked(self, key: OpenKey) -> None:
        """Ask about a key's certificate and its chain.

        Raises CertificateInvalid where one is revoked or not trusted, TimestampUnavailable where nobody answers:
        nothing is signed before it is known.
        """
        certificate = key.certificate.public_bytes(Encoding.DER)
        if self._good_until.get(certificate, 0.0) > time.monotonic():
            return
        others = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in key.chain]
        validator = CertificateValidator(
            asn1_x509.Certificate.load(certificate),
            intermediate_certs=others,
            validation_context=self._trust.context(),
        )
        with translated():
            asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]
        self._good_until[certificate] = time.monotonic() + _REMEMBERED
