"""Content beside or inside an envelope: MTOM and base64 out, MTOM in."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from email.message import Message
from uuid import uuid4

from lxml import etree

from connector.soap.faults import Fault, invalid

XOP = "http://www.w3.org/2004/08/xop/include"
# Stands in an answer where the content goes, so that the content itself is never validated or held.
PLACE_HOLDER = secrets.token_bytes(18)
_PLACE_HOLDER_TEXT = base64.b64encode(PLACE_HOLDER)
_ROOT_ID = "root@sohoa"
_CONTENT_ID = "content@sohoa"
_MOST_PARTS = 8
_LONGEST_PART_HEADER = 8192


@dataclass(frozen=True, kw_only=True)
class Body:
    """The body of an HTTP answer: its type, its length in bytes, and its bytes as they come."""

    content_type: str
    length: int
    chunks: AsyncGenerator[bytes, None]


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request taken out of its HTTP body: the XML, and the parts that came with it by content id."""

    xml: bytes
    parts: Mapping[str, bytes]


def wants_mtom(content_type: str, accept: str) -> bool:
    """Whether the caller understands MTOM: it sends it, or lists it. ``*/*`` alone does not say so."""
    accepted = accept.lower()
    return (
        "application/xop+xml" in content_type.lower()
        or "multipart/related" in accepted
        or "application/xop+xml" in accepted
    )


def mtom_body(envelope: bytes, *, length: int, content: AsyncGenerator[bytes, None]) -> Body:
    """The envelope as root part, the content as second part.

    Content-Transfer-Encoding is left out on the content's part: zeep strips line ends off a part marked binary.
    """
    before, after = envelope.split(_PLACE_HOLDER_TEXT)
    boundary = f"sohoa-{uuid4().hex}"
    root_type = 'application/xop+xml; charset=UTF-8; type="text/xml"'
    head = (
        f"--{boundary}\r\nContent-Type: {root_type}\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-ID: <{_ROOT_ID}>\r\n\r\n"
    ).encode()
    include = f'<xop:Include xmlns:xop="{XOP}" href="cid:{_CONTENT_ID}"/>'.encode()
    between = (
        f"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-ID: <{_CONTENT_ID}>\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    first = head + before + include + after + between
    return Body(
        content_type=(
            f'multipart/related; type="application/xop+xml"; boundary="{boundary}"; '
            f'start="<{_ROOT_ID}>"; start-info="text/xml"'
        ),
        length=len(first) + length + len(tail),
        chunks=_around(first, content, tail),
    )


def base64_body(envelope: bytes, *, length: int, content: AsyncGenerator[bytes, None]) -> Body:
    """The envelope with the content spliced in as base64."""
    before, after = envelope.split(_PLACE_HOLDER_TEXT)
    return Body(
        content_type="text/xml; charset=utf-8",
        length=len(before) + 4 * -(-length // 3) + len(after),
        chunks=_around(before, _as_base64(content), after),
    )


async def _around(first: bytes, content: AsyncGenerator[bytes, None], last: bytes) -> AsyncGenerator[bytes, None]:
    async with aclosing(content) as chunks:  # whoever stops listening to us stops the content too
        yield first
        async for chunk in chunks:
            yield chunk
        yield last


async def _as_base64(content: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Lines would break nothing but cost length; so none, and only the last group is padded."""
    left = b""
    async with aclosing(content) as chunks:
        async for chunk in chunks:
            data = left + chunk
            whole = len(data) - len(data) % 3
            left = data[whole:]
            if whole:
                yield binascii.b2a_base64(memoryview(data)[:whole], newline=False)
    if left:
        yield base64.b64encode(left)


def read_request(content_type: str, body: bytes) -> Received:
    """A request's XML and parts. Raises Fault with 415 for another media type, 400 for a broken one."""
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type()
    if kind == "text/xml":
        return Received(xml=body, parts={})
    if kind != "multipart/related" or str(header.get_param("type")).lower() != "application/xop+xml":
        raise invalid("Content-Type", "chỉ nhận text/xml hoặc multipart/related (MTOM)", http_status=415)
    parts = _split(body, str(header.get_boundary() or ""))
    start = str(header.get_param("start") or next(iter(parts))).strip("<>")
    root = parts.pop(start, None)
    if root is None:
        raise _broken()
    return Received(xml=root, parts=parts)


def _split(body: bytes, boundary: str) -> dict[str, bytes]:
    if not 0 < len(boundary) <= 70:
        raise _broken()
    mark = b"--" + boundary.encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--") or len(pieces) - 2 > _MOST_PARTS:
        raise _broken()
    parts: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        content_id, content = _part(piece)
        if content_id in parts:
            raise _broken()
        parts[content_id] = content
    return parts


def _part(piece: bytes) -> tuple[str, bytes]:
    head, separator, content = piece.partition(b"\r\n\r\n")
    if not separator or len(head) > _LONGEST_PART_HEADER:
        raise _broken()
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-id":
            return value.decode("latin-1").strip().strip("<>"), content
    return "", content


def inline_parts(envelope: etree._Element, parts: Mapping[str, bytes]) -> None:
    """Put the parts where they are referred to, as base64; only ``cid:`` references to parts of this message.

    WSS4J sends even the certificate of a signature this way. Raises Fault.
    """
    for include in list(envelope.iter(f"{{{XOP}}}Include")):
        parent, href = include.getparent(), include.get("href", "")
        part = parts.get(href.removeprefix("cid:")) if href.startswith("cid:") else None
        if part is None or parent is None or len(parent) != 1:
            raise invalid("Include", "tham chiếu không thuộc thông điệp này", http_status=400)
        parent.remove(include)
        parent.text = base64.b64encode(part).decode()


def _broken() -> Fault:
    return invalid("Content-Type", "thông điệp MTOM không đúng cấu trúc", http_status=400)
