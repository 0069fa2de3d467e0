"""Deposits found and claimed: the sweep and the intake over a real register."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from connector.domain.errors import ObjectNotFound, PermissionDenied, RepositoryUnavailable
from connector.domain.outcome import Outcome
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignedPrefix
from connector.domain.states import Stage, State
from connector.registry.connection import Database
from connector.watch.sweep import Sweeper, SweepRules
from tests.fakes.repository import FakeRepository
from tests.fixtures.register import queued_stages
from tests.fixtures.workplaces import WatchedOffice

pytestmark = pytest.mark.integration

RULES = SweepRules(overlap=dt.timedelta(seconds=10), settle=dt.timedelta(seconds=2))


class Obstructed(FakeRepository):
    """A repository that refuses the content of some documents."""

    def __init__(self, office: WatchedOffice, errors: dict[str, Exception]) -> None:
        super().__init__(office.store)
        self._errors = errors

    def download(self, object_id: str, target: Path) -> SignedPrefix:
        if object_id in self._errors:
            raise self._errors[object_id]
        return super().download(object_id, target)


def taken_in(office: WatchedOffice, sweeper: Sweeper, rounds: int = 3) -> int:
    """How many deposits some rounds take in."""
    taken = 0
    for _ in range(rounds):
        taken += sweeper.sweep().taken
        office.wait(3)
    return taken


def set_in_store(office: WatchedOffice, document: RepositoryObject, **changes: object) -> None:
    """Change what only a server can change, without a trace."""
    now = office.store.objects[document.object_id]
    office.store.objects[document.object_id] = replace(now, **changes)  # type: ignore[arg-type]


def test_a_deposit_is_claimed_once_over_many_sweeps(office: WatchedOffice, database: Database) -> None:
    document = office.deposit(office.dossier(papers=3))

    assert taken_in(office, Sweeper(office.place, RULES), rounds=6) == 1

    paper = office.paper(document)
    assert queued_stages(database) == ["scope"]
    assert office.shown(document).properties["state"] == "TIEP_NHAN"
    dossier = office.register.dossier(paper.dossier_id)
    assert (dossier.dossier_code, dossier.procedure_code, dossier.paper_count) == ("HS-1", "1.001939", 3)


def test_a_document_that_is_still_changing_waits(office: WatchedOffice) -> None:
    document = office.deposit(office.dossier())
    sweeper = Sweeper(office.place, RULES)

    for _ in range(3):
        assert sweeper.sweep().taken == 0
        office.wait(1)
        document = office.replace(document, b"%PDF-1.7 more")
    office.wait(1)
    assert sweeper.sweep().taken == 0

    office.wait(3)
    assert sweeper.sweep().taken == 1


@pytest.mark.parametrize("minutes", [-8, 8])
def test_a_server_whose_clock_is_wrong_is_watched_all_the_same(office: WatchedOffice, minutes: int) -> None:
    office.later = dt.timedelta(minutes=minutes)
    office.deposit(office.dossier())
    sweeper = Sweeper(office.place, RULES)

    assert sweeper.sweep().taken == 0  # nobody knows yet whether it is still being written
    office.wait(3)
    assert sweeper.sweep().taken == 1


def test_a_document_that_somebody_has_checked_out_waits_and_holds_the_cursor(office: WatchedOffice) -> None:
    folder = office.dossier()
    document = office.deposit(folder)
    set_in_store(office, document, checked_out=True)
    sweeper = Sweeper(office.place, RULES)
    office.wait(600)
    office.deposit(folder, "khác.pdf")
    assert taken_in(office, sweeper) == 1

    set_in_store(office, document, checked_out=False)  # cancelled: the server's date of change stays

    assert taken_in(office, sweeper) == 1


def test_a_document_checked_out_for_days_does_not_hold_the_cursor_and_is_found_at_night(office: WatchedOffice) -> None:
    folder = office.dossier()
    document = office.deposit(folder)
    set_in_store(office, document, checked_out=True)
    sweeper = Sweeper(office.place, RULES)
    office.wait(2 * 86400)
    recent = office.deposit(folder, "khác.pdf")
    assert taken_in(office, sweeper) == 1
    assert office.register.cursor("fake") == office.shown(recent).modified_at

    set_in_store(office, document, checked_out=False)
    assert taken_in(office, sweeper) == 0

    assert sweeper.reconcile(threading.Event()).taken == 1


def test_an_empty_document_is_no_deposit_yet(office: WatchedOffice) -> None:
    document = office.deposit(office.dossier(), content=b"")
    sweeper = Sweeper(office.place, RULES)
    assert taken_in(office, sweeper) == 0

    office.replace(document, b"%PDF-1.7")

    assert taken_in(office, sweeper) == 1


def test_a_document_deleted_meanwhile_is_passed_over(office: WatchedOffice) -> None:
    folder = office.dossier()
    gone, there = office.deposit(folder, "một.pdf"), office.deposit(folder, "hai.pdf")
    place = replace(office.place, repository=Obstructed(office, {gone.object_id: ObjectNotFound("gone")}))

    assert taken_in(office, Sweeper(place, RULES)) == 1
    assert office.paper(there)


def test_one_document_in_trouble_does_not_hide_the_others_and_is_tried_again(
    office: WatchedOffice, caplog: pytest.LogCaptureFixture
) -> None:
    folder = office.dossier()
    locked, there = office.deposit(folder, "một.pdf"), office.deposit(folder, "hai.pdf")
    trouble: dict[str, Exception] = {locked.object_id: PermissionDenied("no read")}
    sweeper = Sweeper(replace(office.place, repository=Obstructed(office, trouble)), RULES)
    assert taken_in(office, sweeper) == 1
    assert office.paper(there)
    office.wait(60)
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "a deposit could not be taken in: ECM_TU_CHOI"
    ]

    trouble.clear()

    assert taken_in(office, sweeper) == 1


def test_the_cursor_stays_when_the_line_breaks(office: WatchedOffice) -> None:
    folder = office.dossier()
    first, second = office.deposit(folder, "một.pdf"), office.deposit(folder, "hai.pdf")
    trouble: dict[str, Exception] = {second.object_id: RepositoryUnavailable("cut")}
    sweeper = Sweeper(replace(office.place, repository=Obstructed(office, trouble)), RULES)
    sweeper.sweep()
    before = office.register.cursor("fake")
    office.wait(3)

    with pytest.raises(RepositoryUnavailable):
        sweeper.sweep()

    assert office.register.cursor("fake") == before
    assert office.paper(first)
    trouble.clear()
    assert taken_in(office, sweeper) == 1


def test_strays_technical_files_and_folders_are_no_papers(office: WatchedOffice) -> None:
    folder = office.dossier()
    office.deposit(office.ours.folder_at("/Hồ sơ/không phải hồ sơ").object_id)
    office.deposit(office.ours.folder_at("/Nơi khác").object_id)
    office.deposit(office.ours.create_folder(folder, "_sohoa").object_id, "lớp chữ.xml")

    assert taken_in(office, Sweeper(office.place, RULES)) == 0


def test_a_date_in_the_far_future_does_not_carry_the_cursor_over_what_comes(office: WatchedOffice) -> None:
    folder = office.dossier()
    wrong = office.deposit(folder, "sai ngày.pdf")
    set_in_store(office, wrong, modified_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    sweeper = Sweeper(office.place, RULES)
    sweeper.sweep()
    office.wait(2 * 86400)

    office.deposit(folder, "đúng ngày.pdf")

    assert taken_in(office, sweeper) == 2


def test_a_fresh_deposit_that_shows_a_state_or_a_code_never_got_it_from_us(office: WatchedOffice) -> None:
    document = office.deposit(
        office.dossier(), state="DA_LUU", digitization_code="x", confirmed_by="ai", document_number="12/QĐ"
    )

    taken_in(office, Sweeper(office.place, RULES))

    shown = office.shown(document).properties
    assert (shown["state"], shown["digitization_code"], shown["confirmed_by"]) == ("TIEP_NHAN", None, None)
    assert shown["document_number"] == "12/QĐ"


def test_two_watchers_side_by_side_claim_each_paper_once(office: WatchedOffice, database: Database) -> None:
    folders = [office.dossier(f"hồ sơ {number}", papers=25) for number in range(4)]
    for folder in folders:
        for number in range(25):
            office.deposit(folder, f"{number}.pdf", f"%PDF {folder} {number}".encode())
    sweepers = [Sweeper(office.place, RULES) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.sweep()
    office.wait(3)

    with ThreadPoolExecutor(2) as watchers:
        taken = sum(swept.taken for swept in watchers.map(Sweeper.sweep, sweepers))

    assert taken == 100
    assert queued_stages(database) == ["scope"] * 100
    assert len({paper.dossier_id for paper in papers_everywhere(office)}) == 4


def papers_everywhere(office: WatchedOffice) -> Iterator[object]:
    for dossier in office.register.open_dossiers("fake"):
        yield from office.register.papers_of(dossier.dossier_id)


def test_a_sweep_names_the_claimed_papers_that_show_a_button_in_any_state(office: WatchedOffice) -> None:
    document = office.deposit(office.dossier())
    sweeper = Sweeper(office.place, RULES)
    taken_in(office, sweeper)
    paper = office.register.commit(office.paper(document), Stage.FILING, Outcome(state=State.DA_LUU))
    office.type(document, state="DA_LUU")
    assert sweeper.sweep().striking == ()

    office.type(document, action="THU_HOI")

    assert sweeper.sweep().striking == (paper,)


def test_a_stray_is_asked_once_where_it_lies_until_it_changes(office: WatchedOffice) -> None:
    stray = office.deposit(office.ours.folder_at("/Hồ sơ/không phải hồ sơ").object_id)
    asked: list[str] = []

    class Counted(FakeRepository):
        def dossier_of(self, paper: RepositoryObject) -> RepositoryObject | None:
            asked.append(paper.object_id)
            return super().dossier_of(paper)

    sweeper = Sweeper(replace(office.place, repository=Counted(office.store)), RULES)
    taken_in(office, sweeper, rounds=5)
    assert asked == [stray.object_id]

    office.type(stray, abstract="sửa")
    taken_in(office, sweeper, rounds=3)

    assert asked == [stray.object_id] * 2
