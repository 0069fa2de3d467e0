"""One stored paper as an edXML envelope (QCVN 102:2016/BTTTT), built from what public implementations write.

The standard's own text was not at hand: names, order and date forms are those of working code, and nothing else is
written. Every element carries the prefix, for there are receivers that insist on it.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from connector.domain.document_number import parted
from connector.domain.edxml import EdxmlRules, Organization
from connector.domain.metadata import VIETNAM
from connector.domain.publication import PublishedPaper

_XLINK = "http://www.w3.org/1999/xlink"
_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
_BASE64_LINE = 57 * 1024  # bytes at once; a multiple of three, so that pieces join without padding


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file to attach; its name says nothing of people."""

    file: Path
    name: str
    content_type: str
    description: str

    @property
    def content_id(self) -> str:
        """The same in the manifest and at the attachment."""
        return f"cid:{uuid5(NAMESPACE_URL, self.name)}"


def write_envelope(
    paper: PublishedPaper, enclosures: Sequence[Enclosure], rules: EdxmlRules, target: Path, *, now: dt.datetime
) -> None:
    """Write the envelope, contents streamed as base64. ``now`` (aware) becomes the sender's trace."""
    with target.open("wb") as output:
        writer = _Writer(output, rules.prefix)
        writer.begin("edXML", {f"xmlns:{rules.prefix}": rules.namespace, "xmlns:xlink": _XLINK})
        writer.begin("edXMLEnvelope")
        writer.begin("edXMLHeader")
        _write_message(writer, paper, rules)
        _write_trace(writer, rules.sender, now)
        writer.end("edXMLHeader")
        _write_manifest(writer, enclosures)
        writer.end("edXMLEnvelope")
        writer.begin("AttachmentEncoded")
        for enclosure in enclosures:
            _write_attachment(writer, enclosure)
        writer.end("AttachmentEncoded")
        writer.end("edXML")
        writer.finish()


class _Writer:
    """Elements with the prefix; empty values are left out."""

    def __init__(self, output: BufferedWriter, prefix: str) -> None:
        self._output = output
        self._prefix = prefix
        # the generator's type asks for text, its code takes bytes too
        raw: Any = output
        self._xml = XMLGenerator(raw, "utf-8", short_empty_elements=True)
        self._xml.startDocument()

    def begin(self, name: str, attributes: dict[str, str] | None = None) -> None:
        self._xml.startElement(f"{self._prefix}:{name}", AttributesImpl(attributes or {}))

    def end(self, name: str) -> None:
        self._xml.endElement(f"{self._prefix}:{name}")

    def leaf(self, name: str, text: str | None) -> None:
        if text:
            self.begin(name)
            self._xml.characters(text)
            self.end(name)

    def base64(self, name: str, file: Path) -> None:
        self.begin(name)
        with file.open("rb") as source:
            while chunk := source.read(_BASE64_LINE):
                self._xml.characters(base64.b64encode(chunk).decode())
        self.end(name)

    def finish(self) -> None:
        self._xml.endDocument()


def _write_message(writer: _Writer, paper: PublishedPaper, rules: EdxmlRules) -> None:
    metadata = paper.record.metadata
    number, notation = parted(metadata.document_number)
    writer.begin("MessageHeader")
    _write_organization(writer, "From", rules.sender)
    for receiver in rules.receivers:
        _write_organization(writer, "To", receiver)
    writer.begin("Code")
    writer.leaf("CodeNumber", number)
    writer.leaf("CodeNotation", notation)
    writer.end("Code")
    writer.begin("PromulgationInfo")
    writer.leaf("PromulgationDate", _day(metadata.issue_date))
    writer.end("PromulgationInfo")
    writer.begin("DocumentType")
    writer.leaf("Type", rules.type_numbers.get(metadata.document_type_code or ""))
    writer.leaf("TypeName", metadata.document_name)
    writer.end("DocumentType")
    writer.leaf("Subject", metadata.abstract or metadata.document_name)
    writer.leaf("DocumentId", _document_id(paper, rules.sender))
    writer.end("MessageHeader")


def _write_organization(writer: _Writer, name: str, organization: Organization) -> None:
    writer.begin(name)
    writer.leaf("OrganId", organization.organ_id)
    writer.leaf("OrganName", organization.name)
    writer.end(name)


def _write_trace(writer: _Writer, sender: Organization, now: dt.datetime) -> None:
    fixed = {"id": "trace", "version": "1.0", "mustUnderstand": "1", "actor": _ACTOR}
    writer.begin("TraceHeaderList", fixed)
    writer.begin("TraceHeader")
    writer.leaf("OrganId", sender.organ_id)
    writer.leaf("Timestamp", now.astimezone(VIETNAM).strftime("%Y/%m/%d %H:%M:%S"))
    writer.end("TraceHeader")
    writer.end("TraceHeaderList")


def _write_manifest(writer: _Writer, enclosures: Sequence[Enclosure]) -> None:
    writer.begin("edXMLBody")
    writer.begin("edXMLManifest", {"version": "1.0"})
    for enclosure in enclosures:
        writer.begin("Reference", {"xlink:href": enclosure.content_id, "xlink:type": "simple"})
        writer.leaf("ContentId", enclosure.content_id)
        writer.leaf("ContentType", enclosure.content_type)
        writer.leaf("AttachmentName", enclosure.name)
        writer.leaf("Description", enclosure.description)
        writer.end("Reference")
    writer.end("edXMLManifest")
    writer.end("edXMLBody")


def _write_attachment(writer: _Writer, enclosure: Enclosure) -> None:
    writer.begin("Attachment")
    writer.leaf("ContentType", enclosure.content_type)
    writer.leaf("ContentId", enclosure.content_id)
    writer.leaf("Description", enclosure.description)
    writer.base64("ContentTransferEncoded", enclosure.file)
    writer.leaf("AttachmentName", enclosure.name)
    writer.end("Attachment")


def _document_id(paper: PublishedPaper, sender: Organization) -> str:
    metadata = paper.record.metadata
    return f"{sender.organ_id},{_day(metadata.issue_date)},{metadata.document_number or ''}"


def _day(iso_date: str | None) -> str:
    return (iso_date or "").replace("-", "/")
