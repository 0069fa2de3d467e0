"""What watching costs as a repository grows: calls, bytes and CPU of one sweep, and how soon a button is seen.

Needs the embedded ECM (`make setup`). `python bench/watch_cost.py [SIZE…]`; 1,000, 10,000 and 100,000 documents unless
sizes are given. The documents are papers of finished dossiers, as in an office that has worked for years.

The embedded server takes ever fewer documents a second: beyond ten thousand only our own register grows, which every
sweep asks, and the server's time is not measured. Such lines are marked with a star.
"""

from __future__ import annotations

import datetime as dt
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from requests.adapters import HTTPAdapter

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm
from connector.domain.outcome import Outcome
from connector.domain.ports import Reader
from connector.domain.roles import Role, Staff, User
from connector.domain.signing import Signer
from connector.domain.states import Stage, State
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping
from connector.pipeline.display import show
from connector.pipeline.workplace import Office, Workplace
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.papers import PaperRegister
from connector.registry.schema import migrate
from connector.watch.intake import take_in
from connector.watch.sweep import Sweeper, SweepRules
from connector.watch.watcher import watch

SIZES = (1_000, 10_000, 100_000)
IN_ONE_DOSSIER = 100
IN_THE_SERVER = 10_000  # papers beyond stand in our register alone
BUTTONS = 100
PEOPLE = 5  # who press at the same time
WAITING = 200  # papers that wait for a person while the buttons are pressed
RULES = SweepRules(settle=dt.timedelta(seconds=1))


@dataclass
class Traffic:
    """HTTP calls and bytes of answers."""

    calls: int = 0
    received: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count every call meanwhile."""
        sent = HTTPAdapter.send

        def send(*arguments: Any, **options: Any) -> Any:
            response = sent(*arguments, **options)
            with self._lock:
                self.calls += 1
                self.received += int(response.headers.get("Content-Length") or len(response.content))
            return response

        HTTPAdapter.send = send  # type: ignore[method-assign]
        try:
            yield
        finally:
            HTTPAdapter.send = sent  # type: ignore[method-assign]


def main(sizes: Sequence[int]) -> None:
    print(
        f"{'documents':>10} {'calls':>6} {'kB':>8} {'CPU ms':>7} {'elapsed ms':>11}   one sweep, nothing new",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
        work = Path(folder)
        with DemoEcm(work, heap="3g") as ecm, own_postgres() as dsn:
            migrate(dsn)
            with Database(dsn, size=12) as database:
                register = PaperRegister(database, AuditChain(database, b"bench"))
                place = workplace(ecm, register, work)
                fill = Filler(place, database)
                for size in sorted(sizes):
                    fill.up_to(size)
                    print_sweep(size, place)
                print_latency(place, ecm)


@contextmanager
def own_postgres() -> Iterator[str]:
    """A database in a folder of its own below /tmp, which the account it runs as can enter."""
    folder = Path(tempfile.mkdtemp(prefix="sohoa-bench-pg-"))
    folder.rmdir()
    try:
        with embedded_postgres(folder) as dsn:
            yield dsn
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def workplace(ecm: DemoEcm, register: PaperRegister, folder: Path) -> Workplace:
    """The watcher's workplace; no stage runs here."""
    official = User(login="nam", full_name="Lê Hoàng Nam", roles=frozenset(Role))
    return Workplace(
        repository=as_login(ecm, "sohoa"),
        registry=register,
        reader=cast(Reader, None),
        signer=cast(Signer, None),
        staff=Staff({"nam": official}),
        office=Office(agency_name="BHXH thử"),
        folder=folder,
    )


def as_login(ecm: DemoEcm, login: str) -> CmisRepository:
    mapping = Mapping(load_mapping(find_mapping("opencmis")))
    endpoint = Endpoint(url=ecm.browser_url, repository_id=ecm.repository_id, username=login, password="any")
    return CmisRepository(endpoint, mapping)


class Filler:
    """Fills the repository with papers that are done, and the register with what it knows of them."""

    def __init__(self, place: Workplace, database: Database) -> None:
        self._database = database
        self._repository = cast(CmisRepository, place.repository)
        self._root = self._repository.folder_at("/Hồ sơ").object_id
        self._content = place.folder / "content"
        self._content.write_bytes(b"%PDF-1.7 one page")
        self._size = 0

    def up_to(self, size: int) -> None:
        """As many documents, in dossiers of a hundred."""
        with ThreadPoolExecutor(4) as pool:
            for _ in pool.map(self._dossier, range(self._size, size, IN_ONE_DOSSIER)):
                pass
        self._size = size

    def _dossier(self, number: int) -> None:
        if number >= IN_THE_SERVER:
            self._enter(f"folder {number}", [(f"series {number + each}",) * 2 for each in range(IN_ONE_DOSSIER)])
            return
        folder = self._repository.create_folder(self._root, f"hồ sơ {number}", kind="dossier")
        made = [
            self._repository.create_document(
                folder.object_id,
                f"{each}.pdf",
                self._content,
                content_type="application/pdf",
                kind="paper",
                properties={"state": str(State.DA_LUU)},
            )
            for each in range(IN_ONE_DOSSIER)
        ]
        self._enter(folder.object_id, [(each.version_series_id, each.object_id) for each in made])

    def _enter(self, folder_id: str, documents: Sequence[tuple[str, str]]) -> None:
        """Rows as a finished dossier leaves them; through the stages it would take days."""
        dossier_id = uuid4()
        with self._database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO dossier (dossier_id, repository_id, folder_id) VALUES (%s, 'A1', %s)",
                (dossier_id, folder_id),
            )
            transaction.cursor().executemany(
                "INSERT INTO paper (paper_id, dossier_id, repository_id, version_series_id, object_id, "
                "original_sha256, state) VALUES (%s, %s, 'A1', %s, %s, %s, 'DA_LUU')",
                [(uuid4(), dossier_id, *each, "ab" * 32) for each in documents],
            )


def print_sweep(size: int, place: Workplace) -> None:
    """One sweep where nothing is new, a while after the last deposit: its overlap shows that one again."""
    sweeper, repository = Sweeper(place, RULES), cast(CmisRepository, place.repository)
    time.sleep(RULES.overlap.total_seconds() + 2)
    folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, f"mới {size}", kind="dossier")
    content = place.folder / "content"
    repository.create_document(folder.object_id, "mới.pdf", content, content_type="application/pdf", kind="paper")
    while not sweeper.sweep().taken:
        time.sleep(RULES.settle.total_seconds())
    sweeper.sweep()
    traffic = Traffic()
    with traffic.counting():
        cpu, began = processor_seconds(), time.monotonic()
        sweeper.sweep()
        elapsed, used = time.monotonic() - began, processor_seconds() - cpu
    print(
        f"{size:>9,}{'*' if size > IN_THE_SERVER else ' '} {traffic.calls:>6} {traffic.received / 1000:>8.1f} "
        f"{used * 1000:>7.1f} {elapsed * 1000:>11.1f}",
        flush=True,
    )


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def print_latency(place: Workplace, ecm: DemoEcm) -> None:
    """Seconds from pressing a button to seeing it cleared, the watcher at its usual two seconds between rounds."""
    repository, person = cast(CmisRepository, place.repository), as_login(ecm, "nam")
    folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, "đang chờ", kind="dossier")
    waiting = []
    for number in range(WAITING):
        document = repository.create_document(
            folder.object_id, f"{number}.pdf", place.folder / "content", content_type="application/pdf", kind="paper"
        )
        paper = take_in(document, place)
        assert paper is not None
        show(place, document.object_id, {}, state=State.CHO_XAC_NHAN)
        place.registry.commit(paper, Stage.EXTRACTION, Outcome(state=State.CHO_XAC_NHAN))
        waiting.append(document)
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(place, RULES), kwargs={"interval": 2.0, "stop": stop})
    watcher.start()
    try:
        with ThreadPoolExecutor(PEOPLE) as people:
            pressed = people.map(lambda document: press(person, document.object_id), waiting[:BUTTONS])
            seconds = sorted(pressed)
    finally:
        stop.set()
        watcher.join()
    p95 = seconds[int(len(seconds) * 0.95) - 1]
    print(
        f"button: {BUTTONS} presses among {WAITING} waiting papers: median {statistics.median(seconds):.1f} s, "
        f"95th percentile {p95:.1f} s, longest {seconds[-1]:.1f} s"
    )


def press(person: CmisRepository, object_id: str) -> float:
    """Press a button that is refused with a sentence: the shortest way from pressing to being answered."""
    began = time.monotonic()
    person.update(person.get(object_id), {"action": "KIEM_TRA_KHO"})
    while person.get(object_id).properties.get("action"):
        time.sleep(0.05)
    return time.monotonic() - began


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
