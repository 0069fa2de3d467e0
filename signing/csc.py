"""A key at a remote signing service: Cloud Signature Consortium API 2.0.0.2, hashes signed one at a time.

The service keeps the key; we send digests, never documents. Sign-in is OAuth 2 client credentials (8.4), the
credential is authorized by PIN for each signature (11.6), the digest is signed by signatures/signHash (11.10).
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa, utils

from connector.domain.errors import ConfigurationError, KeyUnavailable, SigningError, WrongPin
from connector.domain.secret_transport import keeps_secrets
from signing.xml_key import XmlKey, ecdsa_in_der

_SHA256 = "2.16.840.1.101.3.4.2.1"
_RSA_SHA256 = "1.2.840.113549.1.1.11"
_ECDSA_SHA256 = "1.2.840.10045.4.3.2"
_PIN_ERRORS = {"invalid_pin", "invalid_otp", "locked_pin"}


@dataclass(frozen=True, kw_only=True)
class CscKey:
    """A credential at a service; ``url`` ends before ``/csc/v2``, ``seconds`` is for one answer."""

    url: str
    credential: str
    client_id: str
    client_secret: str = field(repr=False)
    pin: str = field(repr=False)
    seconds: float = 30.0


class CscSession:
    """One sign-in; the token is asked for again when the service has forgotten it."""

    def __init__(self, key: CscKey) -> None:
        if not keeps_secrets(key.url):
            raise ConfigurationError("a PIN is sent to a signing service over https only")
        self._key = key
        self._http = requests.Session()

    def certificates(self) -> list[x509.Certificate]:
        """The signer's certificate, then its chain. Raises KeyUnavailable, ConfigurationError."""
        answer = self._call("credentials/info", credentialID=self._key.credential, certificates="chain")
        try:
            encoded = answer["cert"]["certificates"]
            return [x509.load_der_x509_certificate(base64.b64decode(each)) for each in encoded]
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError("the signing service names no certificate for the credential") from error

    def sign(self, data: bytes, certificate: x509.Certificate) -> bytes:
        """RSA PKCS#1 v1.5 or ECDSA (DER) over SHA-256. Raises WrongPin, KeyUnavailable, SigningError."""
        is_rsa = isinstance(certificate.public_key(), rsa.RSAPublicKey)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        hashed = {"credentialID": self._key.credential, "hashes": [digest], "hashAlgorithmOID": _SHA256}
        pin = [{"id": "PIN", "value": self._key.pin}]
        allowed = self._call("credentials/authorize", numSignatures=1, authData=pin, **hashed)
        algorithm = _RSA_SHA256 if is_rsa else _ECDSA_SHA256
        signed = self._call("signatures/signHash", SAD=allowed.get("SAD"), signAlgo=algorithm, **hashed)
        try:
            signature = base64.b64decode(signed["signatures"][0])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise SigningError("the signing service answered without a signature") from error
        return signature if is_rsa else _as_der(signature)

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        """One operation; a token that has lapsed is renewed once."""
        for attempt in itertools.count():
            if "Authorization" not in self._http.headers:
                self._sign_in()
            answer = self._post(operation, json=request)
            if answer.status_code != requests.codes.unauthorized or attempt:
                return self._checked(answer)
            del self._http.headers["Authorization"]
        raise AssertionError("not reached")

    def _sign_in(self) -> None:
        identity = {"client_id": self._key.client_id, "client_secret": self._key.client_secret}
        answer = self._post("oauth2/token", data={"grant_type": "client_credentials", **identity})
        if answer.status_code in (requests.codes.bad_request, requests.codes.unauthorized):
            raise ConfigurationError("the signing service refuses client_id or client_secret")
        self._http.headers["Authorization"] = f"Bearer {self._checked(answer).get('access_token')}"

    def _post(self, operation: str, **body: Any) -> requests.Response:
        try:
            address = f"{self._key.url.rstrip('/')}/csc/v2/{operation}"
            return self._http.post(address, timeout=self._key.seconds, allow_redirects=False, **body)
        except requests.RequestException as error:
            raise KeyUnavailable(f"signing service, {type(error).__name__}") from error

    def _checked(self, answer: requests.Response) -> dict[str, Any]:
        """The answer's object; errors by the service's code, never its text, which may hold what we sent."""
        try:
            content = answer.json()
        except requests.JSONDecodeError:
            content = {}
        if answer.ok and isinstance(content, dict):
            return content
        code = str(content.get("error", "")) if isinstance(content, dict) else ""
        if code in _PIN_ERRORS:
            raise WrongPin("signing service")
        if answer.status_code >= requests.codes.server_error or answer.status_code == requests.codes.too_many:
            raise KeyUnavailable(f"signing service, HTTP {answer.status_code}")
        raise SigningError(f"signing service, HTTP {answer.status_code}")


def _as_der(signature: bytes) -> bytes:
    """ECDSA as CMS and signxml want it; some services answer r and s side by side."""
    try:
        utils.decode_dss_signature(signature)
    except ValueError:
        return ecdsa_in_der(signature)
    return signature


class CscXmlKey(XmlKey):
    """What signxml needs of a private key, answered by the service."""

    def __init__(self, session: CscSession, certificate: x509.Certificate) -> None:
        super().__init__(certificate)
        self._session = session
        self._certificate = certificate

    def sign(self, data: bytes, *_parameters: object, **_named: object) -> bytes:
        """RSA with SHA-256 (PKCS#1 v1.5), or ECDSA over SHA-256 in DER."""
        return self._session.sign(data, self._certificate)
