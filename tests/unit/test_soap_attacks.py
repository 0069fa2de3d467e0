"""Attacks on the service, in process: each is refused with a fault before anything is asked of the register."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
from lxml import etree

from connector.domain.errors import DatabaseUnavailable
from connector.soap.envelope import SOAP
from connector.soap.http import LARGEST_REQUEST
from connector.soap.operations import Backing
from connector.soap.security import Client, hash_password
from connector.soap.server import ENDPOINT, Application, create_application
from connector.soap.wsdl import NAMESPACE
from tests.unit.test_soap_envelope import envelope

PASSWORD = "x" * 20
BASIC = "Basic " + base64.b64encode(f"portal:{PASSWORD}".encode()).decode()
PING = envelope(f"<Ping xmlns='{NAMESPACE}'/>")


MANY_ATTRIBUTES = " ".join(f"a{number}=''" for number in range(70_000))


class Untouched:
    """Stands where the register would; touching it is an incident, which no attack may reach. Refusals are noted."""

    def __init__(self) -> None:
        self.refused: list[dict[str, Any]] = []

    def audit(self, **row: Any) -> None:
        self.refused.append(row)


def no_result(*_: object, **__: object) -> None:
    raise AssertionError("no result was expected")


def application(dependency: Callable[[], object] = lambda: None) -> Application:
    papers: Any = Untouched()
    backing = Backing(papers=papers, verify_signatures=lambda paper: [], report_result=no_result)
    return create_application(
        backing,
        clients=[Client(name="portal", password_hash=hash_password(PASSWORD))],
        read_content=lambda repository, place: iter(()),
        keyed_hash=lambda text: "hash",
        public_url="https://kho.example.vn",
        dependencies={"database": dependency},
    )


@pytest.fixture(scope="module")
def service() -> Application:
    return application()


class Answer:
    """What came back over ASGI."""

    def __init__(self, events: list[MutableMapping[str, Any]]) -> None:
        self.status = int(events[0]["status"])
        self.headers = {name.decode(): value.decode() for name, value in events[0]["headers"]}
        self.body = b"".join(event["body"] for event in events[1:])

    @property
    def fault(self) -> str:
        """The faultcode, or the name of the typed fault."""
        fault = etree.fromstring(self.body).find(f".//{{{SOAP}}}Fault")
        assert fault is not None
        detail = fault.find("detail")
        return etree.QName(detail[0]).localname if detail is not None else str(fault.findtext("faultcode"))


def call(
    service: Application,
    body: bytes = PING,
    *,
    method: str = "POST",
    path: str = ENDPOINT,
    query: str = "",
    peer: str = "127.0.0.1",
    pieces: int = 1,
    **headers: str,
) -> Answer:
    """One HTTP request without a socket."""
    sent = {"authorization": BASIC, "content-type": "text/xml", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "scheme": "http",
        "client": (peer, 1),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    events: list[MutableMapping[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": number < pieces} for number in range(1, pieces + 1)]

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop(0)

    async def send(event: MutableMapping[str, Any]) -> None:
        events.append(event)

    asyncio.run(service(scope, receive, send))
    return Answer(events)


def test_a_plain_call_is_answered(service: Application) -> None:
    answer = call(service)
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize(
    ("body", "headers", "status", "fault"),
    [
        (envelope(prolog="<!DOCTYPE a>"), {}, 400, "InvalidRequest"),
        (PING + b" " * LARGEST_REQUEST, {}, 413, "InvalidRequest"),
        (PING, {"content_length": "300000000"}, 413, "InvalidRequest"),
        (PING, {"content_length": "-1"}, 413, "InvalidRequest"),
        (gzip.compress(b" " * 10_000_000), {"content_encoding": "gzip"}, 415, "InvalidRequest"),
        (PING, {"content_type": "application/json"}, 415, "InvalidRequest"),
        (PING, {"content_type": "application/soap+xml"}, 415, "InvalidRequest"),
        (PING, {"content_type": 'multipart/related; type="application/xop+xml"; boundary="x"'}, 400, "InvalidRequest"),
        (envelope("<Ping xmlns='urn:other'/>"), {}, 500, "InvalidRequest"),
        (envelope("<DropEverything/>"), {"soapaction": '"urn:vn:bhxh:sohoa:kho:1:Ping"'}, 500, "InvalidRequest"),
        (envelope("<a/>", header="<h s:mustUnderstand='1'/>"), {}, 500, "soap:MustUnderstand"),
        (PING.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"), {}, 500, "soap:VersionMismatch"),
        (
            envelope(f"<Ping xmlns='{NAMESPACE}' {MANY_ATTRIBUTES}/>"),
            {},
            400,
            "InvalidRequest",
        ),
        (envelope(f"<Ping xmlns='{NAMESPACE}'>{'<b/>' * 100_000}</Ping>"), {}, 400, "InvalidRequest"),
        (PING, {"authorization": "Basic bm9ib2R5Og=="}, 401, "AccessDenied"),
        (PING, {"authorization": ""}, 401, "AccessDenied"),
    ],
    ids=range(16),
)
def test_an_attack_is_refused_with_a_fault(
    service: Application, body: bytes, headers: dict[str, str], status: int, fault: str
) -> None:
    answer = call(service, body, **headers)
    assert (answer.status, answer.fault) == (status, fault)


def test_a_body_that_never_ends_is_cut_off(service: Application) -> None:
    assert call(service, b" " * 65_536, pieces=1000).status == 413


def test_a_password_from_outside_without_tls_is_refused(service: Application) -> None:
    assert call(service, peer="192.0.2.1").status == 403


def test_an_unforeseen_error_tells_its_number_only(service: Application, caplog: pytest.LogCaptureFixture) -> None:
    answer = call(service, envelope(f"<ListChanges xmlns='{NAMESPACE}'/>"))
    text = answer.body.decode()
    number = text.split("incident ")[1][:12]
    assert (answer.status, answer.fault) == (500, "soap:Server")
    assert "Untouched" not in text
    assert number in caplog.text
    assert "AttributeError" in caplog.text


def test_every_fault_names_what_to_do_in_vietnamese(service: Application) -> None:
    assert "không phải XML" in call(service, b"x").body.decode()


def test_the_contract_is_served_with_the_public_address(service: Application) -> None:
    wsdl = call(service, b"", method="GET", query="wsdl")
    assert wsdl.status == 200
    assert b'location="https://kho.example.vn/KhoGiayTo"' in wsdl.body
    assert b"localhost" not in wsdl.body
    pending, seen = ["messages.xsd"], set()
    assert b'schemaLocation="https://kho.example.vn/KhoGiayTo?xsd=messages.xsd"' in wsdl.body
    while pending:
        name = pending.pop()
        schema = call(service, b"", method="GET", query=f"xsd={name}")
        assert schema.status == 200
        seen.add(name)
        locations = etree.fromstring(schema.body).xpath("//@schemaLocation")
        pending += [str(place).rsplit("=", 1)[1] for place in locations if str(place).rsplit("=", 1)[1] not in seen]
    assert seen == {"messages.xsd", "metadata.xsd", "xmldsig.xsd"}


@pytest.mark.parametrize("query", ["xsd=../../setup.cfg", "xsd=__init__.py", "xsd=/etc/passwd", "xsd=", "", "x"])
def test_only_the_contract_s_files_are_served(service: Application, query: str) -> None:
    assert call(service, b"", method="GET", query=query).status == 404


def test_other_paths_and_methods_are_refused(service: Application) -> None:
    assert call(service, path="/").status == 404
    assert call(service, method="DELETE").headers["allow"] == "GET, HEAD, POST"
    assert call(service, b"", method="HEAD", query="wsdl").body == b""


def test_health_names_the_dependency_that_is_away() -> None:
    def away() -> None:
        raise DatabaseUnavailable("secret host")

    well = call(application(), b"", method="GET", path="/health/ready")
    ill = call(application(away), b"", method="GET", path="/health/ready")

    assert (well.status, json.loads(well.body)["dependencies"]) == (200, {"database": "ok"})
    assert (ill.status, json.loads(ill.body)["dependencies"]) == (503, {"database": "unavailable"})
    assert b"secret" not in ill.body
    assert call(application(away), b"", method="GET", path="/health/live").status == 200
