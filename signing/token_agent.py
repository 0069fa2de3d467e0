"""The agent on the desk of whoever holds a USB token: fetches what waits, signs it with the token, hands it in.

It knows the service's address and the token, nothing of the database, the repository or other keys. Light on
purpose: it needs neither pyHanko nor OCR.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
import requests
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from connector.domain.errors import (
    ConfigurationError,
    KeyUnavailable,
    NotAuthorised,
    SignatureInvalid,
    SigningForbidden,
)
from connector.domain.secret_transport import keeps_secrets
from connector.domain.token_signing import SignedKind
from signing.hsm_session import open_session
from signing.token_key import TokenKey, has_signed

_SECONDS = 30.0  # for one answer
_ATTEMPTS = 6
_FIRST_PAUSE = 0.5  # seconds, doubled after each lost call


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One signature that waits for us."""

    request_id: str
    paper: str
    kind: SignedKind
    title: str
    to_be_signed: bytes


class DeskLine:
    """The line to the service; a call that is lost is made again, and the service takes a signature once."""

    def __init__(self, url: str, identity: str, password: str, *, ca_file: Path | None = None) -> None:
        """Raises ConfigurationError for an address where a password could be read on the way."""
        if not keeps_secrets(url):
            raise ConfigurationError("a password is sent over https only")
        self._url = f"{url.rstrip('/')}/ky-so/v1"
        self._http = requests.Session()
        self._http.headers["Authorization"] = _basic(identity, password)
        self._http.trust_env = False
        if ca_file is not None:
            self._http.verify = str(ca_file)

    def certificate(self) -> x509.Certificate:
        """The certificate that our identity signs with."""
        answer = self._call("GET", "certificate").json()
        return x509.load_der_x509_certificate(base64.b64decode(answer["certificate"]))

    def waiting(self) -> tuple[list[Waiting], int]:
        """What waits for us, and how much more is being prepared or completed."""
        answer = self._call("GET", "requests").json()
        found = [
            Waiting(
                request_id=str(each["id"]),
                paper=str(each["paper"]),
                kind=SignedKind(each["kind"]),
                title=str(each["title"]),
                to_be_signed=base64.b64decode(each["to_be_signed"]),
            )
            for each in answer["requests"]
        ]
        return found, int(answer["working"])

    def preview(self, waiting: Waiting) -> bytes:
        """A picture of page 1 (JPEG), or the metadata (XML)."""
        return self._call("GET", f"requests/{waiting.request_id}/preview").content

    def hand_in(self, waiting: Waiting, signature: bytes) -> bool:
        """False where nobody waits for it any more. Raises SignatureInvalid where the service refuses it."""
        answer = self._call("PUT", f"requests/{waiting.request_id}/signature", data=signature)
        if answer.status_code == requests.codes.unprocessable:
            raise SignatureInvalid("the service refuses the signature")
        return answer.ok

    def _call(self, method: str, path: str, **content: Any) -> requests.Response:
        """Raises NotAuthorised, KeyUnavailable after some attempts."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                answer = self._http.request(
                    method, f"{self._url}/{path}", timeout=_SECONDS, allow_redirects=False, **content
                )
            except requests.RequestException:
                continue
            if answer.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
                raise NotAuthorised("the service refuses identity or password")
            if answer.status_code < requests.codes.server_error:
                return answer
        raise KeyUnavailable("the signing service does not answer")


def _basic(identity: str, password: str) -> str:
    """HTTP Basic in UTF-8; requests itself would take Latin letters only."""
    return f"Basic {base64.b64encode(f'{identity}:{password}'.encode()).decode()}"


def find_token(module: Path, certificate: x509.Certificate) -> tuple[str, dict[str, Any]]:
    """The label of the plugged-in token that holds a certificate, and what finds its key. No PIN is needed yet.

    Raises ConfigurationError where the driver is not there, KeyUnavailable where no token holds the certificate.
    """
    if not module.is_file():
        raise ConfigurationError(f"there is no PKCS#11 module {module}")
    encoded = certificate.public_bytes(Encoding.DER)
    try:
        for token in pkcs11.lib(str(module)).get_tokens():
            with token.open() as session:
                for found in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}):
                    if found[pkcs11.Attribute.VALUE] == encoded:
                        return token.label, {"id": found[pkcs11.Attribute.ID]}
    except pkcs11.PKCS11Error as error:
        raise KeyUnavailable(type(error).__name__) from error
    except (RuntimeError, OSError) as error:
        raise ConfigurationError(f"the PKCS#11 module {module} cannot be loaded") from error
    raise KeyUnavailable("no token that is plugged in holds the certificate of this identity")


class TokenAgent:
    """Signs batches; the PIN is kept in memory while it lives, for a token that was plugged in again."""

    def __init__(self, line: DeskLine, module: Path) -> None:
        self._line = line
        self._module = module
        self._certificate = line.certificate()
        self._token, self._key = find_token(module, self._certificate)

    @property
    def signer(self) -> str:
        """Whose certificate it is."""
        names = self._certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""

    def check_pin(self, pin: str) -> None:
        """Sign in to the token. Raises WrongPin, KeyUnavailable."""
        open_session(self._module, self._token, pin)

    def sign(self, batch: Sequence[Waiting], pin: str) -> Iterator[bool]:
        """Sign and hand in one after the other; says of each whether it was still waited for.

        Whatever ends it, what was handed in stays, and the rest waits for the next time. Raises SigningForbidden for
        something that is no signature of a document, KeyUnavailable, WrongPin, SignatureInvalid.
        """
        for waiting in batch:
            refuse_other_than_documents(waiting)
            key = TokenKey(open_session(self._module, self._token, pin), self._certificate, **self._key)
            signature = key.sign(waiting.to_be_signed)
            if not has_signed(self._certificate, waiting.to_be_signed, signature):
                raise SignatureInvalid("the token's key is not the certificate's")
            yield self._line.hand_in(waiting, signature)


def refuse_other_than_documents(waiting: Waiting) -> None:
    """A token signs what it is given: take only the attributes of a CMS signature, or the SignedInfo of an XML one.

    Raises SigningForbidden.
    """
    data = waiting.to_be_signed
    if waiting.kind is SignedKind.XML:
        good = data.startswith(b"<ds:SignedInfo") and data.endswith(b"</ds:SignedInfo>")
    else:
        good = _is_signed_attributes(data)
    if not good:
        raise SigningForbidden("the service asks for something that is no signature of a document")


def _is_signed_attributes(data: bytes) -> bool:
    try:
        attributes = {each["type"].native: each["values"].native for each in cms.CMSAttributes.load(data, strict=True)}
    except (ValueError, TypeError):
        return False
    return attributes.get("content_type") == ["data"] and "message_digest" in attributes
