"""What holds for every answer and every request, whatever page it is."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.web.rendering import ForeignForm

LARGEST_FORM = 256 * 1024
LARGEST_UPLOAD = 256 * 1024 * 1024
UPLOAD_PATH = "/kiem-tra"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """No script, no caching, no foreign form, no body that is larger than it may be."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["method"] == "POST" and _too_large(scope):
            await PlainTextResponse("Nội dung quá lớn.", status_code=413)(scope, receive, send_guarded)
            return
        await self._application(scope, receive, send_guarded)


def _too_large(scope: MutableMapping[str, Any]) -> bool:
    length = Headers(scope=scope).get("content-length", "")
    most = LARGEST_UPLOAD if scope["path"] == UPLOAD_PATH else LARGEST_FORM
    return not (length.isascii() and length.isdigit() and int(length) <= most)


def refuse_foreign_form(headers: Headers, public_url: str) -> None:
    """A browser signs in by itself, so any site could send a form in its reader's name. Raises ForeignForm."""
    if headers.get("origin") != public_url.rstrip("/"):
        raise ForeignForm
