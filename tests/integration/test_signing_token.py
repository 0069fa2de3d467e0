"""``sohoa token``: what a worker prepares is signed on somebody's desk; nothing is lost, nothing is signed twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connector.demo.ecm import free_port
from connector.demo.pki import AGENCY_NAME, SOFTHSM, DemoPki
from connector.domain.errors import ConfigurationError, SigningForbidden
from connector.domain.journal import Journal
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.signatures import Level, SignatureRole
from connector.domain.states import State
from connector.domain.token_signing import SignedKind
from connector.soap.security import hash_password
from signing.keys import DeskKey, Pkcs12Key
from signing.signer import PaperSigner
from signing.token_agent import DeskLine, TokenAgent, Waiting, refuse_other_than_documents
from signing.verify_record import verify_record
from tests.fixtures.desks import PASSWORD, Desks
from tests.fixtures.line import Line
from tests.fixtures.pipelines import CLERK, Killed
from tests.fixtures.register import a_deposit
from tests.fixtures.sheets import sheet
from tests.integration.signed_paper import PERSONAL

pytestmark = pytest.mark.integration


def scans(desks: Desks, number: int) -> list[RepositoryObject]:
    """Papers whose captures are checked, and that wait for the scanner's token."""
    office, scan = desks.office, sheet(desks.office.folder / "scan.pdf")
    dossier = office.dossier(papers=number)
    papers = [office.deposit(dossier, f"giấy tờ {each}.pdf", content=scan) for each in range(number)]
    office.work()
    return papers


def signatures(desks: Desks, document: RepositoryObject, signer: PaperSigner) -> list[tuple[SignatureRole, bool]]:
    """Who has signed the stored file, and whether it holds."""
    file = desks.office.folder / "stored.pdf"
    file.write_bytes(desks.office.content(document))
    return [(report.role, report.is_valid) for report in signer.verify(file)]


def wait_until(holds: Callable[[], bool]) -> None:
    """A moment for what happens in another thread."""
    for _ in range(100):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came true")


def states(desks: Desks, papers: list[RepositoryObject]) -> set[State]:
    return {desks.office.paper(each).state for each in papers}


class Gate:
    """Stops the service right after it has taken the n-th signature, before the desk hears of it."""

    def __init__(self, desks: Desks, number: int) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self._left, self._accept = number, desks.requests.accept
        desks.requests.accept = self.accept  # type: ignore[method-assign]

    def accept(self, identity: str, request_id: UUID, signature: bytes) -> bool:
        taken = self._accept(identity, request_id, signature)
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            self.open.wait(60)
        return taken


def test_a_paper_waits_for_its_scanner_s_token_without_a_job(desks: Desks) -> None:
    [document] = scans(desks, 1)

    assert desks.office.paper(document).state is State.CHO_KY_CA_NHAN
    assert "[CHO_THIET_BI]" in str(desks.office.shown(document)["error"])
    assert desks.office.rows("SELECT * FROM procrastinate_jobs") == []


def test_the_scanner_signs_a_batch_with_one_pin(desks: Desks, signer: PaperSigner) -> None:
    papers = scans(desks, 5)

    code, report = desks.sign("hà")

    assert (code, report) == (0, {"signed": 5, "left": 0})
    assert states(desks, papers) == {State.CHO_XAC_NHAN}
    assert {tuple(signatures(desks, each, signer)) for each in papers} == {((SignatureRole.SCANNER, True),)}
    assert desks.office.rows("SELECT * FROM token_request") == []
    audited = desks.office.rows("SELECT actor FROM audit WHERE operation = 'token_signature'")
    assert [row["actor"] for row in audited] == ["hà"] * 5


def test_the_clerk_signs_copies_and_their_metadata_in_one_sitting(
    desks: Desks, signer: PaperSigner, tmp_path: Path
) -> None:
    papers = scans(desks, 2)
    desks.sign("hà")
    for number, each in enumerate(papers, start=1):
        desks.office.press(each, "XAC_NHAN", document_number=f"{number}/QĐ-BHXH")
    [dossier_id] = {desks.office.paper(each).dossier_id for each in papers}
    dossier = desks.office.ours.get(desks.office.register.dossier(dossier_id).folder_id)
    desks.office.succeed(dossier)
    desks.office.press(dossier, "KY_CO_QUAN", CLERK)
    assert states(desks, papers) == {State.CHO_KY_CO_QUAN}

    code, report = desks.sign("co-quan")

    assert (code, report) == (0, {"signed": 4, "left": 0})
    assert states(desks, papers) == {State.DA_LUU}
    document, metadata = tmp_path / "paper.pdf", tmp_path / "metadata.xml"
    [first, *_] = desks.office.technical(dossier, ".metadata.xml")
    metadata.write_bytes(first)
    verdicts = []
    for each in papers:
        document.write_bytes(desks.office.content(each))
        verdicts.append(verify_record(metadata, document, signer._trust))
    assert [level for verdict in verdicts[:1] for level in (report.level for report in verdict.document)] == [
        Level.B_LTA,
        Level.B_LTA,
    ]
    assert [verdict.holds for verdict in verdicts].count(True) == 1  # each metadata is of its own paper
    assert verdicts[0].metadata[0].level is Level.B_LT


def test_an_agent_killed_in_mid_batch_loses_and_doubles_nothing(desks: Desks, signer: PaperSigner) -> None:
    papers = scans(desks, 8)
    gate = Gate(desks, 3)
    agent = desks.agent("hà")
    assert gate.reached.wait(60)

    agent.kill()
    agent.wait()
    gate.open.set()
    desks.office.work()
    taken = sum(desks.office.paper(each).state is State.CHO_XAC_NHAN for each in papers)
    code, report = desks.sign("hà")

    assert taken == 3
    assert (code, report) == (0, {"signed": 5, "left": 0})
    assert {tuple(signatures(desks, each, signer)) for each in papers} == {((SignatureRole.SCANNER, True),)}
    assert len(desks.office.rows("SELECT * FROM audit WHERE operation = 'token_signature'")) == 8


def test_a_line_cut_in_mid_batch_loses_and_doubles_nothing(desks: Desks, signer: PaperSigner) -> None:
    papers = scans(desks, 6)
    line = Line(int(desks.url.rpartition(":")[2]))
    gate = Gate(desks, 3)
    agent = desks.agent("hà", url=f"http://127.0.0.1:{line.port}")
    assert gate.reached.wait(60)

    line.cut()
    gate.open.set()
    line.mend()
    output, _ = agent.communicate(timeout=60)
    line.close()
    desks.office.work()

    assert (agent.returncode, json.loads(output)) == (0, {"signed": 6, "left": 0})
    assert {tuple(signatures(desks, each, signer)) for each in papers} == {((SignatureRole.SCANNER, True),)}
    assert len(desks.office.rows("SELECT * FROM audit WHERE operation = 'token_signature'")) == 6


def test_a_token_pulled_in_mid_batch_loses_and_doubles_nothing(
    desks: Desks, signer: PaperSigner, tmp_path: Path
) -> None:
    papers = scans(desks, 6)
    tokens, own = desks.pki.softhsm_configuration.parent / "tokens", tmp_path / "tokens"
    shutil.copytree(tokens, own)
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {own}\nobjectstore.backend = file\nlog.level = ERROR\n")
    gate = Gate(desks, 2)
    agent = desks.agent("hà", softhsm=configuration)
    assert gate.reached.wait(60)

    shutil.rmtree(own)
    gate.open.set()
    agent.communicate(timeout=60)
    desks.office.work()
    taken = sum(desks.office.paper(each).state is State.CHO_XAC_NHAN for each in papers)
    code, report = desks.sign("hà")

    assert (agent.returncode, taken) == (6, 2)
    assert (code, report) == (0, {"signed": 4, "left": 0})
    assert {tuple(signatures(desks, each, signer)) for each in papers} == {((SignatureRole.SCANNER, True),)}


def test_a_wrong_pin_is_tried_once_and_signs_nothing(desks: Desks) -> None:
    papers = scans(desks, 3)

    agent = desks.agent("hà", pin="0000")
    _, errors = agent.communicate(timeout=60)

    assert agent.returncode == 1
    assert errors.count("SAI_PIN") == 1
    assert states(desks, papers) == {State.CHO_KY_CA_NHAN}


def test_a_worker_killed_after_the_token_signed_goes_on_with_that_signature(desks: Desks, signer: PaperSigner) -> None:
    [document] = scans(desks, 1)
    agent = desks.agent("hà")
    agent.wait(60)
    [row] = desks.office.rows("SELECT encode(signature, 'hex') AS value FROM token_request")

    whole = desks.office.ours.check_in
    desks.office.ours.check_in = _dies  # type: ignore[method-assign]
    with pytest.raises(Killed):
        desks.office.work()
    desks.office.ours.check_in = whole  # type: ignore[method-assign]
    desks.office.work()

    assert str(row["value"]).encode() in desks.office.content(document).lower()
    assert signatures(desks, document, signer) == [(SignatureRole.SCANNER, True)]


def _dies(*_arguments: object, **_named: object) -> None:
    raise Killed


@pytest.fixture
def asked(desks: Desks) -> tuple[DeskLine, Waiting]:
    """One signature that waits for the scanner."""
    scans(desks, 1)
    line = DeskLine(desks.url, "hà", PASSWORD)
    [waiting], _ = line.waiting()
    return line, waiting


def test_another_official_sees_and_signs_nothing_of_it(desks: Desks, asked: tuple[DeskLine, Waiting]) -> None:
    _, waiting = asked
    stranger = DeskLine(desks.url, "lan", PASSWORD)

    assert stranger.waiting() == ([], 0)
    assert not stranger.hand_in(waiting, b"signature")
    assert b"not found" in stranger.preview(waiting)


def test_only_the_identity_s_own_key_is_taken(desks: Desks, asked: tuple[DeskLine, Waiting]) -> None:
    _, waiting = asked
    other = rsa.generate_private_key(65537, 2048)
    forged = other.sign(waiting.to_be_signed, padding.PKCS1v15(), hashes.SHA256())
    url = f"{desks.url}/ky-so/v1/requests/{waiting.request_id}/signature"

    answer = requests.put(url, data=forged, auth=("hà".encode(), PASSWORD.encode()), timeout=10)

    assert answer.status_code == 422
    assert desks.signed() == 0


@pytest.mark.parametrize("password", ["", "sai", PASSWORD.upper()])
def test_nobody_comes_in_without_the_desk_s_password(desks: Desks, password: str) -> None:
    answer = requests.get(f"{desks.url}/ky-so/v1/requests", auth=("hà".encode(), password.encode()), timeout=10)

    assert (answer.status_code, "requests" in answer.json()) == (401, False)
    refused = "SELECT * FROM audit WHERE operation = 'ky-so' AND actor = 'hà'"
    wait_until(lambda: len(desks.office.rows(refused)) == 1)


def test_a_password_is_sent_over_tls_or_loopback_only() -> None:
    with pytest.raises(ConfigurationError):
        DeskLine("http://ky-so.example.vn", "hà", PASSWORD)


def test_the_page_that_will_be_signed_can_be_looked_at(asked: tuple[DeskLine, Waiting]) -> None:
    line, waiting = asked

    assert line.preview(waiting).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("kind", list(SignedKind))
@pytest.mark.parametrize("data", [b"", b"login challenge", b"\x31\x00", b"\x30\x03\x02\x01\x01"])
def test_a_token_signs_documents_only(kind: SignedKind, data: bytes) -> None:
    waiting = Waiting(request_id="1", paper="1", kind=kind, title="", to_be_signed=data)

    with pytest.raises(SigningForbidden):
        refuse_other_than_documents(waiting)


def test_what_was_prepared_long_ago_is_prepared_anew(desks: Desks, asked: tuple[DeskLine, Waiting]) -> None:
    line, waiting = asked
    with desks.office.database.transaction() as transaction:
        transaction.execute("UPDATE token_request SET prepared_at = prepared_at - interval '1 hour'")

    before = line.waiting()
    late = line.hand_in(waiting, b"signature")
    desks.office.work()
    [again], _ = line.waiting()

    assert before == ([], 1)
    assert not late
    assert again.request_id != waiting.request_id


def test_a_paper_that_moved_on_is_asked_about_no_more(desks: Desks, asked: tuple[DeskLine, Waiting]) -> None:
    line, waiting = asked
    [dossier] = [desks.office.ours.get(row["folder_id"]) for row in desks.office.rows("SELECT folder_id FROM dossier")]  # type: ignore[arg-type]
    desks.office.succeed(dossier, "KHONG_THANH_CONG")
    with desks.office.database.transaction() as transaction:
        transaction.execute("UPDATE token_request SET prepared_at = prepared_at - interval '1 hour'")
    line.waiting()
    desks.office.work()

    assert line.waiting() == ([], 0)
    assert not line.hand_in(waiting, b"signature")
    assert ArtifactKind.PERSONAL not in desks.office.paper(desks.office.documents[0]).artifacts


def test_a_replaced_file_is_asked_about_instead_of_the_earlier_one(
    desks: Desks, asked: tuple[DeskLine, Waiting], tmp_path: Path
) -> None:
    line, waiting = asked
    [document] = desks.office.documents
    desks.office.replace_file(document, sheet(tmp_path / "again.pdf").read_bytes() + b"\n% scanned again\n")
    desks.office.register.start_over(
        desks.office.paper(document),
        dataclasses.replace(a_deposit(), original_sha256=hashlib.sha256(desks.office.content(document)).hexdigest()),
        actor=CLERK,
    )

    assert line.waiting() == ([], 0)
    assert not line.hand_in(waiting, b"signature")


def test_the_daily_journal_is_signed_without_a_desk(
    office_of: Callable[..., PaperSigner], pki: DemoPki, key_file: Callable[[str], Pkcs12Key], tmp_path: Path
) -> None:
    desk = DeskKey(identity="co-quan", certificate=pki.certificates("agency"))
    journal = Journal(day=dt.date(2026, 1, 1), head_position=0, head_hash="0" * 64, rows=(), deliveries=())

    with pytest.raises(ConfigurationError):
        office_of(agency_key=desk).sign_journal(journal, tmp_path / "journal.xml")
    level = office_of(agency_key=desk, journal_key=key_file("agency-file")).sign_journal(
        journal, tmp_path / "journal.xml"
    )

    assert level is Level.B_LT


def test_a_file_at_hand_cannot_be_signed_on_a_desk(desks: Desks, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        desks.office.signer.sign_scan(sheet(tmp_path / "scan.pdf"), tmp_path / "s.pdf", identity="hà", stamp=PERSONAL)


def tls_files(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key = rsa.generate_private_key(65537, 2048)
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "tls.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "tls.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "tls.pem", folder / "tls.key"


def test_the_service_runs_from_the_settings_behind_its_own_tls(dsn: str, pki: DemoPki, tmp_path: Path) -> None:
    port, (certificate, key) = free_port(), tls_files(tmp_path)
    (tmp_path / "sohoa.toml").write_text(f"""
users = "users.yaml"
result_reporters = []
hash_key = "khóa thử"
[database]
dsn = "{dsn}"
[[repositories]]
id = "A1"
url = "http://127.0.0.1:9"
username = "sohoa"
password = "sohoa"
mapping = "opencmis"
[signing]
agency_name = "BHXH"
timestamp_url = "{pki.timestamp_url}"
trust = ["{pki.roots}"]
[signing.agency_key]
kind = "token"
path = "{pki.certificates("agency")}"
password_hash = "{hash_password(PASSWORD)}"
[token]
host = "0.0.0.0"
port = {port}
certificate = "{certificate}"
key = "{key}"
""")
    command = [sys.executable, "-m", "connector.cli.main", "serve", "--desks", "--config", str(tmp_path / "sohoa.toml")]
    service = subprocess.Popen(command)
    try:
        line = DeskLine(f"https://localhost:{port}", "co-quan", PASSWORD, ca_file=certificate)
        assert TokenAgent(line, SOFTHSM).signer == AGENCY_NAME
        assert line.waiting() == ([], 0)
    finally:
        service.terminate()
        assert service.wait(30) == 0
