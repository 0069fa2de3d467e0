"""`sohoa serve --sandbox`: synthetic papers that bring about every answer and every fault of the contract."""

from __future__ import annotations

import datetime as dt
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from connector.demo.sandbox_papers import CASES, Case, Shelf
from connector.domain.errors import ObjectNotFound, StaleState
from connector.domain.metadata import DossierResult
from connector.domain.outcome import Outcome, Publication
from connector.domain.paper import Deposit, Dossier
from connector.domain.publication import ChangeKind, PublishedPaper
from connector.domain.signatures import Level, SignatureReport, SignatureRole
from connector.domain.states import Stage
from connector.registry.allowances import CallAllowances
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from connector.registry.schema import migrate
from connector.registry.seen_messages import SeenMessages
from connector.soap.operations import Backing
from connector.soap.security import Client, hash_password
from connector.soap.server import ENDPOINT, Application, create_application, serve

PASSWORD = "thu-nghiem"  # everyone may know it: the papers are made up
DOSSIER, FINISHED_DOSSIER = "HS-THU-1", "HS-THU-2"
CLIENTS: Mapping[str, str] = {
    "cong-dvc": "reads everything / đọc mọi giấy tờ",
    "mot-cua": "may also report dossier results / được báo kết quả hồ sơ",
    "ben-hep": "sees only type MAU-CV, the rest is NotFound / chỉ được đọc MAU-CV",
    "goi-it": "two calls a minute: TooManyRequests / hai lần gọi một phút",
}


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A running sandbox: where it answers and what each code brings about."""

    url: str
    codes: Mapping[str, str]  # MaSoHoa or MaTaiLieu -> what it shows
    clients: Mapping[str, str] = field(default_factory=lambda: CLIENTS)
    password: str = PASSWORD


@contextmanager
def sandbox(*, host: str = "127.0.0.1", port: int = 8080, certificates: Iterable[str] = ()) -> Iterator[Sandbox]:
    """Run the real service on made-up papers; nothing is left behind.

    ``certificates``: SHA-256 fingerprints with which cong-dvc may sign messages.
    """
    with tempfile.TemporaryDirectory(prefix="sohoa-sandbox-") as folder:
        # the database's account must get through to its own folder
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "pg") as dsn:
            migrate(dsn)
            with Database(dsn) as database:
                application, codes = _application(database, frozenset(certificates))
                with _serving(application, host, port):
                    yield Sandbox(url=f"http://{host}:{port}{ENDPOINT}", codes=codes)


@contextmanager
def _serving(application: Application, host: str, port: int) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(application,), kwargs={"host": host, "port": port, "stop": stop})
    thread.start()
    try:
        _wait_until_it_listens(host, port, thread)
        yield
    finally:
        stop.set()
        thread.join()


def _wait_until_it_listens(host: str, port: int, thread: threading.Thread) -> None:
    while thread.is_alive():
        with suppress(ConnectionRefusedError), socket.create_connection((host, port), timeout=5):
            return
        time.sleep(0.05)


def _application(database: Database, certificates: frozenset[str]) -> tuple[Application, Mapping[str, str]]:
    chain = AuditChain(database, secrets.token_bytes(32))
    shelf = Shelf()
    codes = _fill(PaperRegister(database, chain), shelf)
    papers = PublicationRegister(database, chain)
    known = hash_password(PASSWORD)
    clients = [
        Client(name="cong-dvc", password_hash=known, shared_secret=PASSWORD, certificates=certificates),
        Client(name="mot-cua", password_hash=known, may_report_results=True),
        Client(name="ben-hep", password_hash=known, document_types=frozenset({"MAU-CV"})),
        Client(name="goi-it", password_hash=known, calls_per_minute=2),
    ]
    application = create_application(
        Backing(papers=papers, verify_signatures=_sample_verdict, report_result=_report),
        clients=clients,
        read_content=shelf.read,
        keyed_hash=chain.keyed_hash,
        first_time=SeenMessages(database).first_time,
        take_calls=CallAllowances(database).take,
        dependencies={"database": lambda: papers.state_of(None, "-")},
    )
    return application, codes


def _fill(register: PaperRegister, shelf: Shelf) -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for number, case in enumerate(CASES):
        deposit = Deposit(
            repository_id="sandbox",
            version_series_id=f"{number}",
            object_id=f"{number}",
            folder_id="1",
            original_sha256=f"{number:064x}",
            length=1,
        )
        dossier = Dossier(dossier_id=uuid4(), repository_id="sandbox", folder_id="1", dossier_code=DOSSIER)
        paper = register.claim(deposit, dossier)
        assert paper is not None
        for version in range(1, case.versions + 1):
            publication = None
            if case.published:
                kind = ChangeKind.MOI if version == 1 else case.change
                publication = Publication(kind=kind, paper=shelf.put(case, paper.paper_id, version))
            code = case.code if case.published else None
            outcome = Outcome(state=case.state, publication=publication, digitization_code=code)
            paper = register.commit(paper, Stage.FILING, outcome)
        codes[_name_of(case, str(paper.paper_id), codes)] = case.shows
    return codes


def _name_of(case: Case, paper_id: str, taken: Mapping[str, str]) -> str:
    return paper_id if not case.published or case.code in taken else case.code


def _report(dossier_code: str, *, procedure_code: str | None, result: DossierResult, reporter: str) -> None:
    if dossier_code == FINISHED_DOSSIER:
        raise StaleState("the sandbox's finished dossier")
    if dossier_code != DOSSIER:
        raise ObjectNotFound("dossier")


def _sample_verdict(paper: PublishedPaper) -> Sequence[SignatureReport]:
    """A sample: the sandbox's files are not signed, so there is nothing to verify."""
    return [
        SignatureReport(
            field="Agency",
            signer="CƠ QUAN MẪU (dữ liệu thử)",
            role=SignatureRole.AGENCY,
            level=Level.B_LTA,
            signed_at=dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC),
            intact=True,
            trusted=False,
            covers_whole_file=True,
            modification="none",
        )
    ]
