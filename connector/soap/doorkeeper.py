"""Who is calling: by certificate through the proxy, by password, or by the message itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from connector.soap.message_signature import DS, verify_signature
from connector.soap.security import Client, HttpRequest, PasswordGate, not_signed_in
from connector.soap.username_token import TOKEN, verify_token
from connector.soap.wsse import FRESH, find_security

FirstTime = Callable[[str, dt.datetime], bool]
# what the shipped nginx configuration sets on every request, whatever the caller sent
_VERDICT_HEADER = "x-client-verify"
_CERTIFICATE_HEADER = "x-client-cert"
_ADDRESS_HEADER = "x-real-ip"


class Doorkeeper:
    """Answers with the client or not at all.

    ``first_time(mark, until)`` says whether a message was seen before, over all processes. ``trusts_proxy``: a proxy
    on this machine checks client certificates and tells us in headers; from anywhere else they are ignored.
    """

    def __init__(
        self,
        clients: Iterable[Client],
        *,
        first_time: FirstTime,
        trusts_proxy: bool = False,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        known = list(clients)
        self._by_name = {client.name: client for client in known}
        self._by_certificate = {_plain(mark): client for client in known for mark in client.certificates}
        self._expects_messages = any(client.certificates or client.shared_secret for client in known)
        self._passwords = PasswordGate(known)
        self._first_time = first_time
        self._trusts_proxy = trusts_proxy
        self._now = now

    def by_connection(self, request: HttpRequest) -> Client | None:
        """Who the HTTP request says it is; None when only the message can still tell. Raises Fault."""
        if self._trusts_proxy and request.is_local:
            verdict = request.headers.get(_VERDICT_HEADER, "NONE")
            if verdict == "SUCCESS":
                return self._holder(_certificate(request.headers.get(_CERTIFICATE_HEADER, "")))
            if verdict != "NONE":
                raise not_signed_in()
        if "authorization" in request.headers or not self._expects_messages:
            return self._passwords.knock(request)
        return None

    def origin_of(self, request: HttpRequest) -> str:
        """The caller's address, as the proxy or the connection says."""
        if self._trusts_proxy and request.is_local:
            return _address(request.headers.get(_ADDRESS_HEADER))
        return _address(request.peer)

    def by_message(self, envelope: etree._Element, request: HttpRequest, caller: Client | None) -> Client:
        """Who the message proves it is from; a Security header is never passed over. Raises Fault.

        ``caller`` is who the connection belongs to: message and connection may not name two.
        """
        security = find_security(envelope)
        if security is None:
            if caller is None:
                raise not_signed_in()
            return caller
        proven = {client.name: client for client in self._proven(envelope, security, request)}
        if caller is not None:
            proven[caller.name] = caller
        if len(proven) != 1:
            raise not_signed_in()
        return next(iter(proven.values()))

    def _proven(self, envelope: etree._Element, security: etree._Element, request: HttpRequest) -> list[Client]:
        now, proven = self._now(), []
        if security.find(f"{{{DS}}}Signature") is not None:
            certificate, value = verify_signature(envelope, security, now)
            proven.append(self._holder(certificate))
            self._see(f"signature {value}", now)
        if security.find(TOKEN) is not None:
            if not request.is_confidential:
                raise not_signed_in()
            client, nonce = verify_token(security, self._by_name, now)
            proven.append(client)
            self._see(f"nonce {client.name} {nonce}", now)
        if not proven:
            raise not_signed_in()
        return proven

    def _holder(self, certificate: x509.Certificate) -> Client:
        client = self._by_certificate.get(certificate.fingerprint(SHA256()).hex())
        if client is None:
            raise not_signed_in()
        return client

    def _see(self, what: str, now: dt.datetime) -> None:
        """Raises Fault for a repeated message; remembered as long as its time could still pass for fresh."""
        mark = hashlib.sha256("".join(what.split()).encode()).hexdigest()
        if not self._first_time(mark, now + 2 * FRESH):
            raise not_signed_in()


def _address(text: str | None) -> str:
    try:
        return str(ip_address(text or ""))
    except ValueError:
        return "-"


def _certificate(escaped: str) -> x509.Certificate:
    """A PEM as nginx escapes it for a header."""
    pem = unquote_to_bytes(escaped)
    if pem.count(b"-----BEGIN") != 1:
        raise not_signed_in()
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise not_signed_in() from error


def _plain(fingerprint: str) -> str:
    """``AB:CD…`` as openssl prints it, or plain hex."""
    return fingerprint.replace(":", "").lower()
