"""The little HTTP that SOAP needs, over ASGI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from connector.soap.faults import invalid
from connector.soap.mtom import Body
from connector.soap.security import HttpRequest

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_REQUEST = 1024 * 1024
_SENDING_SECONDS = 30.0


class CallerGone(Exception):
    """The caller hung up."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An HTTP answer; ``body`` is whole, or streams with a known length."""

    status: int
    body: bytes | Body
    content_type: str = "text/xml; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(status: int, values: Mapping[str, object]) -> Reply:
    """A small JSON answer."""
    return Reply(status=status, body=json.dumps(values).encode(), content_type="application/json")


def request_of(scope: Mapping[str, Any]) -> HttpRequest:
    """What an ASGI scope says of a call; of a header that comes twice both values stand, so neither is believed."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    peer = scope.get("client")
    return HttpRequest(
        method=scope["method"],
        path=scope["path"],
        query=unquote(scope.get("query_string", b"").decode("latin-1")),
        scheme=scope.get("scheme", "http"),
        peer=peer[0] if peer else None,
        headers=headers,
    )


async def read_body(request: HttpRequest, receive: Receive, *, seconds: float = _SENDING_SECONDS) -> bytes:
    """The whole body, within LARGEST_REQUEST bytes and ``seconds``. Raises Fault with 408, 413, 415, CallerGone."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise invalid("Content-Encoding", "không nhận nội dung nén", http_status=415)
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared) > LARGEST_REQUEST:
        raise _too_large()
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive)
    except TimeoutError as error:
        raise invalid("Content-Length", "gửi quá chậm", http_status=408) from error


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise CallerGone
        body += event.get("body", b"")
        if len(body) > LARGEST_REQUEST:
            raise _too_large()
        if not event.get("more_body", False):
            return bytes(body)


def _too_large() -> Exception:
    return invalid("Content-Length", "yêu cầu quá lớn", http_status=413)


async def send_reply(reply: Reply, receive: Receive, send: Send, *, without_body: bool = False) -> None:
    """The answer with its length; a stream that breaks off leaves the connection unfinished, never a short body.

    Raises CallerGone when the caller hangs up meanwhile: the server itself would let us read on for nobody.
    """
    body = reply.body
    content_type, length = (
        (body.content_type, body.length) if isinstance(body, Body) else (reply.content_type, len(body))
    )
    headers = {
        "content-type": content_type,
        "content-length": str(length),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        **reply.headers,
    }
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": lines})
    if isinstance(body, Body):
        await _send_stream(body, receive, send)
    else:
        await send({"type": "http.response.body", "body": b"" if without_body else body, "more_body": False})


async def _send_stream(body: Body, receive: Receive, send: Send) -> None:
    hung_up = asyncio.ensure_future(_hang_up(receive))
    try:
        async with aclosing(body.chunks) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if hung_up.done():
                    raise CallerGone
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        hung_up.cancel()


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
