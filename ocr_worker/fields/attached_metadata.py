"""Metadata that an electronic paper brings along as an XML inside its PDF (Art. 12.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
from lxml import etree

from connector.domain.extraction import FieldProposal, Source
from connector.domain.metadata import clean
from connector.domain.metadata_elements import METADATA_ELEMENTS, NAMESPACE, ROOT
from ocr_worker.doubt.likeness import same

_LARGEST = 1 << 20  # bytes; metadata of one paper is a few thousand
# another office's list of types is not ours, and what an id is, its form tells
_NOT_TAKEN = ("document_type_code", "owner_id_kind")
_STATED = 0.99


def attached_values(pdf: Path) -> dict[str, str]:
    """The Article 9 values of the first attachment in the form of xsd/v1/metadata.xsd; none where there is none."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as document:
            for attached in document.attachments.values():
                content = attached.get_file().read_bytes()
                if values := _values(content):
                    return values
    except (pikepdf.PdfError, ValueError, TypeError, KeyError):
        return {}
    return {}


def _values(content: bytes) -> dict[str, str]:
    if len(content) > _LARGEST:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return {}
    if root.tag != f"{{{NAMESPACE}}}{ROOT}":
        return {}
    found = {
        name: clean(root.findtext(f"{{{NAMESPACE}}}{element}") or "")
        for name, element in METADATA_ELEMENTS.items()
        if name not in _NOT_TAKEN
    }
    return {name: value for name, value in found.items() if value}


def joined(read: Mapping[str, FieldProposal], attached: Mapping[str, str]) -> dict[str, FieldProposal]:
    """What the page says and what the attachment says: together they are sure, apart a person decides.

    Whoever makes a file can attach anything, so an attached value never stands unseen on its own word.
    """
    return {**read, **{name: _joined(name, read.get(name), value) for name, value in attached.items()}}


def _joined(name: str, read: FieldProposal | None, value: str) -> FieldProposal:
    if read is not None and read.value is not None and same(name, value, read.value):
        return replace(read, confidence=max(read.confidence, _STATED), needs_review=False, rule="page and attached XML")
    text = read.value if read else None
    page = read.page if read else None
    return FieldProposal(
        value=value,
        confidence=0.5,
        source=Source.TEXT,
        needs_review=True,
        page=page,
        rule="attached XML, the page says otherwise" if text else "attached XML",
        text=text,
    )
