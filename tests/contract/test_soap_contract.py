"""The published contract holds what it promises."""

from __future__ import annotations

from importlib.resources import files
from uuid import UUID

import pytest
from lxml import etree

from connector.domain.metadata import LegalStatus
from connector.domain.publication import ChangeKind
from connector.domain.signatures import Level
from connector.soap.answers import metadata_of, summary_of
from connector.soap.envelope import payload_of
from connector.soap.faults import FaultName
from connector.soap.operations import OPERATIONS
from connector.soap.wsdl import NAMESPACE, Contract
from signing.metadata_xml import build_metadata_xml
from tests.fixtures.register import a_publication

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


def parsed(name: str) -> etree._Element:
    return etree.fromstring((files("xsd.v1") / name).read_bytes())


def test_every_operation_of_the_contract_is_implemented() -> None:
    assert set(Contract().operations) == set(OPERATIONS)


@pytest.mark.parametrize("name", ["messages.xsd", "metadata.xsd"])
def test_every_element_and_type_is_explained_in_both_languages(name: str) -> None:
    named = [
        item for item in parsed(name).iter(f"{XS}element", f"{XS}complexType", f"{XS}simpleType") if item.get("name")
    ]
    for item in named:
        languages = [
            text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in item.findall(f"{XS}annotation/*")
        ]
        assert languages == ["vi", "en"], item.get("name")


def test_every_operation_is_explained() -> None:
    for operation in parsed("kho.wsdl").findall(f"{WSDL}portType/{WSDL}operation"):
        assert operation.findtext(f"{WSDL}documentation"), operation.get("name")


@pytest.mark.parametrize(
    ("type_name", "values"),
    [
        ("TrangThaiHieuLucType", {str(value) for value in LegalStatus}),
        ("LoaiThayDoiType", {str(value) for value in ChangeKind}),
        ("MucChuKyType", {str(value) for value in Level}),
    ],
)
def test_the_lists_of_values_are_the_domain_s(type_name: str, values: set[str]) -> None:
    [kind] = [item for item in parsed("messages.xsd").iter(f"{XS}simpleType") if item.get("name") == type_name]
    assert {item.get("value") for item in kind.iter(f"{XS}enumeration")} == values


def test_the_faults_of_the_wsdl_are_the_service_s() -> None:
    names = {fault.get("name") for fault in parsed("kho.wsdl").iter(f"{WSDL}fault")}
    assert names == {str(name) for name in FaultName}


def test_get_metadata_says_what_the_signed_xml_says() -> None:
    paper = a_publication(UUID("00000000-0000-4000-8000-000000000001")).paper
    contract = Contract()
    answer = contract.answer("GetMetadata", {"TaiLieu": summary_of(paper), "DuLieuDacTa": metadata_of(paper.record)})
    [told] = payload_of(answer).iter(f"{{{NAMESPACE}}}DuLieuDacTa")

    assert contract.schema.findings(payload_of(answer)) == []
    assert _flat(told) == _flat(build_metadata_xml(paper.record))


def _flat(element: etree._Element) -> list[tuple[str, str | None, str | None]]:
    return [(etree.QName(item).localname, (item.text or "").strip(), item.get("ten")) for item in element.iter()]


@pytest.mark.parametrize(
    ("element", "value"), [("KichThuoc", "-1"), ("SHA256", "AB"), ("NgayCap", "2024-02-30"), ("TrangThaiHieuLuc", "x")]
)
def test_a_broken_answer_of_ours_would_not_leave(element: str, value: str) -> None:
    contract = Contract()
    paper = a_publication(UUID(int=1)).paper
    values = {"TaiLieu": summary_of(paper), "DuLieuDacTa": metadata_of(paper.record)}
    answered = payload_of(contract.answer("GetMetadata", values))
    assert contract.schema.holds(answered)

    found = answered.find(f".//{{{NAMESPACE}}}{element}")
    assert found is not None
    found.text = value

    assert not contract.schema.holds(answered)
    assert contract.schema.findings(answered)
