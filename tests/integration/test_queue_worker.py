"""Workers on a real queue: in order, again after a fault, picked up after a death."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from connector.domain.errors import CaptureRejected, RepositoryUnavailable, StaleState
from connector.domain.outcome import Outcome
from connector.domain.states import Stage, State
from connector.queue import worker as worker_module
from connector.queue.retry import Retry
from connector.queue.worker import Handler, Pulse, run_worker
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from tests.fixtures.register import claimed, queued, queued_stages

pytestmark = pytest.mark.integration

QUICK = Pulse(heartbeat=0.3, stalled=1.5, polling=30.0)
PATIENCE = 60.0
STAGES = list(Stage)


@dataclass
class Office:
    """What the workers did."""

    done: list[tuple[UUID, Stage, int]] = field(default_factory=list)
    failed: list[tuple[UUID, Stage, str, str]] = field(default_factory=list)

    def note_failure(self, paper_id: UUID, stage: Stage, error: Exception, incident: str) -> None:
        self.failed.append((paper_id, stage, type(error).__name__, incident))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@contextmanager
def working(dsn: str, handler: Handler, office: Office, pulse: Pulse = QUICK) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=run_worker,
        args=(dsn, handler, office.note_failure),
        kwargs={"stages": STAGES, "stop": stop, "pulse": pulse},
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def no_job(database: Database) -> Callable[[], bool]:
    return lambda: not queued(database)


def test_a_paper_goes_from_stage_to_stage_without_waiting_for_the_next_poll(
    dsn: str, register: PaperRegister, database: Database
) -> None:
    office = Office()
    order = [Stage.SCOPE, Stage.CAPTURE, Stage.PERSONAL_SIGNATURE, Stage.EXTRACTION]

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        office.done.append((paper_id, stage, attempt))
        following = order[order.index(stage) + 1 :][:1]
        outcome = Outcome(state=State.TIEP_NHAN, next_stage=following[0] if following else None)
        register.commit(register.paper(paper_id), stage, outcome)

    with working(dsn, handle, office), working(dsn, handle, office):
        started = time.monotonic()
        papers = [claimed(register, f"series-{number}") for number in range(10)]
        wait_for(no_job(database))
        assert time.monotonic() - started < QUICK.polling

    for paper in papers:
        assert [stage for paper_id, stage, _ in office.done if paper_id == paper.paper_id] == order
    assert len(office.done) == 40


def test_a_transient_fault_is_tried_again(
    dsn: str, register: PaperRegister, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "decide", lambda attempt, error: Retry(seconds=0))
    office = Office()

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        office.done.append((paper_id, stage, attempt))
        if len(office.done) == 1:
            register.enqueue(paper, Stage.SCOPE)  # the watcher queues it meanwhile: no clash when it comes back
        if attempt < 3:
            raise RepositoryUnavailable

    paper = claimed(register)
    with working(dsn, handle, office, Pulse(polling=0.2)):
        wait_for(no_job(database))

    assert (paper.paper_id, Stage.SCOPE, 3) in office.done
    assert office.failed == []


def test_a_permanent_fault_is_told_once_and_not_tried_again(
    dsn: str, register: PaperRegister, database: Database
) -> None:
    office = Office()

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        raise CaptureRejected

    paper = claimed(register)
    with working(dsn, handle, office):
        wait_for(no_job(database))

    [(paper_id, stage, error, incident)] = office.failed
    assert (paper_id, stage, error) == (paper.paper_id, Stage.SCOPE, "CaptureRejected")
    assert len(incident) == 8


def test_an_unknown_fault_is_logged_without_its_message(
    dsn: str, register: PaperRegister, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office()

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        raise ValueError("Nguyễn Văn A, 001090000012")

    claimed(register)
    with caplog.at_level(logging.DEBUG), working(dsn, handle, office):
        wait_for(no_job(database))

    [(_, _, error, incident)] = office.failed
    assert error == "ValueError"
    assert f"incident {incident}: ValueError at" in caplog.text
    assert "001090000012" not in caplog.text


def test_a_fault_that_cannot_be_told_stays_in_the_queue_without_its_message(
    dsn: str, register: PaperRegister, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        raise CaptureRejected

    class Deaf(Office):
        def note_failure(self, paper_id: UUID, stage: Stage, error: Exception, incident: str) -> None:
            raise KeyError("001090000012")

    def failed() -> bool:
        with database.transaction() as transaction:
            return bool(transaction.execute("SELECT 1 FROM procrastinate_jobs WHERE status = 'failed'").fetchone())

    claimed(register)
    with caplog.at_level(logging.DEBUG), working(dsn, handle, Deaf()):
        wait_for(failed)
    assert "001090000012" not in caplog.text


def test_a_job_that_was_overtaken_is_done(dsn: str, register: PaperRegister, database: Database) -> None:
    office = Office()

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        raise StaleState

    claimed(register)
    with working(dsn, handle, office):
        wait_for(no_job(database))
    assert office.failed == []


def test_two_stages_of_one_paper_never_run_at_once(dsn: str, register: PaperRegister, database: Database) -> None:
    office, running, overlaps = Office(), threading.Lock(), []

    def handle(paper_id: UUID, stage: Stage, attempt: int) -> None:
        if not running.acquire(blocking=False):
            overlaps.append(stage)
            return
        time.sleep(0.1)
        running.release()

    paper = claimed(register)
    for stage in (Stage.CAPTURE, Stage.EXTRACTION, Stage.CODE):
        register.enqueue(paper, stage)
    with working(dsn, handle, office, Pulse(polling=0.1)), working(dsn, handle, office, Pulse(polling=0.1)):
        wait_for(no_job(database))
    assert overlaps == []


# A worker in its own process: notes each start in a file, and sleeps where the argument says so.
_WORKER = """
import sys, time
from pathlib import Path
from connector.domain.outcome import Outcome
from connector.domain.states import Stage, State
from connector.queue.worker import Pulse, run_worker
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister

dsn, notes, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
database = Database(dsn)
register = PaperRegister(database, AuditChain(database, b"key"))

def note(line):
    with notes.open("a") as file:
        file.write(line + "\\n")

def handle(paper_id, stage, attempt):
    note(f"start {stage} {attempt}")
    time.sleep(seconds)
    paper = register.paper(paper_id)
    following = Stage.CAPTURE if stage is Stage.SCOPE else None
    register.commit(paper, stage, Outcome(state=State.TIEP_NHAN, next_stage=following))
    note(f"end {stage} {attempt}")

def on_failure(paper_id, stage, error, incident):
    note(f"failed {stage} {type(error).__name__}")
    register.fail(register.paper(paper_id), stage, code="X", sentence="X")

run_worker(dsn, handle, on_failure, stages=list(Stage), pulse=Pulse(heartbeat=0.3, stalled=1.5, polling=1))
database.close()
"""


@contextmanager
def worker_process(dsn: str, notes: Path, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", _WORKER, dsn, str(notes), str(seconds)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def lines(notes: Path) -> list[str]:
    return notes.read_text().splitlines() if notes.exists() else []


def test_the_job_of_a_killed_worker_is_done_once_by_another(
    dsn: str, register: PaperRegister, database: Database, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    paper = claimed(register)
    with worker_process(dsn, notes, 60) as victim:
        wait_for(lambda: lines(notes) == ["start scope 1"])
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert queued_stages(database) == ["scope"]

    with worker_process(dsn, notes, 0):
        wait_for(no_job(database))

    assert lines(notes) == ["start scope 1", "start scope 2", "end scope 2", "start capture 1", "end capture 1"]
    assert register.paper(paper.paper_id).revision == 2


def test_a_worker_that_is_told_to_stop_finishes_its_job(
    dsn: str, register: PaperRegister, database: Database, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    claimed(register)
    with worker_process(dsn, notes, 1.0) as worker:
        wait_for(lambda: bool(lines(notes)))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0

    assert lines(notes) == ["start scope 1", "end scope 1"]
    assert queued_stages(database) == ["capture"]


def test_a_file_that_kills_its_workers_is_handed_to_a_person(
    dsn: str, register: PaperRegister, database: Database, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    paper = claimed(register)
    for death in (1, 2, 3):
        with worker_process(dsn, notes, 60) as victim:
            wait_for(lambda: f"start scope {death}" in lines(notes))  # noqa: B023
            victim.send_signal(signal.SIGKILL)
            victim.wait()
    with worker_process(dsn, notes, 0):
        wait_for(lambda: register.paper(paper.paper_id).state is State.LOI)

    assert [line for line in lines(notes) if not line.startswith("start")] == ["failed scope SohoaError"]
