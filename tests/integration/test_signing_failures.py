"""What goes wrong when signing has its own name, and nothing is left behind."""

from __future__ import annotations

import secrets
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pkcs11
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from connector.demo.pki import SOFTHSM, TOKEN, DemoPki
from connector.domain.errors import (
    CertificateInvalid,
    ConfigurationError,
    EncryptedFile,
    KeyUnavailable,
    NoRoomForStamp,
    SigningForbidden,
    TimestampUnavailable,
    UnreadableFile,
    WrongPin,
)
from connector.domain.signatures import Level
from signing.hsm_session import close_session, open_session
from signing.keys import Pkcs11Key, Pkcs12Key, open_key
from signing.signer import PaperSigner
from tests.fixtures.sheets import hybrid_references, picture, sheet
from tests.integration.signed_paper import COPY, PERSONAL, names

pytestmark = pytest.mark.integration


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return sheet(tmp_path / "scan.pdf")


@pytest.fixture
def slow_service() -> Iterator[str]:
    """A time-stamp service that takes a connection and never answers."""
    released = threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            released.wait(60)

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def dead_service() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


@pytest.mark.parametrize("service", ["slow_service", "dead_service"])
def test_nobody_waits_for_a_time_stamp_at_the_counter(
    office_of: Callable[..., PaperSigner], service: str, request: pytest.FixtureRequest, scan: Path, tmp_path: Path
) -> None:
    office = office_of(timestamp_url=request.getfixturevalue(service))

    reports = office.sign_scan(scan, tmp_path / "signed.pdf", identity="hà", stamp=PERSONAL)

    assert [(report.level, report.is_valid) for report in reports] == [(Level.B_B, True)]


@pytest.mark.parametrize("service", ["slow_service", "dead_service"])
def test_the_agency_signature_waits_for_its_time_stamp_and_leaves_nothing(
    office_of: Callable[..., PaperSigner], service: str, request: pytest.FixtureRequest, scan: Path, tmp_path: Path
) -> None:
    office = office_of(timestamp_url=request.getfixturevalue(service), timestamp_seconds=0.5)
    office.sign_scan(scan, tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)

    with pytest.raises(TimestampUnavailable):
        office.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)
    assert names(tmp_path) == ["personal.pdf", "scan.pdf"]


def test_a_personal_signature_made_without_time_stamp_reaches_the_long_term_level_with_the_agency_s(
    office_of: Callable[..., PaperSigner], dead_service: str, signer: PaperSigner, scan: Path, tmp_path: Path
) -> None:
    office_of(timestamp_url=dead_service).sign_scan(scan, tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)

    signer.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)

    assert [(each.level, each.is_valid) for each in signer.verify(tmp_path / "signed.pdf")] == [
        (Level.B_LTA, True),
        (Level.B_LTA, True),
    ]


def encrypted(path: Path, *, user: str) -> Path:
    sheet(path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.save(path, encryption=pikepdf.Encryption(owner="owner", user=user))
    return path


def without_pages(path: Path) -> Path:
    with pikepdf.new() as document:
        document.save(path)
    return path


def with_bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def full_page(path: Path) -> Path:
    return sheet(path, picture(is_full=True))


def closed_by_its_author(path: Path, pki: DemoPki) -> Path:
    """A certifying signature that allows no change."""
    key = pki.key("director")
    signer = SimpleSigner.load_pkcs12(str(key.path), passphrase=key.password.encode())
    details = PdfSignatureMetadata(field_name="TacGia", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    with sheet(path.with_name("open.pdf")).open("rb") as file, path.open("wb") as output:
        sign_pdf(IncrementalPdfFileWriter(file), details, signer, output=output)
    path.with_name("open.pdf").unlink()
    return path


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path, pki: encrypted(path, user="secret"), EncryptedFile),
        (lambda path, pki: encrypted(path, user=""), EncryptedFile),
        (lambda path, pki: without_pages(path), UnreadableFile),
        (lambda path, pki: with_bytes(path, b""), UnreadableFile),
        (lambda path, pki: with_bytes(path, b"\xff\xd8\xff no PDF at all"), UnreadableFile),
        (lambda path, pki: with_bytes(path, sheet(path).read_bytes()[:-2000]), UnreadableFile),
        (lambda path, pki: full_page(path), NoRoomForStamp),
        (closed_by_its_author, SigningForbidden),
    ],
    ids=["password", "owner password", "no pages", "empty", "no PDF", "cut off", "full page", "no changes allowed"],
)
def test_a_file_that_cannot_be_signed_is_named_and_left_alone(
    signer: PaperSigner, pki: DemoPki, make: Callable[[Path, DemoPki], Path], error: type[Exception], tmp_path: Path
) -> None:
    file = make(tmp_path / "paper.pdf", pki)
    before = file.read_bytes()

    with pytest.raises(error):
        signer.sign_scan(file, tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    with pytest.raises(error):
        signer.sign_copy(file, tmp_path / "signed.pdf", stamp=COPY)

    assert names(tmp_path) == ["paper.pdf"]
    assert file.read_bytes() == before


def test_a_file_with_hybrid_references_is_signed(signer: PaperSigner, scan: Path, tmp_path: Path) -> None:
    hybrid = hybrid_references(scan, tmp_path / "hybrid.pdf")
    signer.sign_scan(hybrid, tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    signer.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)

    assert all(report.is_valid for report in signer.verify(tmp_path / "signed.pdf"))


def test_a_wrong_pin_is_named(token_key: Callable[[str], Pkcs11Key], pki: DemoPki) -> None:
    close_session(SOFTHSM, TOKEN)

    with pytest.raises(WrongPin):
        open_session(SOFTHSM, TOKEN, f"{pki.pin}0")

    open_key(token_key("agency"))


def test_a_missing_token_is_named(token_key: Callable[[str], Pkcs11Key]) -> None:
    with pytest.raises(KeyUnavailable):
        open_session(SOFTHSM, "no such token", "1234")


def test_a_missing_module_or_certificate_is_a_matter_of_configuration(
    token_key: Callable[[str], Pkcs11Key], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError):
        open_session(tmp_path / "no-module.so", TOKEN, "1234")
    with pytest.raises(ConfigurationError):
        open_key(token_key("nobody"))


def test_a_wrong_password_or_file_is_named(key_file: Callable[[str], Pkcs12Key], tmp_path: Path) -> None:
    with pytest.raises(WrongPin):
        open_key(Pkcs12Key(path=key_file("scanner").path, password="wrong"))
    with pytest.raises(ConfigurationError):
        open_key(Pkcs12Key(path=tmp_path / "none.p12", password="wrong"))


def test_an_expired_key_is_refused_before_anything_is_signed(key_file: Callable[[str], Pkcs12Key]) -> None:
    with pytest.raises(CertificateInvalid):
        open_key(key_file("expired"))


@pytest.mark.parametrize("lost", ["the session is closed", "another login ended ours"])
def test_a_lost_session_is_opened_again(
    signer: PaperSigner, token_key: Callable[[str], Pkcs11Key], pki: DemoPki, lost: str, scan: Path, tmp_path: Path
) -> None:
    session = open_session(SOFTHSM, TOKEN, pki.pin)
    if lost == "the session is closed":
        session.close()
    else:
        pkcs11.lib(str(SOFTHSM)).reinitialize()

    signer.sign_copy(scan, tmp_path / "signed.pdf", stamp=COPY)

    assert all(report.is_valid for report in signer.verify(tmp_path / "signed.pdf"))


def test_a_large_file_is_judged_without_holding_it_in_memory(signer: PaperSigner, tmp_path: Path) -> None:
    pictures, size = 30, 1024 * 1024
    with pikepdf.open(sheet(tmp_path / "blank.pdf")) as document:
        streams = [document.make_stream(secrets.token_bytes(size)) for _ in range(pictures)]
        document.pages[0].obj.PieceInfo = pikepdf.Array(streams)
        document.save(tmp_path / "scan.pdf")
    signer.sign_scan(tmp_path / "scan.pdf", tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    signer.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)

    tracemalloc.start()
    reports = signer.verify(tmp_path / "signed.pdf")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [report.is_valid for report in reports] == [True, True]
    assert peak < pictures * size / 3
