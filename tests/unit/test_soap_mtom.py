"""Content beside or inside an envelope."""

from __future__ import annotations

import asyncio
import base64
import email
import os
from collections.abc import AsyncGenerator

import pytest
from lxml import etree

from connector.soap.faults import Fault
from connector.soap.mtom import PLACE_HOLDER, XOP, Body, base64_body, inline_parts, mtom_body, read_request, wants_mtom

ENVELOPE = b"<Envelope><NoiDung>" + base64.b64encode(PLACE_HOLDER) + b"</NoiDung></Envelope>"


async def pieces(content: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def read(body: Body) -> bytes:
    async def collect() -> bytes:
        return b"".join([chunk async for chunk in body.chunks])

    return asyncio.run(collect())


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 1000])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_base64_is_spliced_in_with_the_promised_length(length: int, size: int) -> None:
    content = os.urandom(length)
    body = base64_body(ENVELOPE, length=length, content=pieces(content, size))
    text = read(body)
    assert len(text) == body.length
    assert base64.b64decode(etree.fromstring(text)[0].text or "", validate=True) == content


@pytest.mark.parametrize("content", [b"", b"\r\n", b"--sohoa", os.urandom(5000) + b"\r\n"])
def test_a_mime_reader_finds_the_content_unchanged(content: bytes) -> None:
    body = mtom_body(ENVELOPE, length=len(content), content=pieces(content, 999))
    raw = read(body)
    message = email.message_from_bytes(f"Content-Type: {body.content_type}\r\n\r\n".encode() + raw)
    root, part = message.get_payload()

    assert len(raw) == body.length
    assert root["Content-ID"] in body.content_type.replace('"', "")
    include = etree.fromstring(root.get_payload(decode=True)).find(f".//{{{XOP}}}Include")
    assert include is not None
    assert include.get("href") == "cid:" + part["Content-ID"].strip("<>")
    assert "Content-Transfer-Encoding" not in part
    assert part.get_payload(decode=True) == content


@pytest.mark.parametrize(
    ("content_type", "accept", "mtom"),
    [
        ("text/xml; charset=utf-8", "", False),  # PHP
        ("text/xml", "*/*", False),  # CXF without MTOM
        ("text/xml", "text/xml, multipart/related", True),  # Metro
        ('multipart/related; type="application/xop+xml"; start-info="text/xml"', "*/*", True),  # CXF with MTOM
        ("text/xml", "application/xop+xml", True),
    ],
)
def test_mtom_goes_to_whom_understands_it(content_type: str, accept: str, mtom: bool) -> None:
    assert wants_mtom(content_type, accept) is mtom


TYPE = 'multipart/related; type="application/xop+xml"; boundary="b"; start="<root>"'


def multipart(*parts: tuple[str, bytes]) -> bytes:
    body = b"".join(b"--b\r\nContent-ID: <%s>\r\n\r\n%s\r\n" % (name.encode(), content) for name, content in parts)
    return body + b"--b--\r\n"


def test_parts_of_a_request_are_found_and_put_where_they_belong() -> None:
    xml = f"<a><b><x:Include xmlns:x='{XOP}' href='cid:c@d'/></b></a>".encode()
    received = read_request(TYPE, multipart(("c@d", b"\r\nbytes\r\n"), ("root", xml)))
    envelope = etree.fromstring(received.xml)
    inline_parts(envelope, received.parts)
    assert base64.b64decode(envelope[0].text or "") == b"\r\nbytes\r\n"


@pytest.mark.parametrize("href", ["file:///etc/passwd", "http://127.0.0.1/", "cid:other", "", "cid:"])
def test_a_foreign_reference_is_refused(href: str) -> None:
    envelope = etree.fromstring(f"<a><x:Include xmlns:x='{XOP}' href='{href}'/></a>")
    with pytest.raises(Fault):
        inline_parts(envelope, {"c": b""})


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/soap+xml", b"", 415),
        ("", b"", 415),
        ('multipart/related; type="text/xml"; boundary="b"', b"", 415),
        ('multipart/related; type="application/xop+xml"', b"", 400),
        (TYPE, b"--b\r\nno end", 400),
        (TYPE, b"--b--", 400),
        (TYPE, multipart(("other", b"")), 400),
        (TYPE, multipart(("root", b""), ("x", b""), ("x", b"")), 400),
        (TYPE, multipart(*[(str(n), b"") for n in range(9)]), 400),
        (TYPE, b"--b\r\n" + b"X: y\r\n" * 5000 + b"\r\n\r\n--b--", 400),
        (TYPE.replace('"b"', '"' + "b" * 200 + '"'), b"", 400),
    ],
)
def test_a_body_of_another_kind_or_shape_is_refused(content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(Fault) as caught:
        read_request(content_type, body)
    assert caught.value.http_status == status
