"""What is refused before anything is asked of a request, and what is not."""

from __future__ import annotations

import pytest

from connector.soap.envelope import SOAP, check_understood, parse_envelope, payload_of
from connector.soap.faults import Fault, ProtocolFault


def envelope(body: str = "<a xmlns='x'/>", *, header: str = "", prolog: str = "") -> bytes:
    return (
        f"{prolog}<s:Envelope xmlns:s='{SOAP}'>"
        f"{f'<s:Header>{header}</s:Header>' if header else ''}<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


LAUGHS = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))


@pytest.mark.parametrize(
    "document",
    [
        envelope(prolog="<!DOCTYPE a>"),
        envelope("<a>&x;</a>", prolog="<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
        envelope("<a>&e9;</a>", prolog=f"<!DOCTYPE a [{LAUGHS}]>"),
        envelope(prolog="<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'> %p;]>"),
        ("﻿" + envelope(prolog="<!DOCTYPE a>").decode()).encode("utf-16"),
        envelope("<a>" * 100_000 + "</a>" * 100_000),
        envelope("<a>" * 60 + "</a>" * 60),
        envelope(prolog="<?xml-stylesheet href='x'?>"),
        envelope("<a>001<?pi?>090</a>"),
        envelope() + b"<?pi?>",
        b"",
        b"not xml",
        b"<a/>",
        envelope() + b"<more/>",
        envelope("&#0;"),
    ],
    ids=range(15),
)
def test_what_is_no_plain_envelope_is_refused(document: bytes) -> None:
    with pytest.raises(Fault) as caught:
        parse_envelope(document)
    assert caught.value.http_status == 400


def test_soap_1_2_is_told_which_version_is_spoken() -> None:
    with pytest.raises(ProtocolFault) as caught:
        parse_envelope(b"<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>")
    assert caught.value.code == "VersionMismatch"


def test_a_comment_does_not_split_a_value() -> None:
    payload = payload_of(parse_envelope(envelope("<a xmlns='x'>001<!-- -->090</a>")))
    assert payload.text == "001090"


@pytest.mark.parametrize("body", ["", "<a/><b/>", "text"])
def test_a_body_holds_exactly_one_request(body: str) -> None:
    with pytest.raises(Fault):
        payload_of(parse_envelope(envelope(body)))


def test_a_second_body_or_one_that_is_not_last_is_refused() -> None:
    for inner in ("<s:Body><a/></s:Body><s:Body><b/></s:Body>", "<s:Body><a/></s:Body><s:Other/>"):
        with pytest.raises(Fault):
            payload_of(parse_envelope(f"<s:Envelope xmlns:s='{SOAP}'>{inner}</s:Envelope>".encode()))


@pytest.mark.parametrize(
    ("block", "refused"),
    [
        ("<h xmlns='x' s:mustUnderstand='1'/>", True),
        ("<h xmlns='x' s:mustUnderstand='true'/>", True),
        ("<h xmlns='x' s:mustUnderstand='1' s:actor='http://schemas.xmlsoap.org/soap/actor/next'/>", True),
        ("<h xmlns='x' s:mustUnderstand='1' s:actor='urn:somebody-else'/>", False),
        ("<h xmlns='x' s:mustUnderstand='0'/>", False),
        ("<known xmlns='x' s:mustUnderstand='1'/>", False),
    ],
)
def test_a_header_that_must_be_understood_is_understood_or_refused(block: str, refused: bool) -> None:
    message = parse_envelope(envelope(header=block))
    if refused:
        with pytest.raises(ProtocolFault):
            check_understood(message, {"{x}known"})
    else:
        check_understood(message, {"{x}known"})
