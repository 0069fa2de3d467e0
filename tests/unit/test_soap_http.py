"""Reading a request's body, and what is sent back."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from connector.soap.faults import Fault
from connector.soap.http import CallerGone, read_body, request_of


def scope(**headers: str) -> dict[str, Any]:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": "POST", "path": "/", "query_string": b"xsd%3Da", "client": ("127.0.0.1", 1), "headers": lines}


def test_a_sender_who_never_ends_is_told() -> None:
    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    with pytest.raises(Fault) as caught:
        asyncio.run(read_body(request_of(scope()), receive, seconds=0.1))
    assert caught.value.http_status == 408


def test_a_caller_who_hangs_up_is_no_error_of_ours() -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(CallerGone):
        asyncio.run(read_body(request_of(scope()), receive))


def test_a_header_given_twice_is_neither_of_both() -> None:
    twice = scope(x_client_verify="SUCCESS")
    twice["headers"] *= 2
    assert request_of(twice).headers["x-client-verify"] == "SUCCESS, SUCCESS"


def test_a_unix_socket_has_no_peer() -> None:
    request = request_of({**scope(), "client": None})
    assert request.is_local
    assert request.query == "xsd=a"
