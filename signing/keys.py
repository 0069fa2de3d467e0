"""Signing keys: PKCS#12 files, PKCS#11 tokens, remote services, tokens on desks; opened for PDF and for XML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import ExternalSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from connector.domain.errors import CertificateInvalid, ConfigurationError, KeyUnavailable, WrongPin
from signing.csc import CscKey, CscSession, CscXmlKey
from signing.hsm_session import open_session
from signing.token_key import TokenKey
from signing.xml_key import XmlKey

_LARGEST_CURVE = 521  # bits; a longer key is RSA


@dataclass(frozen=True, kw_only=True)
class Pkcs12Key:
    """A key file; for demo, tests and small offices."""

    path: Path
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Pkcs11Key:
    """A key on a token or HSM; ``certificate`` and ``key`` are labels."""

    module: Path
    token: str
    key: str
    certificate: str
    pin: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DeskKey:
    """A key on the USB token of whoever ``identity`` names; all we have is its certificate and chain, in PEM."""

    identity: str
    certificate: Path


SigningKey = Pkcs12Key | Pkcs11Key | CscKey | DeskKey


@dataclass(frozen=True, kw_only=True)
class OpenKey:
    """A key ready to sign: for PDF (``signer``) and, through ``xml_key``, for XML."""

    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    xml_key: Any


def open_key(key: SigningKey) -> OpenKey:
    """Open a key; its certificate has to be valid now, for pyHanko would sign with an expired one.

    Raises ConfigurationError, WrongPin, KeyUnavailable, CertificateInvalid.
    """
    match key:
        case Pkcs12Key():
            opened = _open_file(key)
        case Pkcs11Key():
            opened = _open_token(key)
        case CscKey():
            opened = _open_service(key)
        case DeskKey():
            opened = _open_desk(key)
    now = dt.datetime.now(dt.UTC)
    if not opened.certificate.not_valid_before_utc <= now <= opened.certificate.not_valid_after_utc:
        raise CertificateInvalid("outside its validity period")
    return opened


class _FileSigner(ExternalSigner):
    """Signs with a key that is parsed once; pyHanko's own signer parses it again at every signature."""

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, **details: Any) -> None:
        super().__init__(signature_value=256 if isinstance(key, rsa.RSAPrivateKey) else 80, **details)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._signature_value)
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


def _open_file(key: Pkcs12Key) -> OpenKey:
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(key.path.read_bytes(), key.password.encode())
    except OSError as error:
        raise ConfigurationError(f"the key file {key.path} cannot be read") from error
    except ValueError as error:
        raise WrongPin(f"{key.path}") from error
    if certificate is None or not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigurationError(f"{key.path} holds no RSA or EC key with its certificate")
    signer = _FileSigner(private, signing_cert=_asn1(certificate), cert_registry=_registry([certificate, *others]))
    return OpenKey(signer=signer, certificate=certificate, chain=tuple(others), xml_key=private)


def _open_token(key: Pkcs11Key) -> OpenKey:
    session = open_session(key.module, key.token, key.pin)
    certificates = _certificates(session)
    certificate = certificates.get(key.certificate)
    if certificate is None:
        raise ConfigurationError(f"token {key.token} has no certificate {key.certificate}")
    others = tuple(item for label, item in certificates.items() if label != key.certificate)
    is_ec = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    signer = PKCS11Signer(
        session,
        signing_cert=_asn1(certificate),
        ca_chain=[_asn1(item) for item in others],
        key_label=key.key,
        use_raw_mechanism=is_ec,
    )
    return OpenKey(
        signer=signer, certificate=certificate, chain=others, xml_key=TokenKey(session, certificate, label=key.key)
    )


class _ServiceSigner(ExternalSigner):
    """Signs at the service."""

    def __init__(self, key: CscXmlKey, **details: Any) -> None:
        super().__init__(signature_value=(key.key_size + 7) // 8 if key.key_size > _LARGEST_CURVE else 80, **details)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(self._signature_value)
        if digest_algorithm != "sha256":
            raise ConfigurationError("the signing service is asked for SHA-256 only")
        return self._key.sign(data)


def _open_service(key: CscKey) -> OpenKey:
    session = CscSession(key)
    certificate, *others = session.certificates()
    remote = CscXmlKey(session, certificate)
    signer = _ServiceSigner(remote, signing_cert=_asn1(certificate), cert_registry=_registry([certificate, *others]))
    return OpenKey(signer=signer, certificate=certificate, chain=tuple(others), xml_key=remote)


class AbsentXmlKey(XmlKey):
    """Stands for a key that is not here: keeps what it should sign, and gives a signature of the right form."""

    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(certificate)
        self.to_be_signed = b""

    def sign(self, data: bytes, *_parameters: object, **_named: object) -> bytes:
        """Room for the signature that somebody else makes."""
        self.to_be_signed = data
        if isinstance(self._public_key, rsa.RSAPublicKey):
            return bytes((self.key_size + 7) // 8)
        return utils.encode_dss_signature(1, 1)


def _open_desk(key: DeskKey) -> OpenKey:
    certificate, *others = desk_certificates(key)
    signer = ExternalSigner(signing_cert=_asn1(certificate), cert_registry=_registry([certificate, *others]))
    return OpenKey(
        signer=signer, certificate=certificate, chain=tuple(others), xml_key=AbsentXmlKey(certificate)
    )  # fmt: skip


def desk_certificates(key: DeskKey) -> list[x509.Certificate]:
    """The certificate of a key on a desk, then its chain. Raises ConfigurationError."""
    try:
        return x509.load_pem_x509_certificates(key.certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{key.certificate} holds no certificates in PEM") from error


def _certificates(session: pkcs11.Session) -> dict[str, x509.Certificate]:
    try:
        found = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE})
        return {
            item[pkcs11.Attribute.LABEL]: x509.load_der_x509_certificate(item[pkcs11.Attribute.VALUE]) for item in found
        }
    except pkcs11.PKCS11Error as error:
        raise KeyUnavailable(type(error).__name__) from error


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _registry(certificates: list[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([_asn1(certificate) for certificate in certificates])
    return store
