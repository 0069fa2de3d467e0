"""The WS-Security header: found once, fresh, with ids that mean one element each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lxml import etree

from connector.soap.envelope import SOAP, header_blocks
from connector.soap.security import not_signed_in

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
SECURITY = f"{{{WSSE}}}Security"
WSU_ID = f"{{{WSU}}}Id"
FRESH = dt.timedelta(minutes=5)
_LOOSE_ID_NAMES = frozenset({"id", "Id", "ID", WSU_ID, "{http://www.w3.org/XML/1998/namespace}id"})


def find_security(envelope: etree._Element) -> etree._Element | None:
    """The only Security block, None without one. Raises Fault for several."""
    blocks = [block for block in header_blocks(envelope) if block.tag == SECURITY]
    if len(blocks) > 1 or len(list(envelope.iter(SECURITY))) > len(blocks):
        raise not_signed_in()
    return blocks[0] if blocks else None


def only(parent: etree._Element, tag: str) -> etree._Element:
    """The only child of this name, which may stand nowhere else in the message. Raises Fault."""
    children = parent.findall(tag)
    if len(children) != 1 or len(list(parent.getroottree().iter(tag))) != 1:
        raise not_signed_in()
    return children[0]


def elements_by_id(envelope: etree._Element) -> Mapping[str, etree._Element]:
    """Every element that carries an id, whatever the attribute is called. Raises Fault for an id given twice.

    A signature over ``#x`` says nothing about the element we read when two elements are called x.
    """
    found: dict[str, etree._Element] = {}
    for element in envelope.iter("*"):
        for name in _LOOSE_ID_NAMES.intersection(map(str, element.attrib)):
            value = element.get(name, "")
            if value in found:
                raise not_signed_in()
            found[value] = element
    return found


def check_fresh(created: str | None, now: dt.datetime, *, expires: str | None = None) -> None:
    """Raises Fault for a time more than five minutes away, or one that has expired."""
    made = _moment(created)
    if abs(now - made) > FRESH or (expires is not None and _moment(expires) <= now):
        raise not_signed_in()


def _moment(text: str | None) -> dt.datetime:
    try:
        value = dt.datetime.fromisoformat((text or "").strip())
    except ValueError as error:
        raise not_signed_in() from error
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def body_of(envelope: etree._Element) -> etree._Element:
    """The Body that the operation will be read from: a child of the envelope, the only one. Raises Fault."""
    return only(envelope, f"{{{SOAP}}}Body")
