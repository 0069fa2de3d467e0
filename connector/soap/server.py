"""The service on HTTP: SOAP calls, the contract's files, health."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from connector.domain.errors import SohoaError
from connector.soap.calls import ReadContent, SoapCalls
from connector.soap.http import CallerGone, Receive, Reply, Send, as_json, request_of, send_reply
from connector.soap.operations import Backing
from connector.soap.security import Client, HttpRequest, PasswordGate
from connector.soap.service import KhoService
from connector.soap.wsdl import Contract

ENDPOINT = "/KhoGiayTo"
_READY_SECONDS = 5.0
_HEADER_MILLISECONDS = 10_000
_log = logging.getLogger(__name__)


class Application:
    """The ASGI application; one for each process."""

    def __init__(
        self,
        calls: SoapCalls,
        contract: Contract,
        *,
        public_url: str | None,
        dependencies: Mapping[str, Callable[[], object]],
    ) -> None:
        self._calls = calls
        self._contract = contract
        self._public_url = public_url.rstrip("/") if public_url else None
        self._dependencies = dependencies

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = request_of(scope)
        with suppress(CallerGone):
            reply = await self._route(request, receive)
            await send_reply(reply, receive, send, without_body=request.method == "HEAD")

    async def _route(self, request: HttpRequest, receive: Receive) -> Reply:
        if request.method == "POST" and request.path == ENDPOINT:
            return await self._calls.reply(request, receive)
        if request.path not in (ENDPOINT, "/health/live", "/health/ready"):
            return as_json(404, {"error": "not found"})
        if request.method not in ("GET", "HEAD"):
            allowed = "GET, HEAD, POST" if request.path == ENDPOINT else "GET, HEAD"
            return Reply(status=405, body=b"", headers={"allow": allowed})
        if request.path == "/health/live":
            return as_json(200, {"status": "ok"})
        if request.path == "/health/ready":
            return await self._ready()
        return self._contract_file(request)

    def _contract_file(self, request: HttpRequest) -> Reply:
        query = request.query
        name = "kho.wsdl" if query.lower() in ("wsdl", "singlewsdl") else query.removeprefix("xsd=")
        content = self._contract.published(name, self._endpoint(request))
        if content is None:
            return as_json(404, {"error": "ask for ?wsdl"})
        return Reply(status=200, body=content)

    def _endpoint(self, request: HttpRequest) -> str:
        """The address callers use: as configured, else as this caller came in."""
        base = self._public_url or f"{request.scheme}://{request.headers.get('host', 'localhost')}"
        return base if base.endswith(ENDPOINT) else base + ENDPOINT

    async def _ready(self) -> Reply:
        checks = [_state_of(name, check) for name, check in self._dependencies.items()]
        states = dict(await asyncio.gather(*checks))
        ready = all(state == "ok" for state in states.values())
        values = {"status": "ok" if ready else "unavailable", "dependencies": states}
        return as_json(200 if ready else 503, values)


async def _state_of(name: str, check: Callable[[], object]) -> tuple[str, str]:
    try:
        await asyncio.wait_for(asyncio.to_thread(check), _READY_SECONDS)
    except TimeoutError:
        return name, "no answer"
    except (SohoaError, OSError) as error:
        _log.warning("%s is not ready: %s", name, error)
        return name, "unavailable"
    return name, "ok"


def create_application(
    backing: Backing,
    *,
    clients: Iterable[Client],
    read_content: ReadContent,
    keyed_hash: Callable[[str], str],
    public_url: str | None = None,
    dependencies: Mapping[str, Callable[[], object]] | None = None,
) -> Application:
    """The service over its dependencies.

    ``read_content(repository_id, object_id)`` streams a file, in another thread. ``dependencies`` are checks for
    /health/ready that raise when theirs is down. ``public_url`` is what the WSDL names; without it the address
    each caller used.
    """
    contract = Contract()
    service = KhoService(backing, keyed_hash=keyed_hash)
    calls = SoapCalls(contract, service, PasswordGate(clients), read_content)
    return Application(calls, contract, public_url=public_url, dependencies=dependencies or {})


def serve(
    application: Application,
    *,
    host: str,
    port: int,
    stop: threading.Event | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until ``stop`` is set; running answers are finished first. ``key`` is unencrypted PKCS#8 PEM."""
    asyncio.run(_serve(application, host, port, stop or threading.Event(), certificate, key))


async def _serve(
    application: Application, host: str, port: int, stop: threading.Event, certificate: Path | None, key: Path | None
) -> None:
    server: Any = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS),
        ssl_cert=certificate,
        ssl_key=key,
    )
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(_wait_for(stop))
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    server.stop()
    stopping.cancel()
    await serving


async def _wait_for(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)
