"""A small server for what people use: the pages, and the service for their tokens."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.constants import SSLProtocols as TlsVersions
from granian.server.embed import Server
from starlette.types import ASGIApp


def serve(
    application: ASGIApp,
    *,
    host: str,
    port: int,
    stop: threading.Event,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until ``stop`` is set; ``certificate`` and ``key`` (unencrypted PKCS#8) turn TLS on."""
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        ssl_cert=certificate,
        ssl_key=key,
        ssl_protocol_min=TlsVersions.tls12,
    )
    asyncio.run(_serve(server, stop))


async def _serve(server: Any, stop: threading.Event) -> None:
    serving = asyncio.create_task(server.serve())
    while not stop.is_set() and not serving.done():
        await asyncio.sleep(0.1)
    server.stop()
    await serving
