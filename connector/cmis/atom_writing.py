"""AtomPub entries to send: properties, and content as a stream of base64."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from connector.cmis.atom_reading import ATOM, CMIS, CMISRA, NAMESPACES, PropertyKinds
from connector.cmis.locking import Right
from connector.cmis.values import normal
from connector.domain.metadata import Value

_ELEMENTS = {"datetime": "DateTime"}
_PLACE = "==content=="
_CHUNK = 192 * 1024  # a multiple of three: base64 of chunks is base64 of the whole


def entry(
    properties: Mapping[str, Value | Sequence[str]], kinds: PropertyKinds, *, content_type: str | None = None
) -> bytes:
    """An entry with these properties, one without a value to be emptied; with a content type, a place for content."""
    root = etree.Element(f"{{{ATOM}}}entry", nsmap=NAMESPACES)
    if name := properties.get("cmis:name"):  # a title alone would rename what is only to be changed
        etree.SubElement(root, f"{{{ATOM}}}title").text = normal(str(name))
    if content_type:
        content = etree.SubElement(root, f"{{{CMISRA}}}content")
        etree.SubElement(content, f"{{{CMISRA}}}mediatype").text = content_type
        etree.SubElement(content, f"{{{CMISRA}}}base64").text = _PLACE
    if not properties:  # none at all leaves those of the object alone; an empty list of them would not
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    holder = etree.SubElement(etree.SubElement(root, f"{{{CMISRA}}}object"), f"{{{CMIS}}}properties")
    for property_id, value in properties.items():
        kind = kinds.type_of(property_id, value)
        tag = f"{{{CMIS}}}property{_ELEMENTS.get(kind, kind.capitalize())}"
        element = etree.SubElement(holder, tag, propertyDefinitionId=property_id)
        for single in value if isinstance(value, tuple | list) else (value,):
            if single is not None and single != "":
                etree.SubElement(element, f"{{{CMIS}}}value").text = _text(single)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("a date-time without a zone")
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return normal(str(value))


def access_list(rights: Sequence[Right]) -> bytes:
    """An access list as a whole: what is not in it is taken away."""
    root = etree.Element(f"{{{CMIS}}}acl", nsmap={"cmis": CMIS})
    for right in rights:
        element = etree.SubElement(root, f"{{{CMIS}}}permission")
        principal = etree.SubElement(element, f"{{{CMIS}}}principal")
        etree.SubElement(principal, f"{{{CMIS}}}principalId").text = right.principal
        for permission in sorted(right.permissions):
            etree.SubElement(element, f"{{{CMIS}}}permission").text = permission
        etree.SubElement(element, f"{{{CMIS}}}direct").text = "true"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class StreamedEntry:
    """An entry with its content, read piece by piece: neither is ever held in memory as a whole."""

    def __init__(self, written: bytes, content: Path, file: BinaryIO) -> None:
        before, after = written.split(_PLACE.encode())
        size = content.stat().st_size
        self._length = len(before) + 4 * -(-size // 3) + len(after)
        self._pieces = self._read(before, file, after)
        self._rest = b""

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    @staticmethod
    def _read(before: bytes, file: BinaryIO, after: bytes) -> Iterator[bytes]:
        yield before
        while chunk := file.read(_CHUNK):
            yield base64.b64encode(chunk)
        yield after
