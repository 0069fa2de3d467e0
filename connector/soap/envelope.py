"""SOAP 1.1 envelopes: read with suspicion, written plainly."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

from connector.soap.faults import ProtocolFault, invalid

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_NEXT_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
# No request of the contract comes near these; a schema's validator takes minutes for a hundred thousand of either.
_DEEPEST = 40
_MOST_ELEMENTS = 1000
_MOST_ATTRIBUTES = 50


def parse_envelope(document: bytes) -> etree._Element:
    """The envelope of a request. Raises Fault, ProtocolFault.

    No DTD, no entities, no network, no processing instructions, bounded depth. Comments are dropped while
    parsing: a text with a comment inside would otherwise read differently here and there.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise invalid("Envelope", "không phải XML đúng cú pháp", http_status=400) from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise invalid("Envelope", "không được có DTD", http_status=400)
    _check_shape(root)
    return root


def _check_shape(root: etree._Element) -> None:
    name = etree.QName(root)
    if name.localname == "Envelope" and name.namespace != SOAP:
        raise ProtocolFault("VersionMismatch", "Chỉ nhận SOAP 1.1. Only SOAP 1.1 is spoken here.")
    if name.localname != "Envelope":
        raise invalid("Envelope", "thiếu phần tử Envelope của SOAP 1.1", http_status=400)
    around = (root.getprevious(), root.getnext())  # comments are gone: what is left there is an instruction
    if any(sibling is not None for sibling in around) or any(True for _ in root.iter(etree.PI)):
        raise invalid("Envelope", "không được có chỉ thị xử lý (processing instruction)", http_status=400)
    if _exceeds_limits(root):
        raise invalid("Envelope", "lồng quá sâu hoặc quá nhiều phần tử, thuộc tính", http_status=400)


def _exceeds_limits(root: etree._Element) -> bool:
    depth = elements = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth, elements = depth + 1, elements + 1
        if depth > _DEEPEST or elements > _MOST_ELEMENTS or len(element.attrib) > _MOST_ATTRIBUTES:
            return True
    return False


def header_blocks(envelope: etree._Element) -> Iterator[etree._Element]:
    """The blocks of all headers."""
    for header in envelope.iterfind(f"{{{SOAP}}}Header"):
        yield from header.iterchildren("*")


def check_understood(envelope: etree._Element, understood: Collection[str]) -> None:
    """Raises ProtocolFault for a block meant for us that must be understood and is not."""
    for block in header_blocks(envelope):
        ours = block.get(f"{{{SOAP}}}actor") in (None, "", _NEXT_ACTOR)
        must = block.get(f"{{{SOAP}}}mustUnderstand") in ("1", "true")
        if ours and must and str(block.tag) not in understood:
            raise ProtocolFault("MustUnderstand", f"Header {etree.QName(block).localname} is not understood.")


def payload_of(envelope: etree._Element) -> etree._Element:
    """The one element of the one Body, which is the envelope's last child. Raises Fault."""
    bodies = envelope.findall(f"{{{SOAP}}}Body")
    if len(bodies) != 1 or envelope[-1] is not bodies[0]:
        raise invalid("Body", "phải có đúng một Body, ở cuối Envelope")
    children = list(bodies[0].iterchildren("*"))
    if len(children) != 1:
        raise invalid("Body", "phải có đúng một phần tử yêu cầu")
    return children[0]


def as_bytes(envelope: etree._Element) -> bytes:
    """The envelope as it goes over the wire."""
    return etree.tostring(envelope, encoding="utf-8", xml_declaration=True)


def fault_envelope(code: str, message: str, detail: etree._Element | None) -> bytes:
    """A SOAP 1.1 fault; ``code`` is one of the four of the standard."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"soap:{code}"
    text = etree.SubElement(fault, "faultstring")
    text.text = message
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    if detail is not None:
        fault.append(detail)
    return as_bytes(envelope)
