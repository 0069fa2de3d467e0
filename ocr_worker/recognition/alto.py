"""ALTO 4 from the words of a reading: text with places, stored beside the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from lxml import etree

from ocr_worker.pages.clean import CleanPage
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line, around, recognised_lines

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# tenths of a millimetre, ALTO's mm10
_POINT = 254 / 72
# lxml takes None for the default namespace; its stubs do not say so
_NAMES = {None: NAMESPACE, "xsi": _INSTANCE}


def alto_xml(pages: Sequence[tuple[CleanPage, Sequence[Word]]], *, software: str) -> bytes:
    """The document as UTF-8 XML, measured in tenths of a millimetre on the unrotated page."""
    root = etree.Element(f"{{{NAMESPACE}}}alto", nsmap=cast(Mapping[str, str], _NAMES))
    root.set(f"{{{_INSTANCE}}}schemaLocation", SCHEMA)
    description = _add(root, "Description")
    _add(description, "MeasurementUnit").text = "mm10"
    processing = _add(description, "Processing", ID="OCR_1")
    step = _add(processing, "processingSoftware")
    _add(step, "softwareName").text = software
    layout = _add(root, "Layout")
    for clean, words in pages:
        _page(layout, clean, words)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _page(layout: etree._Element, clean: CleanPage, words: Sequence[Word]) -> None:
    number = clean.image.page
    x0, y0, x1, y1 = clean.image.frame
    page = _add(layout, "Page", ID=f"P{number}", PHYSICAL_IMG_NR=str(number))
    page.set("WIDTH", str(round((x1 - x0) * _POINT)))
    page.set("HEIGHT", str(round((y1 - y0) * _POINT)))
    space = _add(page, "PrintSpace", **_place(clean.image.frame))
    blocks: dict[int, list[Line]] = {}
    for line in recognised_lines(words):
        blocks.setdefault(line.words[0].block, []).append(line)
    for place, lines in enumerate(blocks.values()):
        _block(space, clean, f"P{number}B{place}", lines)


def _block(space: etree._Element, clean: CleanPage, identity: str, lines: Sequence[Line]) -> None:
    block = _add(space, "TextBlock", ID=identity, **_place(clean.to_points(around(line.box for line in lines))))
    for row, line in enumerate(lines):
        text_line = _add(block, "TextLine", ID=f"{identity}L{row}", **_place(clean.to_points(line.box)))
        for place, word in enumerate(line.words):
            if place:
                _add(text_line, "SP")
            string = _add(text_line, "String", ID=f"{identity}L{row}S{place}", **_place(clean.to_points(word.box)))
            string.set("CONTENT", _xml_text(word.text))
            string.set("WC", f"{max(0.0, min(word.confidence, 1.0)):.2f}")


def _place(box: tuple[float, float, float, float]) -> dict[str, str]:
    x0, y0, x1, y1 = (edge * _POINT for edge in box)
    return {
        "HPOS": str(round(x0)),
        "VPOS": str(round(y0)),
        "WIDTH": str(max(round(x1 - x0), 0)),
        "HEIGHT": str(max(round(y1 - y0), 0)),
    }


def _xml_text(text: str) -> str:
    return "".join(letter for letter in text if letter >= " ")


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
