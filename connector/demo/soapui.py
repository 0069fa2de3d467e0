"""``python -m connector.demo.soapui``: a SoapUI project that calls the sandbox, made from the WSDL and our samples."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from lxml import etree

from connector.demo.sandbox import DOSSIER, FINISHED_DOSSIER, PASSWORD
from connector.demo.sandbox_papers import OWNER
from connector.soap.envelope import SOAP
from connector.soap.server import ENDPOINT
from connector.soap.wsdl import NAMESPACE

URL = f"http://127.0.0.1:8080{ENDPOINT}"
CON = "http://eviware.com/soapui/config"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WSDL, _WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/", "http://schemas.xmlsoap.org/wsdl/soap/"
_PURPOSE = ("MucDich", "Thử nghiệm")
# from the answer of GetDocument, by hand; the sandbox's ids are new at each start
PROPERTIES = ("MaTaiLieu", "SHA256")


@dataclass(frozen=True)
class Sample:
    """One call: whoever makes it, and the element that answers it, a fault's name included."""

    operation: str
    values: Sequence[tuple[str, str]] = ()
    fault: str | None = None
    client: str = "cong-dvc"
    note: str = field(default="")

    @property
    def name(self) -> str:
        """What SoapUI shows; it begins with the answer to expect."""
        return " ".join(part for part in (self.fault or "OK", self.note) if part)


def _code(number: int, document_type: str = "QD") -> tuple[str, str]:
    notation = "QĐ" if document_type == "QD" else document_type
    return "MaSoHoa", f"{OWNER}.MAU-{document_type}.{number}/{notation}-MAU"


SAMPLES = (
    Sample("Ping"),
    Sample("Ping", client="goi-it", note="(third call within a minute: TooManyRequests)"),
    Sample("SearchDocuments", [_PURPOSE, _code(10)], note="by code"),
    Sample("SearchDocuments", [_PURPOSE, ("MaChuGiayTo", OWNER), ("SoLuong", "2")], note="a page of an owner's"),
    Sample("SearchDocuments", [("MucDich", " ")], fault="InvalidRequest", note="without a purpose"),
    Sample("ListOwnerDocuments", [_PURPOSE, ("MaChuGiayTo", OWNER), ("ChiConHieuLuc", "true")]),
    Sample("GetMetadata", [_PURPOSE, _code(10)]),
    Sample("GetMetadata", [_PURPOSE, _code(13)], note="replaced"),
    Sample("GetMetadata", [_PURPOSE, _code(15)], fault="Conflict", note="two papers of one code"),
    Sample("GetMetadata", [_PURPOSE, _code(15), ("NgayCap", "2023-03-15")], note="one of the two"),
    Sample("GetMetadata", [_PURPOSE, _code(99)], fault="NotFound"),
    Sample("GetMetadata", [_PURPOSE, _code(10)], fault="NotFound", client="ben-hep", note="kept from this client"),
    Sample("GetDocument", [_PURPOSE, _code(10)]),
    Sample("GetDocument", [_PURPOSE, _code(12), ("PhienBan", "1")], note="an older version"),
    Sample("GetDocument", [_PURPOSE, _code(17)], fault="Unavailable"),
    Sample("GetDocument", [_PURPOSE, _code(18)], fault="Withheld", note="the file is gone"),
    Sample("GetMetadataSignature", [_PURPOSE, _code(10)]),
    Sample("VerifyDocument", [_PURPOSE, _code(10), ("SHA256", "0" * 64)], note="a copy that does not match"),
    Sample("ListChanges", [("SoLuong", "5")]),
    Sample("ListChanges", [("TuDau", "khong-phai-dau-doc")], fault="InvalidRequest", note="a token of no feed"),
    Sample("AcknowledgeReceipt", [(name, f"${{#Project#{name}}}") for name in PROPERTIES], note="after GetDocument"),
    Sample("ReportDossierResult", [("MaHoSo", DOSSIER), ("KetQua", "THANH_CONG")], client="mot-cua"),
    Sample(
        "ReportDossierResult",
        [("MaHoSo", FINISHED_DOSSIER), ("KetQua", "THANH_CONG")],
        fault="Conflict",
        client="mot-cua",
    ),
    Sample("ReportDossierResult", [("MaHoSo", DOSSIER), ("KetQua", "THANH_CONG")], fault="AccessDenied"),
)


def project() -> bytes:
    """The project file: every operation of the WSDL's binding with its samples."""
    root = etree.Element(_con("soapui-project"), nsmap={"con": CON, "xsi": _XSI})
    root.set("name", "KhoGiayTo sandbox")
    root.set("soapui-version", "5.7.0")
    _add(root, "settings")
    interface = _add(root, "interface")
    interface.set(f"{{{_XSI}}}type", "con:WsdlInterface")
    for name, value in {
        "name": "KhoGiayToBinding",
        "type": "wsdl",
        "bindingName": f"{{{NAMESPACE}}}KhoGiayToBinding",
        "soapVersion": "1_1",
        "wsaVersion": "NONE",
        "anonymous": "optional",
        "definition": f"{URL}?wsdl",
    }.items():
        interface.set(name, value)
    _add(interface, "settings")
    _add(_add(interface, "endpoints"), "endpoint", URL)
    for name, action in _operations():
        _add_operation(interface, name, action)
    properties = _add(root, "properties")
    for name in PROPERTIES:
        entry = _add(properties, "property")
        _add(entry, "name", name)
        _add(entry, "value")
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _operations() -> Iterator[tuple[str, str]]:
    """Name and SOAPAction of each operation of the binding."""
    document = etree.fromstring((files("xsd.v1") / "kho.wsdl").read_bytes())
    for operation in document.iterfind(f"{{{_WSDL}}}binding/{{{_WSDL}}}operation"):
        bound = operation.find(f"{{{_WSDL_SOAP}}}operation")
        assert bound is not None
        yield operation.get("name", ""), bound.get("soapAction", "")


def _add_operation(interface: etree._Element, name: str, action: str) -> None:
    operation = _add(interface, "operation")
    for attribute, value in {
        "name": name,
        "bindingOperationName": name,
        "action": action,
        "type": "Request-Response",
        "isOneWay": "false",
        "inputName": "",
        "receivesAttachments": "false",
        "sendsAttachments": "false",
        "anonymous": "optional",
    }.items():
        operation.set(attribute, value)
    _add(operation, "settings")
    for sample in SAMPLES:
        if sample.operation == name:
            _add_call(operation, sample)


def _add_call(operation: etree._Element, sample: Sample) -> None:
    call = _add(operation, "call")
    call.set("name", sample.name)
    _add(call, "settings")
    _add(call, "encoding", "UTF-8")
    _add(call, "endpoint", URL)
    _add(call, "request", etree.CDATA(_request(sample)))
    credentials = _add(call, "credentials")
    _add(credentials, "username", sample.client)
    _add(credentials, "password", PASSWORD)
    _add(credentials, "authType", "Preemptive")


def _request(sample: Sample) -> str:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "kho": NAMESPACE})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    asked = etree.SubElement(body, f"{{{NAMESPACE}}}{sample.operation}")
    for name, value in sample.values:
        etree.SubElement(asked, f"{{{NAMESPACE}}}{name}").text = value
    etree.indent(envelope)
    return etree.tostring(envelope, encoding="unicode")


def _con(name: str) -> str:
    return f"{{{CON}}}{name}"


def _add(parent: etree._Element, name: str, text: str | etree.CDATA | None = None) -> etree._Element:
    element = etree.SubElement(parent, _con(name))
    element.text = text
    return element


if __name__ == "__main__":
    sys.stdout.buffer.write(project())
