"""The day's journal: signed, kept in the repository, and the judge of a chain that was written anew."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.app import journal as journals
from connector.app.chores import Chore, do_chores
from connector.app.renewing import renew_journals
from connector.cli.main import main
from connector.cmis.repository import CmisRepository
from connector.domain.errors import ExitCode, InvalidFieldValue, TimestampUnavailable
from connector.domain.metadata import VIETNAM
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.journal import journal_of
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from connector.registry.renewals import RenewalRegister
from connector.settings import load_settings
from signing.journal_xml import build_journal_xml, read_anchor
from tests.fixtures.register import a_publication, claimed, publish

pytestmark = pytest.mark.integration
TODAY = dt.datetime.now(VIETNAM).date()


def a_delivery(register: PaperRegister, publications: PublicationRegister) -> None:
    """A paper is published, handed out and acknowledged; seven rows or so."""
    paper = claimed(register)
    published = a_publication(paper.paper_id).paper
    publish(register, paper, a_publication(paper.paper_id))
    given = publications.deliver(published, client="cong-dvc", purpose="xem", request_id=None)
    publications.audit(actor="cong-dvc", operation="GetDocument", subject="x", purpose="xem", result="OK")
    publications.acknowledge(given.delivery_id, client="cong-dvc", sha256=published.document.sha256)


def write_anew(database: Database, actor: str) -> None:
    """What someone with all rights on the database can do: another past, with hashes that fit."""
    with database.transaction() as transaction:
        transaction.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        rows = transaction.execute("SELECT * FROM audit ORDER BY position").fetchall()
        transaction.execute("DELETE FROM audit")
        transaction.execute("UPDATE audit_head SET position = 0, hash = repeat('0', 64)")
        transaction.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
        for row in rows:
            told = {name: row[name] for name in ("operation", "subject", "purpose", "result")}
            AuditChain(database, b"test key").append(transaction, actor=actor, **told)


def test_a_day_holds_its_rows_and_deliveries(
    database: Database, register: PaperRegister, publications: PublicationRegister, chain: AuditChain
) -> None:
    a_delivery(register, publications)
    today = journal_of(database, TODAY)
    before, after = (
        journal_of(database, TODAY - dt.timedelta(days=1)),
        journal_of(database, TODAY + dt.timedelta(days=1)),
    )

    assert today.anchor == after.anchor == chain.head()
    assert [row.position for row in today.rows] == list(range(1, today.head_position + 1))
    assert [delivery.client for delivery in today.deliveries] == ["cong-dvc"]
    assert (before.head_position, list(before.rows), list(after.rows)) == (0, [], [])
    assert read_anchor(build_journal_xml(today)) == today.anchor


def test_a_chain_that_was_written_anew_does_not_fit_a_kept_journal(
    settings_file: Path,
    database: Database,
    register: PaperRegister,
    publications: PublicationRegister,
    cmis: CmisRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_delivery(register, publications)
    monkeypatch.setattr(journals, "yesterday", lambda: TODAY)  # the day is over for this test
    runner, config = CliRunner(), ["--config", str(settings_file)]

    for _ in range(2):
        kept = runner.invoke(main, ["audit", "journal", *config])
        assert kept.output.strip() == f"nhat-ky-{TODAY.isoformat()}.xml"
    place = journals.place_of_journals(load_settings(settings_file))
    [stored] = cmis.children(cmis.folder_at(place).object_id)
    file = tmp_path / "journal.xml"
    cmis.download(stored.object_id, file)

    verify = ["audit", "verify", *config]
    assert runner.invoke(main, [*verify, "--journal", str(file)]).exit_code == ExitCode.OK
    write_anew(database, actor="somebody else")
    assert runner.invoke(main, verify).exit_code == ExitCode.OK  # in itself it is without a flaw
    assert runner.invoke(main, [*verify, "--journal", str(file)]).exit_code == ExitCode.FAILED
    file.write_bytes(file.read_bytes().replace(b"cong-dvc", b"cong-dvx"))
    assert runner.invoke(main, [*verify, "--journal", str(file)]).exit_code == ExitCode.INVALID_SIGNATURE


def test_a_day_that_is_not_over_is_not_closed(settings_file: Path) -> None:
    with pytest.raises(InvalidFieldValue):
        journals.keep_journal(load_settings(settings_file), TODAY)


def test_missed_days_are_caught_up_once_whoever_does_it(
    settings_file: Path,
    database: Database,
    register: PaperRegister,
    publications: PublicationRegister,
    cmis: CmisRepository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_delivery(register, publications)
    settings = load_settings(settings_file)
    days = [TODAY + dt.timedelta(days=number) for number in range(3)]
    monkeypatch.setattr(journals, "yesterday", lambda: days[-1])  # three days are over, none was kept
    names = [f"nhat-ky-{day.isoformat()}.xml" for day in days]

    with ThreadPoolExecutor(2) as processes:
        running = [processes.submit(journals.keep_missing_journals, settings, database) for _ in range(2)]
        kept = [list(each.result()) for each in running]

    assert [each for each in kept if each != names[len(names) - len(each) :]] == []
    place = journals.place_of_journals(settings)
    assert sorted(each.name for each in cmis.children(cmis.folder_at(place).object_id) if each.name in names) == names
    assert list(journals.keep_missing_journals(settings, database)) == []


def test_chores_go_on_after_one_of_them_fails() -> None:
    stop, done = threading.Event(), []

    def fail() -> None:
        done.append("fails")
        raise TimestampUnavailable("test")

    def work() -> None:
        done.append("works")
        if done.count("works") == 3:
            stop.set()

    do_chores([Chore(name="a", seconds=0.01, work=fail), Chore(name="b", seconds=0.01, work=work)], stop)

    assert done.count("works") == 3
    assert done.count("fails") >= 2


def test_a_chore_with_a_delay_waits_for_its_first_turn() -> None:
    stop, done, now = threading.Event(), [], iter(range(100))

    def ask(name: str) -> None:
        done.append(name)
        if name == "late":
            stop.set()

    chores = [
        Chore(name="late", seconds=1.0, work=lambda: ask("late"), delay=8.0),
        Chore(name="at once", seconds=50.0, work=lambda: ask("at once")),
    ]
    do_chores(chores, stop, clock=lambda: float(next(now)))

    assert done == ["at once", "late"]


def test_a_journal_that_lapses_is_renewed_once_beside_the_earlier_one(
    settings_file: Path,
    database: Database,
    register: PaperRegister,
    publications: PublicationRegister,
    cmis: CmisRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_delivery(register, publications)
    settings, renewals = load_settings(settings_file), RenewalRegister(database)
    day = TODAY + dt.timedelta(days=30)
    monkeypatch.setattr(journals, "yesterday", lambda: day)
    name = journals.keep_journal(settings, day)
    now, late = dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC) + dt.timedelta(days=11 * 365)

    nothing_due = renew_journals(settings, renewals, now)
    renew_journals(settings, renewals, late)

    folder = cmis.folder_at(journals.place_of_journals(settings)).object_id
    files = [each for each in cmis.children(folder) if each.name.startswith(name.removesuffix(".xml"))]
    assert (nothing_due, len(files), name in {each.name for each in files}) == (0, 2, True)
    for each in files:
        cmis.download(each.object_id, tmp_path / each.name)
        assert journals.compare_with_journal(settings, tmp_path / each.name) is None
