"""AtomPub entries and feeds in the form of the browser binding's JSON, so that what lies above knows one form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from connector.cmis.locking import Right
from connector.cmis.values import SECONDARY_TYPES
from connector.domain.errors import RepositoryUnavailable

ATOM = "http://www.w3.org/2005/Atom"
APP = "http://www.w3.org/2007/app"
CMIS = "http://docs.oasis-open.org/ns/cmis/core/200908/"
CMISRA = "http://docs.oasis-open.org/ns/cmis/restatom/200908/"
# the relation of an object to its access list
ACCESS_LIST = "http://docs.oasis-open.org/ns/cmis/link/200908/acl"
NAMESPACES = {"atom": ATOM, "app": APP, "cmis": CMIS, "cmisra": CMISRA}

Object = dict[str, Any]


def parse(content: bytes) -> etree._Element:
    """An answer's XML; no entity is resolved, nothing is fetched. Raises RepositoryUnavailable for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RepositoryUnavailable("the answer is not XML") from error


def find_all(node: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path."""
    return node.findall(path, NAMESPACES)


def text_at(node: etree._Element, path: str) -> str | None:
    """The text of the first element at a path."""
    found = node.find(path, NAMESPACES)
    return None if found is None else found.text


class PropertyKinds:
    """Type and cardinality of properties, learnt from type definitions and answers: an entry names no cardinality."""

    def __init__(self) -> None:
        self._types: dict[str, str] = {"cmis:objectTypeId": "id", SECONDARY_TYPES: "id"}
        self._multi: dict[str, bool] = {SECONDARY_TYPES: True}

    def learn(self, definition: Mapping[str, Any]) -> None:
        """Take over the properties of a type definition."""
        for property_id, each in definition["propertyDefinitions"].items():
            self._types[property_id] = each["propertyType"]
            self._multi[property_id] = each["cardinality"] == "multi"

    def type_of(self, property_id: str, value: object) -> str:
        """The type to write a property as; by the value where no definition was read."""
        by_value = {bool: "boolean", int: "integer", float: "decimal", dt.datetime: "datetime"}
        return self._types.get(property_id) or by_value.get(type(value), "string")

    def read_object(self, entry: etree._Element) -> Object:
        """An entry with ``properties`` as in JSON, and its ``links``."""
        properties = {}
        for element in find_all(entry, "cmisra:object/cmis:properties/*"):
            if isinstance(element.tag, str) and (property_id := element.get("propertyDefinitionId")):
                properties[property_id] = self._read_property(property_id, element)
        return {"properties": properties, "links": _links(entry)}

    def _read_property(self, property_id: str, element: etree._Element) -> Mapping[str, Any]:
        kind = etree.QName(element).localname.removeprefix("property").lower()
        self._types.setdefault(property_id, kind)
        values = [_value(kind, each.text or "") for each in find_all(element, "cmis:value")]
        multi = self._multi.get(property_id, len(values) > 1)
        value = values if multi else (values[0] if values else None)
        return {"type": kind, "cardinality": "multi" if multi else "single", "value": value}


def _value(kind: str, text: str) -> object:
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind == "integer":
        return int(text)
    if kind == "decimal":
        return float(text)
    return _moment(text) if kind == "datetime" else text


def _moment(text: str) -> dt.datetime:
    """A date-time with its zone; one without is UTC, as the standard has it."""
    moment = dt.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _links(entry: etree._Element) -> Mapping[str, str]:
    """Addresses by relation; ``down`` and ``up`` are those of feeds, ``content`` is where the bytes are."""
    links: dict[str, str] = {}
    for link in find_all(entry, "atom:link"):
        relation, kind = link.get("rel", ""), (link.get("type") or "").replace(" ", "")
        if relation not in ("down", "up") or "type=feed" in kind:
            links.setdefault(relation, link.get("href", ""))
        elif relation == "up":
            links.setdefault("up", link.get("href", ""))
    content = entry.find("atom:content", NAMESPACES)
    if content is not None and content.get("src"):
        links["content"] = content.get("src", "")
    return links


def next_page(feed: etree._Element) -> str | None:
    """The address of a feed's next page."""
    return next((link.get("href") for link in find_all(feed, "atom:link") if link.get("rel") == "next"), None)


def read_type(entry: etree._Element) -> Mapping[str, Any]:
    """A type definition in JSON form."""
    element = entry.find("cmisra:type", NAMESPACES)
    if element is None:
        raise RepositoryUnavailable("the answer holds no type")
    return {**scalars(element), "propertyDefinitions": dict(_definitions(element))}


def _definitions(element: etree._Element) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname.endswith("Definition"):
            definition = scalars(child)
            if choices := list(_choices(child)):
                definition["choice"] = choices
            yield str(definition["id"]), definition


def scalars(element: etree._Element) -> dict[str, Any]:
    """The plain texts below an element by name; truth values as such."""
    texts = {
        etree.QName(child).localname: child.text or ""
        for child in element
        if isinstance(child.tag, str) and len(child) == 0
    }
    plain: dict[str, Any] = {
        name: text == "true" if text in ("true", "false") else text for name, text in texts.items()
    }
    if plain.get("maxLength"):
        plain["maxLength"] = int(plain["maxLength"])
    return plain


def _choices(element: etree._Element) -> Iterator[Mapping[str, Any]]:
    for choice in find_all(element, "cmis:choice"):
        values = [value.text for value in find_all(choice, "cmis:value")]
        yield {"displayName": choice.get("displayName"), "value": values, "choice": list(_choices(choice))}


def read_rights(access_list: etree._Element) -> list[Right]:
    """The entries of an access list."""
    return [
        Right(
            principal=text_at(each, "cmis:principal/cmis:principalId") or "",
            permissions=frozenset(permission.text or "" for permission in find_all(each, "cmis:permission")),
            direct=text_at(each, "cmis:direct") != "false",
        )
        for each in find_all(access_list, "cmis:permission")
    ]
