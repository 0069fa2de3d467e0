"""The service that ``sohoa token`` calls from officials' desks: prepared digests out, signatures in.

A desk signs in with the name of its identity and sees what waits for that identity, nothing else. It never reaches
the database, the repository, or another key.
"""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from connector.app.books import books_in, database
from connector.app.keys import desk_keys
from connector.domain.errors import ConfigurationError, DatabaseUnavailable
from connector.domain.token_signing import SignedKind
from connector.registry.connection import Database
from connector.registry.token_requests import TokenRequestRegister
from connector.settings import Settings
from connector.soap.faults import Fault
from connector.soap.http import CallerGone, Receive, Reply, Send, as_json, read_body, request_of, send_reply
from connector.soap.refusals import UNKNOWN, Refusal, Refusals
from connector.soap.security import Client, HttpRequest, PasswordGate
from connector.web.server import serve as serve_people
from signing.token_key import has_signed

_PATH = "/ky-so/v1"
_CONTENT_TYPES = {SignedKind.PDF: "image/jpeg", SignedKind.XML: "text/xml; charset=utf-8"}


class DeskService:
    """The ASGI application."""

    def __init__(
        self,
        requests: TokenRequestRegister,
        certificates: Mapping[str, x509.Certificate],
        password_hashes: Mapping[str, str],
        refusals: Refusals,
    ) -> None:
        """Certificates and password hashes (as ``sohoa serve --hash`` prints them) by identity.

        ``refusals`` audits sign-ins that failed.
        """
        self._requests = requests
        self._certificates = certificates
        self._refusals = refusals
        self._gate = PasswordGate([Client(name=name, password_hash=each) for name, each in password_hashes.items()])

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with suppress(CallerGone):
            await send_reply(await self._answer(request_of(scope), receive), receive, send)

    async def _answer(self, request: HttpRequest, receive: Receive) -> Reply:
        try:
            desk = await asyncio.to_thread(self._gate.knock, request)
            body = await read_body(request, receive)
            return await asyncio.to_thread(self._route, desk.name, request, body)
        except Fault as fault:
            self._refusals.note(Refusal(fault.claimed or UNKNOWN, "ky-so", request.peer or UNKNOWN, str(fault.name)))
            status = fault.http_status if fault.http_status < 500 else 400
            return as_json(status, {"error": fault.code})
        except DatabaseUnavailable as error:
            return as_json(503, {"error": error.code})

    def _route(self, identity: str, request: HttpRequest, body: bytes) -> Reply:
        match request.method, request.path.removeprefix(_PATH).strip("/").split("/"):
            case "GET", ["certificate"]:
                encoded = self._certificates[identity].public_bytes(Encoding.DER)
                return as_json(200, {"certificate": base64.b64encode(encoded).decode()})
            case "GET", ["requests"]:
                return self._batch(identity)
            case "GET", ["requests", number, "preview"]:
                return self._preview(identity, _id_of(number))
            case "PUT", ["requests", number, "signature"]:
                return self._accept(identity, _id_of(number), body)
        return _nothing()

    def _batch(self, identity: str) -> Reply:
        batch = self._requests.batch(identity)
        requests = [
            {
                "id": str(each.request_id),
                "paper": str(each.paper_id),
                "kind": str(each.kind),
                "title": each.title,
                "to_be_signed": base64.b64encode(each.to_be_signed).decode(),
            }
            for each in batch.requests
        ]
        return as_json(200, {"requests": requests, "working": batch.working})

    def _preview(self, identity: str, request_id: UUID | None) -> Reply:
        found = self._requests.preview(identity, request_id) if request_id else None
        if found is None:
            return _nothing()
        kind, content = found
        return Reply(status=200, body=content, content_type=_CONTENT_TYPES[kind])

    def _accept(self, identity: str, request_id: UUID | None, signature: bytes) -> Reply:
        """Only what the identity's own key has made is taken."""
        data = self._requests.to_be_signed(identity, request_id) if request_id else None
        if request_id is None or data is None:
            return _nothing()
        if not has_signed(self._certificates[identity], data, signature):
            return as_json(422, {"error": "not a signature of this certificate"})
        if not self._requests.accept(identity, request_id, signature):
            return _nothing()
        return as_json(200, {"status": "accepted"})


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _nothing() -> Reply:
    return as_json(404, {"error": "not found"})


def serve(settings: Settings, stop: threading.Event) -> None:
    """Serve until ``stop``. Raises ConfigurationError without a section [token]."""
    if settings.token is None:
        raise ConfigurationError("[token] is missing: give it host and port, for the desks of officials")
    certificates, password_hashes = desk_keys(settings)
    where = settings.token
    with database(settings) as dsn, Database(dsn) as opened:
        found = books_in(opened, settings)
        requests, refusals = TokenRequestRegister(opened, found.chain), Refusals(found.publications.audit)
        service = DeskService(requests, certificates, password_hashes, refusals)
        serve_people(service, host=where.host, port=where.port, stop=stop, certificate=where.certificate, key=where.key)
        refusals.close()
