"""The service on HTTP: SOAP calls, the contract's files, health and figures."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.constants import SSLProtocols as TlsVersions
from granian.http import HTTP1Settings
from granian.server.embed import Server

from connector.soap.calls import ReadContent, SoapCalls
from connector.soap.doorkeeper import Doorkeeper, FirstTime
from connector.soap.health import Dependencies
from connector.soap.http import CallerGone, Receive, Reply, Send, as_json, request_of, send_reply
from connector.soap.metrics import Metrics
from connector.soap.operations import Backing
from connector.soap.rates import Rates, TakeCalls
from connector.soap.refusals import Refusals
from connector.soap.security import Client, HttpRequest
from connector.soap.service import KhoService
from connector.soap.wsdl import Contract

ENDPOINT = "/KhoGiayTo"
_HEADER_MILLISECONDS = 10_000
_MOST_WAITING = 1024


class Application:
    """The ASGI application; one for each process."""

    def __init__(
        self,
        calls: SoapCalls,
        contract: Contract,
        *,
        public_url: str | None,
        dependencies: Dependencies,
        metrics: Metrics,
    ) -> None:
        self._calls = calls
        self._contract = contract
        self._public_url = public_url.rstrip("/") if public_url else None
        self._dependencies = dependencies
        self._metrics = metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await _answer(self._route, scope, receive, send)

    async def metrics(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """A second ASGI application, for a port that only the monitoring reaches."""
        await _answer(self._figures, scope, receive, send)

    def close(self) -> None:
        """After the last answer."""
        self._calls.close()

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
        name = "kho.wsdl" if query.lower() == "wsdl" else query.removeprefix("xsd=")
        content = self._contract.published(name, self._endpoint(request))
        if content is None:
            return as_json(404, {"error": "ask for ?wsdl"})
        return Reply(status=200, body=content)

    def _endpoint(self, request: HttpRequest) -> str:
        """The address callers use: as configured, else as this caller came in."""
        base = self._public_url or f"{request.scheme}://{request.headers.get('host', 'localhost')}"
        return base if base.endswith(ENDPOINT) else base + ENDPOINT

    async def _ready(self) -> Reply:
        states = await self._dependencies.states()
        ready = all(state == "ok" for state in states.values())
        values = {"status": "ok" if ready else "unavailable", "dependencies": states}
        return as_json(200 if ready else 503, values)

    async def _figures(self, request: HttpRequest, receive: Receive) -> Reply:
        if request.path != "/metrics" or request.method != "GET":
            return as_json(404, {"error": "ask for /metrics"})
        states = await self._dependencies.states()
        text = self._metrics.text({name: state == "ok" for name, state in states.items()})
        return Reply(status=200, body=text.encode(), content_type="text/plain; version=0.0.4; charset=utf-8")


async def _answer(route: Any, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    request = request_of(scope)
    with suppress(CallerGone):
        reply = await route(request, receive)
        await send_reply(reply, receive, send, without_body=request.method == "HEAD")


def create_application(
    backing: Backing,
    *,
    clients: Iterable[Client],
    read_content: ReadContent,
    keyed_hash: Callable[[str], str],
    public_url: str | None = None,
    dependencies: Mapping[str, Callable[[], object]] | None = None,
    first_time: FirstTime = lambda mark, until: False,
    take_calls: TakeCalls | None = None,
    trusts_proxy: bool = False,
) -> Application:
    """The service over its dependencies.

    ``read_content(repository_id, object_id)`` streams a file, in another thread. ``dependencies`` are checks for
    /health/ready that raise when theirs is down. ``public_url`` is what the WSDL names; without it the address
    each caller used. ``first_time`` and ``trusts_proxy`` as Doorkeeper explains; the default ``first_time`` refuses
    every signed message, for nothing would find it repeated. ``take_calls`` counts the calls of clients that have a
    limit; without it they get none.
    """
    contract, metrics = Contract(), Metrics()
    service = KhoService(backing, keyed_hash=keyed_hash)
    doorkeeper = Doorkeeper(clients, first_time=first_time, trusts_proxy=trusts_proxy)
    rates, refusals = Rates(take_calls or _none), Refusals(backing.papers.audit)
    calls = SoapCalls(contract, service, doorkeeper, rates, refusals, read_content, metrics)
    checks = Dependencies(dependencies or {})
    return Application(calls, contract, public_url=public_url, dependencies=checks, metrics=metrics)


def _none(client: str, limit: int, wanted: int) -> tuple[int, float]:
    return 0, 0.0


def serve(
    application: Application,
    *,
    host: str,
    port: int,
    stop: threading.Event | None = None,
    metrics_port: int | None = None,
    socket: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until ``stop`` is set; running answers are finished first.

    ``socket`` is a Unix socket to listen on instead of host and port. ``certificate`` and ``key`` (unencrypted
    PKCS#8) turn TLS on. Figures are served on ``metrics_port`` of the loopback interface.
    """
    tls = {"ssl_cert": certificate, "ssl_key": key, "ssl_protocol_min": TlsVersions.tls12}
    servers = [_server(application, address=host, port=port, uds=socket, **tls)]
    if metrics_port is not None:
        servers.append(_server(application.metrics, address="127.0.0.1", port=metrics_port))
    try:
        asyncio.run(_serve(servers, stop or threading.Event()))
    finally:
        application.close()


def _server(application: Any, **where: Any) -> Any:
    return Server(
        application,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        backlog=_MOST_WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS),
        **where,
    )


async def _serve(servers: list[Any], stop: threading.Event) -> None:
    serving = [asyncio.create_task(server.serve()) for server in servers]
    stopping = asyncio.create_task(_wait_for(stop))
    await asyncio.wait([*serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.stop()
    stopping.cancel()
    await asyncio.gather(*serving)


async def _wait_for(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)
