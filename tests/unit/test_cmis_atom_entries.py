"""Entries of the AtomPub binding: what is sent, and what is read."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest
from lxml import etree

from connector.cmis.atom_reading import PropertyKinds, parse, read_type
from connector.cmis.atom_writing import StreamedEntry, entry
from connector.cmis.values import read_properties
from connector.domain.errors import RepositoryUnavailable
from connector.domain.metadata import VIETNAM

NAMES = {"ra": "http://docs.oasis-open.org/ns/cmis/restatom/200908/"}
XMLNS = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:cmis="http://docs.oasis-open.org/ns/cmis/core/200908/" '
    'xmlns:cmisra="http://docs.oasis-open.org/ns/cmis/restatom/200908/"'
)
DEFINITIONS = {
    "propertyDefinitions": {
        "x:nhieu": {"propertyType": "string", "cardinality": "multi"},
        "x:luc": {"propertyType": "datetime", "cardinality": "single"},
        "x:so": {"propertyType": "integer", "cardinality": "single"},
    }
}


@pytest.fixture
def kinds() -> PropertyKinds:
    learnt = PropertyKinds()
    learnt.learn(DEFINITIONS)
    return learnt


@pytest.mark.parametrize("size", [0, 1, 2, 3, 192 * 1024, 192 * 1024 + 1, 1_000_001])
def test_content_is_streamed_as_base64_of_the_announced_length(kinds: PropertyKinds, tmp_path: Path, size: int) -> None:
    content = tmp_path / "x"
    content.write_bytes(bytes(number % 251 for number in range(size)))
    written = entry({"cmis:name": "giấy"}, kinds, content_type="application/pdf")

    with content.open("rb") as file:
        streamed = StreamedEntry(written, content, file)
        length, pieces = len(streamed), b"".join(iter(lambda: streamed.read(8192), b""))

    assert len(pieces) == length
    [text] = etree.fromstring(pieces).xpath("//ra:base64/text()", namespaces=NAMES) if size else [""]  # type: ignore[misc]
    assert base64.b64decode(str(text)) == content.read_bytes()


def test_what_is_written_is_what_is_read(kinds: PropertyKinds) -> None:
    moment = dt.datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=VIETNAM)
    properties = {"x:nhieu": ("một",), "x:luc": moment, "x:so": 0, "x:co": False, "x:chu": "đ & <b>", "x:khong": None}

    found = read_properties(kinds.read_object(parse(entry(properties, kinds))))

    assert found == {**properties, "x:khong": None}
    assert found["x:luc"].tzinfo is dt.UTC


def test_an_emptied_property_keeps_its_type(kinds: PropertyKinds) -> None:
    written = entry({"x:luc": None, "x:nhieu": ()}, kinds).decode()

    assert '<cmis:propertyDateTime propertyDefinitionId="x:luc"/>' in written
    assert '<cmis:propertyString propertyDefinitionId="x:nhieu"/>' in written


def test_a_date_without_a_zone_is_read_as_utc_and_never_written(kinds: PropertyKinds) -> None:
    text = f"""<entry {XMLNS}><cmisra:object><cmis:properties><cmis:propertyDateTime propertyDefinitionId="x:luc">
        <cmis:value>2024-05-06T07:08:09</cmis:value></cmis:propertyDateTime></cmis:properties></cmisra:object></entry>"""

    found = read_properties(kinds.read_object(parse(text.encode())))

    assert found["x:luc"] == dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="zone"):
        entry({"x:luc": dt.datetime(2024, 5, 6)}, kinds)


def test_a_type_is_read_with_choices_of_all_levels() -> None:
    text = f"""<entry {XMLNS}><cmisra:type><cmis:id>x:t</cmis:id><cmis:versionable>true</cmis:versionable>
        <cmis:propertyStringDefinition><cmis:id>x:p</cmis:id><cmis:propertyType>string</cmis:propertyType>
        <cmis:cardinality>single</cmis:cardinality><cmis:maxLength>40</cmis:maxLength>
        <cmis:openChoice>false</cmis:openChoice>
        <cmis:choice displayName="A"><cmis:value>a</cmis:value>
        <cmis:choice displayName="B"><cmis:value>b</cmis:value></cmis:choice></cmis:choice>
        </cmis:propertyStringDefinition></cmisra:type></entry>"""

    definition = read_type(parse(text.encode()))

    found = definition["propertyDefinitions"]["x:p"]
    assert (definition["versionable"], found["maxLength"], found["openChoice"]) == (True, 40, False)
    assert found["choice"][0]["value"] == ["a"]
    assert found["choice"][0]["choice"][0]["value"] == ["b"]


@pytest.mark.parametrize("answer", [b"", b"<html><p>sign in", b"{}"])
def test_an_answer_that_is_no_xml_means_that_the_repository_is_away(answer: bytes) -> None:
    with pytest.raises(RepositoryUnavailable):
        parse(answer)


def test_an_entity_is_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật", encoding="utf-8")
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><x>&e;</x>'

    assert "bí mật" not in etree.tostring(parse(text.encode()), encoding="unicode")
