"""The contract: the WSDL that is published, and zeep's binding of its messages."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from zeep import Settings
from zeep.transports import Transport
from zeep.wsdl import Document

from connector.soap.envelope import SOAP
from connector.soap.schema import MessageSchema

NAMESPACE = "urn:vn:bhxh:sohoa:kho:1"
_LOCATION = b'location="http://localhost:8080/KhoGiayTo"'
_SCHEMA_LOCATION = 'schemaLocation="{}"'


class Contract:
    """Version 1 of the contract: which operation a message belongs to, and messages as Python values and back."""

    def __init__(self) -> None:
        folder = Path(str(files("xsd.v1")))
        self._published = {
            path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".wsdl", ".xsd")
        }
        settings = Settings(strict=True, forbid_dtd=True)
        transport: Any = Transport  # zeep is typed by halves
        document = Document(str(folder / "kho.wsdl"), transport(), settings=settings)
        self._types: Any = document.types
        binding = document.services["KhoGiayTo"].ports["KhoGiayToPort"].binding
        self._operations = {operation.input.body.qname.text: operation for operation in binding.all().values()}
        self.schema = MessageSchema(str(folder / "messages.xsd"))

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of all operations."""
        return tuple(operation.name for operation in self._operations.values())

    def operation_of(self, payload: etree._Element) -> str | None:
        """The operation by the body's element: never by the SOAPAction, which nothing protects."""
        operation = self._operations.get(str(payload.tag))
        return None if operation is None else str(operation.name)

    def parse(self, payload: etree._Element) -> Any:
        """A valid request as an object with an attribute for each element."""
        return self._types.get_element(payload.tag).parse(payload, self._types)

    def answer(self, operation: str, values: Mapping[str, object]) -> etree._Element:
        """The envelope of an answer."""
        bound = self._operations[f"{{{NAMESPACE}}}{operation}"]
        envelope: etree._Element = bound.output.serialize(**values).content
        return envelope

    def fault_detail(self, name: str, values: Mapping[str, object]) -> etree._Element:
        """The ``detail`` of a typed fault."""
        element = self._types.get_element(f"{{{NAMESPACE}}}{name}")
        detail = etree.Element("detail", nsmap={"soap": SOAP})
        element.render(detail, element(**values))
        return detail

    def published(self, name: str, endpoint: str) -> bytes | None:
        """A file of the contract as the service answers it, with the addresses of this service; None: no such file."""
        content = self._published.get(name)
        if content is None:
            return None
        content = content.replace(_LOCATION, f"location={quoteattr(endpoint)}".encode())
        for other in self._published:
            here = f"schemaLocation={quoteattr(f'{endpoint}?xsd={other}')}"
            content = content.replace(_SCHEMA_LOCATION.format(other).encode(), here.encode())
        return content
