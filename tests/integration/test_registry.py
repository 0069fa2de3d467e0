"""The register on a real PostgreSQL."""

from __future__ import annotations

import shutil
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from connector.domain.code import DigitizationCode, build_code
from connector.domain.errors import CodeCollision, InvalidFieldValue, StaleState
from connector.domain.metadata import Metadata
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Deposit, Dossier, Paper
from connector.domain.publication import ChangeKind
from connector.domain.states import Stage, State
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.feed import append_entry, read_page
from connector.registry.papers import PaperRegister

pytestmark = pytest.mark.integration


def a_deposit(series: str = "series-1") -> Deposit:
    return Deposit(
        repository_id="A1",
        version_series_id=series,
        object_id=f"{series};1.0",
        folder_id="folder-1",
        original_sha256="ab" * 32,
        length=10,
    )


def a_dossier() -> Dossier:
    return Dossier(dossier_id=uuid4(), repository_id="A1", folder_id="folder-1", procedure_code="1.001939")


def claimed(register: PaperRegister, series: str = "series-1") -> Paper:
    paper = register.claim(a_deposit(series), a_dossier())
    assert paper is not None
    return paper


def queued(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as transaction:
        rows = transaction.execute("SELECT queue_name, lock FROM procrastinate_jobs ORDER BY id").fetchall()
    return [(row["queue_name"], row["lock"]) for row in rows]


def test_a_deposit_is_claimed_once_however_many_ask_at_once(register: PaperRegister, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(lambda _: register.claim(a_deposit(), a_dossier()), range(40)))

    won = [paper for paper in papers if paper is not None]
    assert len(won) == 1
    assert queued(database) == [("scope", str(won[0].paper_id))]


def test_a_stage_result_and_the_next_job_are_committed_together(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    original = Artifact(kind=ArtifactKind.ORIGINAL, object_id="o", sha256="ab" * 32, length=10)
    outcome = Outcome(
        state=State.CHO_XAC_NHAN,
        next_stage=Stage.CAPTURE,
        artifacts=(original,),
        metadata=Metadata(abstract="Về việc thử"),
        result={"clause": "4.1"},
    )

    committed = register.commit(paper, Stage.SCOPE, outcome)

    assert committed.state is State.CHO_XAC_NHAN
    assert committed.artifacts == {ArtifactKind.ORIGINAL: original}
    assert committed.metadata == Metadata(abstract="Về việc thử")
    assert register.result(paper.paper_id, Stage.SCOPE) == {"clause": "4.1"}
    assert [queue for queue, _ in queued(database)] == ["scope", "capture"]


def test_the_slower_of_two_workers_commits_nothing(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN))

    with pytest.raises(StaleState):
        register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN, next_stage=Stage.CAPTURE))

    assert [queue for queue, _ in queued(database)] == ["scope"]


def test_a_waiting_stage_is_not_queued_twice(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: register.enqueue(paper, Stage.CODE), range(12)))

    assert [queue for queue, _ in queued(database)] == ["scope", "code"]


def test_a_failed_paper_resumes_at_the_stage_that_failed(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    failed = register.fail(paper, Stage.CAPTURE, code="SAO_CHUP", sentence="Quét lại.")
    assert (failed.state, failed.error) == (State.LOI, "Quét lại.")

    resumed = register.resume(failed, actor="ha.ttt")

    assert (resumed.state, resumed.error) == (State.TIEP_NHAN, None)
    assert [queue for queue, _ in queued(database)] == ["scope", "capture"]


def a_code(number: str = "12/QĐ-BHXH") -> DigitizationCode:
    return build_code(
        owner_id="001090000012",
        procedure_code="1.001939",
        type_code="QD",
        document_number=number,
        is_result=False,
    )


def test_a_paper_gets_one_code_and_keeps_it(register: PaperRegister) -> None:
    paper = claimed(register)

    def ask(number: str) -> str:
        return register.register_code(paper, a_code(number), authority="BHXH", issue_date="2024-01-02")

    with ThreadPoolExecutor(6) as pool:
        codes = set(pool.map(lambda _: ask("12/QĐ-BHXH"), range(12)))

    assert codes == {"001090000012.1.001939.QD.12/QĐ-BHXH"}
    assert ask("13/QĐ-BHXH") in codes


def test_another_paper_of_the_same_authority_and_day_cannot_take_a_code(register: PaperRegister) -> None:
    first, second = claimed(register), claimed(register, "series-2")
    register.register_code(first, a_code(), authority="BHXH", issue_date="2024-01-02")

    with pytest.raises(CodeCollision):
        register.register_code(second, a_code(), authority="BHXH", issue_date="2024-01-02")
    same_number_next_year = register.register_code(second, a_code(), authority="BHXH", issue_date="2025-01-02")

    assert same_number_next_year == "001090000012.1.001939.QD.12/QĐ-BHXH"


def test_the_feed_has_no_gap_under_concurrent_writers(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)

    def write(number: int) -> None:
        try:
            with database.transaction() as transaction:
                append_entry(transaction, kind=ChangeKind.MOI, paper_id=paper.paper_id, version=number)
                if number % 5 == 0:
                    raise InvalidFieldValue("this writer changes its mind")
        except InvalidFieldValue:
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    seen, token, more = [], None, True
    while more:
        with database.transaction() as transaction:
            page = read_page(transaction, token, limit=7)
        seen += [entry.position for entry in page.entries]
        token, more = page.next_token, page.more

    assert seen == list(range(1, 33))


def test_a_feed_token_of_another_epoch_is_refused(database: Database) -> None:
    with database.transaction() as transaction:
        token = read_page(transaction, None, limit=1).next_token
        transaction.execute("INSERT INTO feed_epoch (since) VALUES (now() + interval '1 second')")
    for wrong in (token, "nonsense", "////"):
        with database.transaction() as transaction, pytest.raises(InvalidFieldValue):
            read_page(transaction, wrong, limit=1)


def test_audit_finds_a_changed_and_a_missing_row(register: PaperRegister, chain: AuditChain, dsn: str) -> None:
    paper = claimed(register)
    for _ in range(3):
        paper = register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN))
    assert chain.finding() is None

    with psycopg.connect(dsn) as connection:
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("UPDATE audit SET actor = 'x'")
        connection.rollback()
        connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.execute("UPDATE audit SET actor = 'x' WHERE position = 2")
    assert chain.finding() == "row 2 has been changed"

    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM audit WHERE position = 2")
    assert chain.finding() == "row 2 is missing"


def test_the_embedded_server_leaves_existing_folders_as_they_are() -> None:
    parent = Path(tempfile.mkdtemp(prefix="sohoa-modes-"))
    parent.chmod(0o711)
    watched = [Path("/"), Path(tempfile.gettempdir()), parent, Path.cwd(), Path.home()]
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in watched]

    with embedded_postgres(parent / "pg") as dsn, psycopg.connect(dsn) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()

    assert row == ("",)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in watched] == before
    shutil.rmtree(parent)
