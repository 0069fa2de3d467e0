"""edXML envelopes: written with the prefix on every element, read by namespace whatever the prefix."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from connector.domain.edxml import Organization
from connector.domain.errors import ConfigurationError, UnreadableFile
from connector.domain.publication import PublishedPaper
from connector.mapping.edxml import load_edxml_rules
from connector.pipeline.edxml import Enclosure, write_envelope
from connector.pipeline.edxml_reading import read_envelope
from tests.fixtures.register import a_publication

PAPER_ID = UUID("11111111-2222-4333-8444-555555555555")
NOW = dt.datetime(2025, 3, 4, 17, 30, 5, tzinfo=dt.UTC)
RULES = replace(
    load_edxml_rules(), receivers=(Organization(organ_id="MAU-001", name="Nơi nhận"),), type_numbers={"QD": "7"}
)


def a_paper(**metadata: object) -> PublishedPaper:
    paper = a_publication(PAPER_ID).paper
    return replace(paper, record=replace(paper.record, metadata=replace(paper.record.metadata, **metadata)))  # type: ignore[arg-type]


def enclosed(folder: Path, content: bytes, name: str = "paper.pdf") -> Enclosure:
    (folder / name).write_bytes(content)
    return Enclosure(file=folder / name, name=name, content_type="application/pdf", description="Quyết định <&>")


def written(folder: Path, paper: PublishedPaper, *enclosures: Enclosure) -> Path:
    target = folder / "envelope.xml"
    write_envelope(paper, enclosures, RULES, target, now=NOW)
    return target


def test_an_envelope_says_what_the_paper_is(tmp_path: Path) -> None:
    file = written(tmp_path, a_paper(), enclosed(tmp_path, b"%PDF-1.7"))
    values = read_envelope(file, RULES.namespace).values
    header = "edXMLHeader/MessageHeader"
    assert {path.removeprefix(f"{header}/"): each for path, each in values.items() if header in path} == {
        "From/OrganId": ["MAU-000"],
        "From/OrganName": ["CƠ QUAN MẪU"],
        "To/OrganId": ["MAU-001"],
        "To/OrganName": ["Nơi nhận"],
        "Code/CodeNumber": ["12"],
        "Code/CodeNotation": ["QĐ-BHXH"],
        "PromulgationInfo/PromulgationDate": ["2024/01/02"],
        "DocumentType/Type": ["7"],
        "DocumentType/TypeName": ["Quyết định"],
        "Subject": ["Về việc hưởng lương hưu"],
        "DocumentId": ["MAU-000,2024/01/02,12/QĐ-BHXH"],
    }
    assert values["edXMLHeader/TraceHeaderList/TraceHeader/Timestamp"] == ["2025/03/05 00:30:05"]


def test_every_element_carries_the_prefix(tmp_path: Path) -> None:
    file = written(tmp_path, a_paper(), enclosed(tmp_path, b"x"))
    names = re.findall(r"<([^/?!\s>]+)", file.read_text(encoding="utf-8"))
    assert names and all(name.startswith("edXML:") for name in names)
    assert etree.parse(file).getroot().tag == f"{{{RULES.namespace}}}edXML"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 57 * 1024, 57 * 1024 + 1, 1_000_000])
def test_contents_come_back_byte_for_byte_under_the_id_of_the_manifest(tmp_path: Path, size: int) -> None:
    contents = {"a.pdf": os.urandom(size), "b.xml": b"<x/>\r\n"}
    file = written(tmp_path, a_paper(), *(enclosed(tmp_path, content, name) for name, content in contents.items()))

    read = read_envelope(file, RULES.namespace)

    assert [(each.name, each.sha256, each.length) for each in read.attachments] == [
        (name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in contents.items()
    ]
    manifest = read.values["edXMLBody/edXMLManifest/Reference/ContentId"]
    assert [f"cid:{each.content_id}" for each in read.attachments] == manifest


@pytest.mark.parametrize(
    ("number", "code"), [("12/QĐ-BHXH", ["12", "QĐ-BHXH"]), ("15/2020", ["15/2020"]), ("123", ["123"]), (None, [])]
)
def test_a_number_without_a_notation_stays_whole(tmp_path: Path, number: str | None, code: list[str]) -> None:
    values = read_envelope(written(tmp_path, a_paper(document_number=number)), RULES.namespace).values
    found = [values.get(f"edXMLHeader/MessageHeader/Code/{name}", []) for name in ("CodeNumber", "CodeNotation")]
    assert [text for each in found for text in each] == code


def test_a_foreign_envelope_is_read_by_its_namespace_whatever_the_prefix(tmp_path: Path) -> None:
    ours = written(tmp_path, a_paper(), enclosed(tmp_path, b"content")).read_text(encoding="utf-8")
    foreign = {
        "x.xml": ours.replace("<edXML:", "<x:").replace("</edXML:", "</x:").replace("xmlns:edXML", "xmlns:x"),
        "none.xml": ours.replace("<edXML:", "<").replace("</edXML:", "</").replace("xmlns:edXML", "xmlns"),
    }
    for name, text in foreign.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        read = read_envelope(tmp_path / name, RULES.namespace)
        assert read.values["edXMLHeader/MessageHeader/Subject"] == ["Về việc hưởng lương hưu"]
        assert read.attachments[0].sha256 == hashlib.sha256(b"content").hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
        '<edXML xmlns="urn:other"/>',
        '<edXML xmlns="{0}"><Attachment><ContentTransferEncoded>YW</ContentTransferEncoded></Attachment></edXML>',
        "<edXML xmlns='{0}'><Attachment><ContentTransferEncoded>YWJj&#x1ea1;</ContentTransferEncoded></Attachment>",
        '<edXML xmlns="{0}">' + "long" * 50_000 + "</edXML>",
        '<edXML xmlns="{0}">',
    ],
)
def test_what_is_no_envelope_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.xml"
    file.write_text(text.replace("{0}", RULES.namespace), encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_envelope(file, RULES.namespace)


def test_a_mistake_in_the_rules_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "edxml.yaml"
    file.write_text("namespace: x\nprefix: 'a b'\nsender: {organ_id: x, name: y}\n")
    with pytest.raises(ConfigurationError, match=r"edxml\.yaml:2: prefix"):
        load_edxml_rules(file)
