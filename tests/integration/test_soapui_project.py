"""The SoapUI project beside the sandbox: made from the WSDL, and every request of the file replayed as SoapUI would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from lxml import etree

from connector.demo import soapui
from connector.demo.sandbox import PASSWORD, Sandbox, sandbox
from connector.soap.envelope import SOAP
from connector.soap.wsdl import NAMESPACE, Contract
from tests.fixtures.soap import free_port

pytestmark = pytest.mark.integration
FILE = Path("docs/kho-soapui-project.xml")
CON = {"con": soapui.CON}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox(port=free_port()) as found:
        yield found


def answered(running: Sandbox, operation: etree._Element, call: etree._Element, properties: dict[str, str]) -> str:
    """The element that answers one call of the file: a response, or a typed fault."""
    text = call.findtext("con:request", "", CON)
    for name, value in properties.items():
        text = text.replace(f"${{#Project#{name}}}", value)
    username = call.findtext("con:credentials/con:username", "", CON)
    answer = requests.post(
        running.url,
        data=text.encode(),
        auth=(username, call.findtext("con:credentials/con:password", "", CON)),
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation.get("action")}"'},
        timeout=30,
    )
    body = etree.fromstring(answer.content).find(f"{{{SOAP}}}Body")
    assert body is not None
    detail = body.find(f"{{{SOAP}}}Fault/detail")
    if operation.get("name") == "GetDocument" and detail is None and "PhienBan" not in text:
        paper = body[0].find(f"{{{NAMESPACE}}}TaiLieu")
        assert paper is not None
        properties |= {name: paper.findtext(f"{{{NAMESPACE}}}{name}", "") for name in soapui.PROPERTIES}
    return etree.QName((body if detail is None else detail)[0]).localname


def test_the_checked_in_project_is_the_one_that_is_made() -> None:
    assert FILE.read_bytes() == soapui.project(), "python -m connector.demo.soapui > docs/kho-soapui-project.xml"
    assert PASSWORD in FILE.read_text(encoding="utf-8")


def test_every_operation_has_samples_and_every_fault_but_four_is_shown() -> None:
    contract = Contract()
    assert {sample.operation for sample in soapui.SAMPLES} == set(contract.operations)
    shown = {sample.fault for sample in soapui.SAMPLES} - {None}
    assert shown == {"AccessDenied", "Conflict", "InvalidRequest", "NotFound", "Unavailable", "Withheld"}


def test_every_request_of_the_project_is_answered_as_its_name_says(running: Sandbox) -> None:
    project, properties = etree.parse(FILE), dict.fromkeys(soapui.PROPERTIES, "")
    seen = []
    for operation in project.iterfind("con:interface/con:operation", CON):
        for call in operation.iterfind("con:call", CON):
            expected = str(call.get("name")).split()[0]
            wanted = f"{operation.get('name')}Response" if expected == "OK" else expected
            seen.append((call.get("name"), wanted, answered(running, operation, call, properties)))
    assert [each for each in seen if each[1] != each[2]] == []
    assert len(seen) == len(soapui.SAMPLES)
