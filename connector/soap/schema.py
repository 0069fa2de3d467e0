"""Messages against their XSD."""

from __future__ import annotations

import xmlschema
from lxml import etree
from xmlschema.validators import XMLSchemaChildrenValidationError, XMLSchemaValidationError

from connector.soap.faults import Finding

_MOST_FINDINGS = 20


class MessageSchema:
    """The messages of one version of the contract.

    A message with content is checked with a place holder in the content's stead: checking 10 MB of base64 takes
    seconds.
    """

    def __init__(self, file: str) -> None:
        self._schema = xmlschema.XMLSchema(file, allow="local")
        self._quick = etree.XMLSchema(file=file)

    def holds(self, message: etree._Element) -> bool:
        """Whether a message of our own is valid, a hundred times as fast as ``findings``.

        Strangers' messages are not judged by it alone: it says less well what is wrong.
        """
        return bool(self._quick.validate(message))

    def findings(self, message: etree._Element) -> list[Finding]:
        """Everything that is wrong with a message, up to a limit; empty when it is valid."""
        found = []
        for error in self._schema.iter_errors(message, max_depth=16):
            found.append(_finding(error))
            if len(found) == _MOST_FINDINGS:
                break
        return found


def _finding(error: XMLSchemaValidationError) -> Finding:
    element = (error.path or "").rsplit("/", 1)[-1].rsplit(":", 1)[-1] or "?"
    if isinstance(error, XMLSchemaChildrenValidationError):
        return Finding(*_misplaced(error, element))
    return Finding(element, f"giá trị không đúng kiểu hoặc định dạng ({_rule(error)})")


def _misplaced(error: XMLSchemaChildrenValidationError, parent: str) -> tuple[str, str]:
    expected = ", ".join(sorted(_names(error)))
    if error.invalid_tag is None:
        return parent, f"thiếu phần tử con{f'; cần {expected}' if expected else ''}"
    given = etree.QName(error.invalid_tag)
    wanted = f"; chỗ này cần {expected}" if expected else ""
    if given.namespace != "urn:vn:bhxh:sohoa:kho:1":
        return given.localname, f"sai không gian tên XML{wanted}"
    return given.localname, f"phần tử lạ, thừa hoặc sai thứ tự{wanted}"


def _names(error: XMLSchemaChildrenValidationError) -> set[str]:
    return {name.rsplit("}", 1)[-1].rsplit(":", 1)[-1] for name in error.expected_tags if name}


def _rule(error: XMLSchemaValidationError) -> str:
    """The kind of the broken rule, without the value."""
    return type(error.validator).__name__.removeprefix("Xsd").removesuffix("Facet")
