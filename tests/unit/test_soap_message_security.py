"""Signed messages and tokens: what is believed, and every way around it that is not."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import xmlsec
import zeep
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from zeep.wsse.signature import BinarySignature, Signature
from zeep.wsse.username import UsernameToken

from connector.soap.doorkeeper import Doorkeeper
from connector.soap.envelope import SOAP, parse_envelope
from connector.soap.faults import Fault
from connector.soap.message_signature import DS
from connector.soap.security import Client, HttpRequest
from connector.soap.wsse import SECURITY, WSSE, WSU, WSU_ID

NOW = dt.datetime.now(dt.UTC)
LOCAL = HttpRequest(method="POST", path="/", query="", scheme="http", peer="127.0.0.1", headers={})
FOREIGN = HttpRequest(method="POST", path="/", query="", scheme="http", peer="192.0.2.1", headers={})
BODY, HEADER = f"{{{SOAP}}}Body", f"{{{SOAP}}}Header"
Change = Callable[[etree._Element], None]


def key_and_certificate(folder: Path, *, days: int = 30) -> tuple[str, str, str]:
    """Files of a fresh key and its self-signed certificate, and the certificate's fingerprint."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cổng dịch vụ công")])
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=60))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return str(folder / "key.pem"), str(folder / "cert.pem"), certificate.fingerprint(hashes.SHA256()).hex()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    return key_and_certificate(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    return key_and_certificate(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    return key_and_certificate(tmp_path_factory.mktemp("expired"), days=-1)


@pytest.fixture
def door(portal: tuple[str, str, str], expired: tuple[str, str, str]) -> Doorkeeper:
    seen: set[str] = set()

    def first_time(mark: str, until: dt.datetime) -> bool:
        new = mark not in seen
        seen.add(mark)
        return new

    clients = [
        Client(name="portal", certificates=frozenset({portal[2].upper(), expired[2]})),
        Client(name="office", shared_secret="bí mật chung"),
        Client(name="other"),
    ]
    return Doorkeeper(clients, first_time=first_time)


class Timed:
    """A signature with the time stamp that zeep leaves to its user."""

    def __init__(self, signature: Any, *, age: dt.timedelta = dt.timedelta(0), stamped: bool = True) -> None:
        self._signature, self._age, self._stamped = signature, age, stamped

    def apply(self, envelope: Any, headers: Any) -> Any:
        security = zeep.wsse.utils.get_security_header(envelope)
        if self._stamped:
            stamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
            created = dt.datetime.now(dt.UTC) - self._age
            etree.SubElement(stamp, f"{{{WSU}}}Created").text = created.strftime("%Y-%m-%dT%H:%M:%SZ")
            expires = created + dt.timedelta(minutes=5)
            etree.SubElement(stamp, f"{{{WSU}}}Expires").text = expires.strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._signature.apply(envelope, headers)

    def verify(self, envelope: Any) -> Any:
        return envelope


@cache
def client() -> Any:
    return zeep.Client("xsd/v1/kho.wsdl")


def message(wsse: Any) -> etree._Element:
    """A request as zeep writes it and as the service reads it."""
    built = client()
    built.wsse = wsse
    written = built.create_message(built.service, "GetDocument", MucDich="xem", MaSoHoa="1.QD.1")
    return parse_envelope(etree.tostring(written))


def signed(
    portal: tuple[str, str, str],
    *,
    kind: Any = BinarySignature,
    method: Any = xmlsec.constants.TransformRsaSha256,
    digest: Any = xmlsec.constants.TransformSha256,
    **options: Any,
) -> etree._Element:
    return message(Timed(kind(portal[0], portal[1], signature_method=method, digest_method=digest), **options))


def refused(door: Doorkeeper, envelope: etree._Element, *, request: HttpRequest = LOCAL) -> None:
    with pytest.raises(Fault) as caught:
        door.by_message(envelope, request, None)
    assert caught.value.http_status == 401


@pytest.mark.parametrize("kind", [BinarySignature, Signature])
def test_a_signed_message_names_its_sender_once(door: Doorkeeper, portal: tuple[str, str, str], kind: Any) -> None:
    envelope = signed(portal, kind=kind)
    assert door.by_message(envelope, FOREIGN, None).name == "portal"
    refused(door, envelope)


def test_a_token_names_its_sender_once_and_only_in_confidence(door: Doorkeeper) -> None:
    token = UsernameToken("office", "bí mật chung", use_digest=True)
    envelope = message(token)
    refused(door, envelope, request=FOREIGN)
    assert door.by_message(envelope, LOCAL, None).name == "office"
    refused(door, envelope)


@pytest.mark.parametrize(
    "token",
    [
        UsernameToken("office", "bí mật chung"),
        UsernameToken("office", "sai", use_digest=True),
        UsernameToken("portal", "", use_digest=True),
        UsernameToken("nobody", "bí mật chung", use_digest=True),
        UsernameToken("office", "bí mật chung", use_digest=True, created=NOW - dt.timedelta(hours=1)),
        UsernameToken("office", "bí mật chung", use_digest=True, nonce="x"),
    ],
    ids=["plain text", "wrong secret", "client without a secret", "nobody", "stale", "short nonce"],
)
def test_another_token_is_refused(door: Doorkeeper, token: UsernameToken) -> None:
    refused(door, message(token))


def test_a_strange_or_expired_certificate_is_refused(
    door: Doorkeeper, stranger: tuple[str, str, str], expired: tuple[str, str, str]
) -> None:
    refused(door, signed(stranger))
    refused(door, signed(expired))


def test_weak_algorithms_and_stale_messages_are_refused(door: Doorkeeper, portal: tuple[str, str, str]) -> None:
    refused(door, signed(portal, method=xmlsec.constants.TransformRsaSha1))
    refused(door, signed(portal, digest=xmlsec.constants.TransformSha1))
    refused(door, signed(portal, age=dt.timedelta(minutes=6)))
    refused(door, signed(portal, age=dt.timedelta(minutes=-6)))
    refused(door, signed(portal, stamped=False))


def test_connection_and_message_may_not_name_two(door: Doorkeeper, portal: tuple[str, str, str]) -> None:
    refused_caller = Client(name="other")
    with pytest.raises(Fault):
        door.by_message(signed(portal), LOCAL, refused_caller)
    assert door.by_message(signed(portal), LOCAL, Client(name="portal")).name == "portal"


def test_without_any_proof_nobody_is_let_in(door: Doorkeeper) -> None:
    refused(door, message(None))


def find(envelope: etree._Element, tag: str) -> etree._Element:
    found = envelope.find(f".//{tag}")
    assert found is not None
    return found


def forged(envelope: etree._Element) -> etree._Element:
    """A Body that asks for something else."""
    body = copy.deepcopy(find(envelope, BODY))
    find(body, "{urn:vn:bhxh:sohoa:kho:1}MaSoHoa").text = "2.QD.2"
    return body


def tamper(envelope: etree._Element) -> None:
    find(envelope, "{urn:vn:bhxh:sohoa:kho:1}MaSoHoa").text = "2.QD.2"


def hide_in_header(envelope: etree._Element) -> None:
    """The signed Body moves into a header block nobody reads; the forged one takes its place without an id."""
    body, other = find(envelope, BODY), forged(envelope)
    del other.attrib[WSU_ID]
    etree.SubElement(find(envelope, HEADER), "{urn:x}Wrapper").append(body)
    envelope.append(other)


def hide_with_same_id(envelope: etree._Element) -> None:
    body, other = find(envelope, BODY), forged(envelope)
    etree.SubElement(find(envelope, HEADER), "{urn:x}Wrapper").append(body)
    envelope.append(other)


def hide_in_signature(envelope: etree._Element) -> None:
    body, other = find(envelope, BODY), forged(envelope)
    other.set(WSU_ID, "other")
    holder = etree.SubElement(find(envelope, f"{{{DS}}}Signature"), f"{{{DS}}}Object")
    holder.append(body)
    envelope.append(other)


def hide_payload(envelope: etree._Element) -> None:
    """The signed Body goes below a new one, as a child of the forged request."""
    body, other = find(envelope, BODY), forged(envelope)
    other.set(WSU_ID, "other")
    other[0].append(body)
    envelope.append(other)


def add_second_body(envelope: etree._Element) -> None:
    other = forged(envelope)
    other.set(WSU_ID, "other")
    envelope.append(other)


def same_id_by_another_name(envelope: etree._Element) -> None:
    """An unqualified Id equal to the signed wsu:Id."""
    etree.SubElement(find(envelope, HEADER), "{urn:x}Decoy").set("Id", find(envelope, BODY).get(WSU_ID, ""))


def swap_timestamp(envelope: etree._Element) -> None:
    stamp = find(envelope, f"{{{WSU}}}Timestamp")
    fresh = copy.deepcopy(stamp)
    fresh.set(WSU_ID, "fresh")
    find(envelope, SECURITY).append(fresh)
    etree.SubElement(find(envelope, HEADER), "{urn:x}Wrapper").append(stamp)


def second_security(envelope: etree._Element) -> None:
    find(envelope, HEADER).append(copy.deepcopy(find(envelope, SECURITY)))


def drop_body_reference(envelope: etree._Element) -> None:
    info = find(envelope, f"{{{DS}}}SignedInfo")
    info.remove(info.findall(f"{{{DS}}}Reference")[0])


def point_outside(envelope: etree._Element) -> None:
    find(envelope, f"{{{DS}}}Reference").set("URI", "http://127.0.0.1:1/x")


def point_at_all(envelope: etree._Element) -> None:
    find(envelope, f"{{{DS}}}Reference").set("URI", "")


def add_xslt(envelope: etree._Element) -> None:
    find(envelope, f"{{{DS}}}Transform").set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def use_hmac(envelope: etree._Element) -> None:
    find(envelope, f"{{{DS}}}SignatureMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")


def drop_certificate(envelope: etree._Element) -> None:
    find(envelope, f"{{{WSSE}}}BinarySecurityToken").text = "AAAA"


def flood_references(envelope: etree._Element) -> None:
    info = find(envelope, f"{{{DS}}}SignedInfo")
    for _ in range(9):
        info.append(copy.deepcopy(info.findall(f"{{{DS}}}Reference")[0]))


@pytest.mark.parametrize(
    "change",
    [
        tamper,
        hide_in_header,
        hide_with_same_id,
        hide_in_signature,
        hide_payload,
        add_second_body,
        same_id_by_another_name,
        swap_timestamp,
        second_security,
        drop_body_reference,
        point_outside,
        point_at_all,
        add_xslt,
        use_hmac,
        drop_certificate,
        flood_references,
    ],
)
def test_a_message_that_was_touched_or_wrapped_is_refused(
    door: Doorkeeper, portal: tuple[str, str, str], change: Change
) -> None:
    envelope = signed(portal)
    change(envelope)
    refused(door, parse_envelope(etree.tostring(envelope)))


def test_the_proxy_s_word_counts_on_this_machine_only(portal: tuple[str, str, str]) -> None:
    clients = [Client(name="portal", certificates=frozenset({portal[2]}))]
    pem = quote(Path(portal[1]).read_text())

    def ask(peer: str, *, trusts_proxy: bool, verdict: str = "SUCCESS", certificate: str = pem) -> Client | None:
        door = Doorkeeper(clients, first_time=lambda mark, until: True, trusts_proxy=trusts_proxy)
        headers = {"x-client-verify": verdict, "x-client-cert": certificate}
        return door.by_connection(
            HttpRequest(method="POST", path="/", query="", scheme="http", peer=peer, headers=headers)
        )

    found = ask("127.0.0.1", trusts_proxy=True)
    assert found is not None
    assert found.name == "portal"
    assert ask("127.0.0.1", trusts_proxy=False) is None
    assert ask("192.0.2.1", trusts_proxy=True) is None
    assert ask("127.0.0.1", trusts_proxy=True, verdict="NONE") is None
    for verdict, certificate in (
        ("FAILED:expired", pem),
        ("SUCCESS", ""),
        ("SUCCESS", "x"),
        ("SUCCESS", f"{pem}, {pem}x"),
    ):
        with pytest.raises(Fault):
            ask("127.0.0.1", trusts_proxy=True, verdict=verdict, certificate=certificate)
