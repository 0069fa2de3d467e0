"""Telling the portal that a paper was stored or has changed: one small SOAP message, without personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import requests
from lxml import etree
from requests.auth import HTTPBasicAuth

from connector.domain.errors import PortalError, PortalUnavailable
from connector.domain.publication import ChangeKind, FeedEntry
from connector.soap.answers import moment
from connector.soap.breaker import Breaker
from connector.soap.envelope import SOAP

Told = Literal["paper_id", "version", "kind", "position", "at"]
_LONGEST_ANSWER = 64 * 1024
_PASSING_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Notice:
    """How the portal wants to be told: where, in which element, and which of our values under which names."""

    url: str
    namespace: str
    element: str
    fields: Mapping[str, Told]  # the portal's name -> our value, in the order of the message
    kinds: tuple[ChangeKind, ...] = tuple(ChangeKind)
    soap_action: str = ""


class Notifier:
    """Tells one portal; gives up after ``seconds``, and does not wait again for whom it waited in vain."""

    def __init__(
        self,
        notice: Notice,
        *,
        username: str | None = None,
        password: str = "",
        ca_file: Path | None = None,
        seconds: float = 10.0,
        breaker: Breaker | None = None,
    ) -> None:
        self._notice = notice
        self._seconds = seconds
        self._breaker = breaker or Breaker()
        self._session = requests.Session()
        self._session.trust_env = False  # the environment's CA bundle would win over ours
        self._session.verify = str(ca_file) if ca_file else True
        if username is not None:
            self._session.auth = HTTPBasicAuth(username.encode(), password.encode())

    def tell(self, entry: FeedEntry) -> None:
        """Tell one change. Raises PortalUnavailable when trying again may help, else PortalError."""
        self._breaker.check()
        try:
            status, answer = self._post(self._message(entry))
        except requests.RequestException as error:
            self._breaker.failed()
            raise PortalUnavailable(type(error).__name__) from error
        fault = _fault_code(answer)
        if status in _PASSING_STATUSES or (status >= 500 and fault != "Client"):
            self._breaker.failed()
            raise PortalUnavailable(f"HTTP {status}")
        self._breaker.answered()
        if fault is not None or not 200 <= status < 300:
            raise PortalError(f"HTTP {status}, {'a fault' if fault is not None else 'no SOAP fault'}")

    def _post(self, message: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{self._notice.soap_action}"'}
        with self._session.post(
            self._notice.url, data=message, headers=headers, timeout=self._seconds, stream=True, allow_redirects=False
        ) as answer:
            return answer.status_code, answer.raw.read(_LONGEST_ANSWER, decode_content=True)

    def _message(self, entry: FeedEntry) -> bytes:
        values: Mapping[Told, str] = {
            "paper_id": str(entry.paper_id),
            "version": str(entry.version),
            "kind": str(entry.kind),
            "position": str(entry.position),
            "at": moment(entry.at).isoformat(),
        }
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "n": self._notice.namespace})
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        told = etree.SubElement(body, f"{{{self._notice.namespace}}}{self._notice.element}")
        for name, value in self._notice.fields.items():
            etree.SubElement(told, f"{{{self._notice.namespace}}}{name}").text = values[value]
        return etree.tostring(envelope, encoding="utf-8", xml_declaration=True)


def _fault_code(answer: bytes) -> str | None:
    """Client, Server or what else a SOAP fault calls itself; None when there is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        fault = etree.fromstring(answer, parser).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    except etree.XMLSyntaxError:
        return None
    return None if fault is None else (fault.findtext("faultcode") or "?").rpartition(":")[2].strip()
