"""The shipped nginx configuration, with the real nginx, client certificates and signed messages."""

from __future__ import annotations

import base64
import datetime as dt
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
import requests
import xmlsec
import zeep
from zeep.exceptions import Fault
from zeep.wsse.signature import BinarySignature
from zeep.wsse.username import UsernameToken

from connector.registry.connection import Database
from connector.registry.seen_messages import SeenMessages
from connector.soap.operations import Backing
from connector.soap.security import Client
from connector.soap.server import Application, create_application, serve
from tests.fixtures.authority import Authority, Identity
from tests.fixtures.soap import PASSWORD, PORTAL, Kho, free_port, verdicts
from tests.integration.test_soap_streaming import eventually

pytestmark = pytest.mark.integration

CONFIGURATION = Path("docs/nginx-mtls.conf")


@dataclass(frozen=True)
class Site:
    """The service behind nginx."""

    kho: Kho
    application: Application
    url: str
    roots: Path
    portal: Identity
    known_to_nobody: Identity
    foreign: Identity
    revoked: Identity
    reload_revocations: Callable[..., None]

    def session(self, identity: Identity | None = None) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.roots)
        session.cert = (str(identity.certificate), str(identity.key)) if identity else None
        return session

    def service(self, session: requests.Session, wsse: Any = None) -> Any:
        transport: Any = zeep.Transport(session=session)
        return zeep.Client(f"{self.url}?wsdl", transport=transport, wsse=wsse).service


@pytest.fixture
def exits() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@contextmanager
def ocsp_responder(authority: Authority, *revoked: Identity) -> Iterator[str]:
    """The authority, asked over HTTP as nginx asks: by GET."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = authority.ocsp_answer(base64.b64decode(unquote(self.path.lstrip("/"))), *revoked)
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(kho: Kho, database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """With the authority's revocation list; parametrized with "ocsp", with questions to it instead."""
    authority, elsewhere = Authority(tmp_path, "authority"), Authority(tmp_path, "elsewhere")
    portal, revoked = authority.issue("portal"), authority.issue("revoked")
    server = authority.issue("localhost")
    port, stop, socket = free_port(), threading.Event(), tmp_path / "soap.sock"
    url = f"https://localhost:{port}/KhoGiayTo"
    clients = [
        replace(PORTAL, certificates=frozenset({portal.sha256, revoked.sha256})),
        Client(name="by-token", shared_secret="bí mật chung"),
    ]
    application = create_application(
        Backing(papers=kho.publications, verify_signatures=verdicts, report_result=lambda *a, **k: None),
        clients=clients,
        read_content=kho.shelf.read,
        keyed_hash=kho.chain.keyed_hash,
        public_url=url,
        first_time=SeenMessages(database).first_time,
        trusts_proxy=True,
    )
    serving = threading.Thread(
        target=serve, args=(application,), kwargs={"host": "", "port": 0, "socket": socket, "stop": stop}
    )
    serving.start()
    revocations = authority.revocations(revoked)
    asked = ocsp_responder(authority, revoked) if hasattr(request, "param") else nullcontext("")
    responder = request.getfixturevalue("exits").enter_context(asked)
    nginx = start_nginx(tmp_path, port, socket, server, authority.certificate, revocations, responder)

    def reload_revocations(*identities: Identity, **more: Any) -> None:
        authority.revocations(*identities, **more)
        nginx.send_signal(signal.SIGHUP)  # what `nginx -s reload` sends

    try:
        yield Site(
            kho=kho,
            application=application,
            url=url,
            roots=authority.certificate,
            portal=portal,
            known_to_nobody=authority.issue("unlisted"),
            foreign=elsewhere.issue("foreign"),
            revoked=revoked,
            reload_revocations=reload_revocations,
        )
    finally:
        nginx.terminate()
        nginx.wait(10)
        stop.set()
        serving.join(30)


def start_nginx(
    folder: Path, port: int, socket: Path, server: Identity, authorities: Path, revocations: Path, responder: str
) -> subprocess.Popen[bytes]:
    """The shipped file with this test's paths and port, in an nginx of its own."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for shipped, ours in {
        "unix:/run/sohoa/soap.sock": f"unix:{socket}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/sohoa/tls/server.pem": str(server.certificate),
        "/etc/sohoa/tls/server.key": str(server.key),
        "/etc/sohoa/tls/client-authorities.pem": str(authorities),
        "/etc/sohoa/tls/client-authorities.crl": str(revocations),
    }.items():
        assert shipped in text
        text = text.replace(shipped, ours)
    if responder:
        text = text.replace("ssl_crl ", "# ssl_crl ").replace("# ssl_ocsp", "ssl_ocsp")
        text = text.replace("http://ocsp.example.vn/", responder)
    (folder / "sohoa.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; daemon off; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; "
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; "
        f"include {folder}/sohoa.conf; }}\n"
    )
    folder.chmod(0o755)
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]  # the test's folder is root's
    process = subprocess.Popen(command)
    for _ in range(100):
        try:
            requests.get(f"https://localhost:{port}/", timeout=5, verify=str(authorities))
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            break
    return process


def test_a_client_certificate_signs_in(site: Site) -> None:
    paper = site.kho.publish(os.urandom(3_000_000))
    service = site.service(site.session(site.portal))
    assert service.Ping().BenGoi == PORTAL.name
    answer = service.GetDocument(MucDich="xem", MaTaiLieu=str(paper.record.paper_id))
    assert answer.TaiLieu.NoiDung == site.kho.shelf.contents[paper.document.object_id]


def test_a_certificate_of_nobody_or_of_another_authority_does_not(site: Site) -> None:
    with pytest.raises(Fault):
        site.service(site.session(site.known_to_nobody)).Ping()
    session = site.session(site.foreign)
    assert session.get(f"{site.url}?wsdl", timeout=10).status_code == 400  # nginx itself refuses it


def is_refused_by_nginx(site: Site, identity: Identity) -> bool:
    session = site.session(identity)
    session.headers["Connection"] = "close"  # a kept connection was verified when it began
    return session.get(f"{site.url}?wsdl", timeout=10).status_code == 400


def test_a_revoked_certificate_does_not_sign_in_though_the_settings_still_name_it(site: Site) -> None:
    assert is_refused_by_nginx(site, site.revoked)
    assert not is_refused_by_nginx(site, site.portal)


def test_a_certificate_revoked_later_is_refused_after_the_lists_are_read_again(site: Site) -> None:
    site.reload_revocations(site.portal)
    assert eventually(lambda: is_refused_by_nginx(site, site.portal))
    # a worker that is about to end may still take a connection
    assert eventually(lambda: not is_refused_by_nginx(site, site.revoked))


@pytest.mark.parametrize("site", ["ocsp"], indirect=True)
def test_an_authority_that_is_asked_refuses_what_it_has_revoked(site: Site) -> None:
    assert is_refused_by_nginx(site, site.revoked)
    assert site.service(site.session(site.portal)).Ping().BenGoi == PORTAL.name


def test_an_expired_list_lets_no_certificate_in(site: Site) -> None:
    site.reload_revocations(lasts=-dt.timedelta(hours=1))
    assert eventually(lambda: is_refused_by_nginx(site, site.portal))


def test_headers_a_caller_makes_up_do_not_arrive(site: Site) -> None:
    session = site.session()
    session.headers["X-Client-Verify"] = "SUCCESS"
    session.headers["X-Client-Cert"] = quote(site.portal.certificate.read_text())
    with pytest.raises(Fault):
        site.service(session).Ping()


def test_a_refused_caller_s_own_address_is_audited_not_the_proxy_s(site: Site) -> None:
    session = site.session()
    session.headers["X-Real-IP"] = "10.9.8.7"  # made up
    with pytest.raises(Fault):
        site.service(session).Ping()
    site.application.close()
    assert [(row["subject"], row["result"]) for row in site.kho.audit_rows()] == [("from 127.0.0.1", "AccessDenied")]


def test_a_password_over_tls_still_signs_in(site: Site) -> None:
    session = site.session()
    session.auth = requests.auth.HTTPBasicAuth(PORTAL.name.encode(), PASSWORD.encode())
    assert site.service(session).Ping().BenGoi == PORTAL.name


class Signed(BinarySignature):
    """zeep's signature with what it leaves to its user: SHA-256, a time stamp, no signature expected back."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(
            str(identity.key),
            str(identity.certificate),
            signature_method=xmlsec.constants.TransformRsaSha256,
            digest_method=xmlsec.constants.TransformSha256,
        )

    def apply(self, envelope: Any, headers: Any) -> Any:
        made = dt.datetime.now(dt.UTC)
        stamp = zeep.wsse.utils.WSU.Timestamp(
            zeep.wsse.utils.WSU.Created(made.strftime("%Y-%m-%dT%H:%M:%SZ")),
            zeep.wsse.utils.WSU.Expires((made + dt.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")),
        )
        zeep.wsse.utils.get_security_header(envelope).append(stamp)
        return super().apply(envelope, headers)

    def verify(self, envelope: Any) -> Any:
        return envelope


def test_a_signed_message_signs_in_and_is_believed_once(site: Site) -> None:
    recorded: list[bytes] = []

    session = site.session()
    session.hooks["response"].append(lambda answer, *a, **k: recorded.append(answer.request.body))
    assert site.service(session, Signed(site.portal)).Ping().BenGoi == PORTAL.name

    again = site.session().post(site.url, data=recorded[-1], headers={"Content-Type": "text/xml"}, timeout=10)
    assert again.status_code == 401
    assert site.service(site.session(), UsernameToken("by-token", "bí mật chung", use_digest=True)).Ping().BenGoi == (
        "by-token"
    )
