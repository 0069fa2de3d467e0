"""Claims, stages and codes on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from connector.domain.code import DigitizationCode, build_code
from connector.domain.errors import CodeCollision, DatabaseUnavailable, ObjectNotFound, RegisterError, StaleState
from connector.domain.metadata import Metadata
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.states import Stage, State
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from tests.fixtures.register import NOON, a_deposit, a_dossier, a_publication, claimed, publish, queued, queued_stages

pytestmark = pytest.mark.integration


def test_a_deposit_is_claimed_once_however_many_ask_at_once(register: PaperRegister, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(lambda _: register.claim(a_deposit(), a_dossier()), range(100)))

    won = [paper for paper in papers if paper is not None]
    assert len(won) == 1
    assert queued(database) == [("scope", str(won[0].paper_id))]


def test_the_papers_of_one_folder_share_one_dossier(register: PaperRegister) -> None:
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda number: claimed(register, f"series-{number}"), range(8)))

    [dossier_id] = {paper.dossier_id for paper in papers}
    assert {paper.paper_id for paper in register.papers_of(dossier_id)} == {paper.paper_id for paper in papers}


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
    assert queued_stages(database) == ["scope", "capture"]


def test_a_commit_that_breaks_off_leaves_nothing_behind(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    broken = a_publication(paper.paper_id, issue_date="no date")

    with pytest.raises(RegisterError):
        publish(register, paper, broken)

    assert register.paper(paper.paper_id) == paper
    assert register.result(paper.paper_id, Stage.FILING) is None
    assert queued_stages(database) == ["scope"]


def test_the_slower_of_two_workers_commits_nothing(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN))

    with pytest.raises(StaleState):
        register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN, next_stage=Stage.CAPTURE))

    assert queued_stages(database) == ["scope"]


def test_a_waiting_stage_is_not_queued_twice(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: register.enqueue(paper, Stage.CODE), range(12)))

    assert queued_stages(database) == ["scope", "code"]


def test_a_failed_paper_resumes_at_the_stage_that_failed(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    failed = register.fail(paper, Stage.CAPTURE, code="SAO_CHUP", sentence="Quét lại.")
    assert (failed.state, failed.error) == (State.LOI, "Quét lại.")
    assert failed in register.waiting_papers("A1")
    failed = register.fail(failed, Stage.CAPTURE, code="SAO_CHUP", sentence="Vẫn lỗi.")

    resumed = register.resume(failed, actor="ha.ttt")

    assert (resumed.state, resumed.error) == (State.TIEP_NHAN, None)
    assert queued_stages(database) == ["scope", "capture"]


def test_a_replaced_file_is_taken_from_the_beginning(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)
    original = Artifact(kind=ArtifactKind.ORIGINAL, object_id="o", sha256="ab" * 32, length=10)
    outcome = Outcome(state=State.TIEP_NHAN, next_stage=Stage.CAPTURE, artifacts=(original,), result={"old": True})
    paper = register.commit(paper, Stage.SCOPE, outcome)

    again = register.start_over(paper, a_deposit(sha256="cd" * 32), actor="ha.ttt")

    assert (again.state, again.original_sha256, again.artifacts) == (State.TIEP_NHAN, "cd" * 32, {})
    assert register.result(paper.paper_id, Stage.SCOPE) is None
    assert queued_stages(database) == ["scope"]  # the waiting capture of the old file is gone


def test_starting_over_frees_the_code_of_the_old_file(register: PaperRegister) -> None:
    paper, other = claimed(register), claimed(register, "series-2")
    code = build_code(
        owner_id="001090000012", procedure_code="1.001939", type_code="QD", document_number="12/QĐ", is_result=True
    )
    registered = register.register_code(paper, code, authority="BHXH", issue_date="2024-01-02")
    outcome = Outcome(state=State.DA_CAP_MA, digitization_code=registered, metadata=Metadata(abstract="cũ"))

    again = register.start_over(
        register.commit(paper, Stage.CODE, outcome), a_deposit(sha256="cd" * 32), actor="ha.ttt"
    )

    assert (again.digitization_code, again.metadata, again.displayed) == (None, None, {})
    assert register.register_code(other, code, authority="BHXH", issue_date="2024-01-02") == registered


def test_the_register_remembers_what_the_ecm_shows(register: PaperRegister) -> None:
    paper = claimed(register)
    first = Outcome(
        state=State.CHO_XAC_NHAN,
        properties={"proposals": ("một", "hai"), "extracted_at": NOON, "abstract": "của người", "error": "sai"},
    )
    second = Outcome(state=State.DA_XAC_NHAN, properties={"confirmed_by": "ha.ttt", "proposals": ()})

    paper = register.commit(register.commit(paper, Stage.EXTRACTION, first), Stage.CONFIRMATION, second)

    shown = {"proposals": (), "extracted_at": NOON, "confirmed_by": "ha.ttt"}
    assert {name: paper.displayed.get(name) for name in shown} == shown
    assert "abstract" not in paper.displayed  # people write it


def test_what_was_said_of_a_dossier_is_kept(register: PaperRegister) -> None:
    paper = claimed(register)
    dossier = register.dossier(paper.dossier_id)
    told = register.save_dossier(
        type(dossier)(**{**vars(dossier), "paper_count": 8, "result": "THANH_CONG", "result_at": NOON}), actor="admin"
    )

    assert register.dossier(paper.dossier_id) == told
    assert register.open_dossiers("A1") == [told]
    register.commit(paper, Stage.SCOPE, Outcome(state=State.KHONG_SO_HOA))
    assert register.open_dossiers("A1") == []


def test_the_cursor_moves_and_is_in_utc(register: PaperRegister) -> None:
    assert register.cursor("A1") is None
    register.move_cursor("A1", NOON)
    register.move_cursor("A1", NOON.replace(hour=13))

    found = register.cursor("A1")
    assert found is not None
    assert found.isoformat() == "2025-03-04T13:00:00+00:00"


def a_code(number: str = "12/QĐ-BHXH") -> DigitizationCode:
    return build_code(
        owner_id="001090000012",
        procedure_code="1.001939",
        type_code="QD",
        document_number=number,
        is_result=False,
    )


def ask(register: PaperRegister, paper: Paper, number: str = "12/QĐ-BHXH", issue_date: str = "2024-01-02") -> str:
    return register.register_code(paper, a_code(number), authority="BHXH", issue_date=issue_date)


def test_a_paper_keeps_the_code_that_was_committed(register: PaperRegister) -> None:
    paper = claimed(register)
    with ThreadPoolExecutor(6) as pool:
        codes = set(pool.map(lambda _: ask(register, paper), range(12)))
    assert codes == {"001090000012.1.001939.QD.12/QĐ-BHXH"}
    [code] = codes

    corrected = ask(register, paper, "13/QĐ-BHXH")  # the value was corrected before the code was given out
    assert corrected == "001090000012.1.001939.QD.13/QĐ-BHXH"
    paper = register.commit(paper, Stage.CODE, Outcome(state=State.DA_CAP_MA, digitization_code=corrected))

    assert ask(register, paper) == corrected != code


def test_of_two_papers_that_ask_for_one_code_at_once_one_gets_it(register: PaperRegister) -> None:
    papers = [claimed(register, f"series-{number}") for number in range(8)]

    def try_it(paper: Paper) -> bool:
        try:
            ask(register, paper)
        except CodeCollision:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(try_it, papers)) == [False] * 7 + [True]


def test_the_same_number_returns_in_another_year(register: PaperRegister) -> None:
    first, second = claimed(register), claimed(register, "series-2")

    assert ask(register, first) == ask(register, second, issue_date="2025-01-02")


def test_a_paper_nobody_claimed_is_not_found(register: PaperRegister) -> None:
    with pytest.raises(ObjectNotFound):
        register.paper(a_dossier().dossier_id)
    assert register.paper_at("A1", "series-1") is None


def test_a_lost_server_is_a_transient_error_and_the_pool_recovers(
    register: PaperRegister, database: Database, postgres: str
) -> None:
    paper = claimed(register)
    end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sohoa'"
    with pytest.raises(DatabaseUnavailable), database.transaction() as transaction:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(end_all)
        transaction.execute("SELECT 1")

    assert register.paper(paper.paper_id) == paper


def test_the_register_names_the_nearest_numbers_of_an_office_and_year(register: PaperRegister) -> None:
    def entered(series: str, number: str, issue_date: str, authority: str = "BHXH tỉnh Hà Nam") -> Paper:
        paper = claimed(register, series)
        register.register_code(paper, a_code(number), authority=authority, issue_date=issue_date)
        return paper

    own = entered("series-0", "20/QĐ-BHXH", "2024-02-20")
    entered("series-1", "12/QĐ-BHXH", "2024-02-01")
    entered("series-2", "40/QĐ-BHXH", "2024-03-15", authority="BHXH TỈNH HÀ NAM")
    entered("series-3", "13/QĐ-BHXH", "2024-02-03", authority="BHXH huyện Lý Nhân")
    entered("series-4", "7/QĐ-BHXH", "2023-12-29")
    entered("series-5", "7/TB-BHXH", "2024-02-03")

    found = register.numbers_beside(
        authority="BHXH tỉnh Hà Nam",
        type_code="QD",
        notation="/QĐ-BHXH",
        issue_date="2024-02-20",
        without=own.paper_id,
    )

    assert {(each.document_number, each.issue_date) for each in found} == {
        ("12/QĐ-BHXH", "2024-02-01"),
        ("40/QĐ-BHXH", "2024-03-15"),
    }
