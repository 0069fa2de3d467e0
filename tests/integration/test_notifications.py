"""Telling the portal of new papers: at least once, in order, given up and replayed, without personal data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from lxml import etree

from connector.app.notifying import telling
from connector.cli.main import main
from connector.domain.errors import ConfigurationError, ExitCode, PortalUnavailable
from connector.domain.publication import ChangeKind
from connector.mapping.notice import load_notice
from connector.registry.connection import Database
from connector.registry.notifications import NotificationRegister
from connector.registry.papers import PaperRegister
from connector.sections import NotificationSettings
from tests.fixtures.notified_portal import FAULT, NotifiedPortal, notified_portal
from tests.fixtures.register import a_publication, claimed, publish

pytestmark = pytest.mark.integration
SAMPLE = Path("mappings/notification.yaml")


@pytest.fixture
def portal() -> Iterator[NotifiedPortal]:
    with notified_portal() as running:
        yield running


@pytest.fixture
def rules(portal: NotifiedPortal, tmp_path: Path) -> Path:
    """The shipped sample with this portal's address."""
    file = tmp_path / "notification.yaml"
    file.write_text(SAMPLE.read_text(encoding="utf-8").replace(load_notice(SAMPLE).url, portal.url), encoding="utf-8")
    return file


@pytest.fixture
def tell(rules: Path, database: Database) -> Callable[[], None]:
    return telling(
        NotificationSettings(rules=rules, username="sohoa", password="bí mật", timeout_seconds=1.0), database
    )


def stored(register: PaperRegister, *, code: str = "001090000012.QD.12/QĐ-BHXH") -> str:
    paper = claimed(register, f"{uuid4()}")
    publish(register, paper, a_publication(paper.paper_id, code=code))
    return str(paper.paper_id)


def told(portal: NotifiedPortal) -> list[str | None]:
    return [etree.fromstring(body).findtext(".//{urn:mau:thong-bao}MaTaiLieu") for body in portal.bodies]


def make_due(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute("UPDATE notification SET try_at = now()")


def test_every_change_is_told_once_in_order_and_without_personal_data(
    tell: Callable[[], None], portal: NotifiedPortal, register: PaperRegister
) -> None:
    papers = [stored(register, code=f"001090000012.QD.{number}") for number in range(3)]
    tell()
    papers.append(stored(register))
    tell()
    tell()

    assert told(portal) == papers
    message = etree.fromstring(portal.bodies[0]).find(".//{urn:mau:thong-bao}ThongBaoGiayTo")
    assert message is not None
    assert [(etree.QName(child).localname, child.text) for child in message][:4] == [
        ("MaTaiLieu", papers[0]), ("PhienBan", "1"), ("Loai", "MOI"), ("ViTri", "1"),
    ]  # fmt: skip
    assert portal.headers[0]["SOAPAction"] == '"urn:mau:thong-bao"'
    assert all(b"001090000012" not in body and "Hà Nam".encode() not in body for body in portal.bodies)


def test_a_portal_that_is_away_is_told_later_what_it_missed(
    tell: Callable[[], None], portal: NotifiedPortal, register: PaperRegister, database: Database
) -> None:
    papers = [stored(register, code=f"x.QD.{number}") for number in range(2)]
    portal.answers = [(503, ""), (500, FAULT.format(code="Server"))]
    for _ in range(2):
        with pytest.raises(PortalUnavailable):
            tell()
        make_due(database)
    tell()
    assert told(portal) == [papers[0], papers[0], *papers]


def test_a_silent_portal_is_not_waited_for_again_and_again(
    tell: Callable[[], None], portal: NotifiedPortal, register: PaperRegister, database: Database
) -> None:
    stored(register)
    portal.silence = 3.0
    for _ in range(3):
        with pytest.raises(PortalUnavailable):
            tell()
        make_due(database)
    asked = len(portal.bodies)
    with pytest.raises(PortalUnavailable, match="a moment ago"):  # the breaker is open
        tell()
    assert len(portal.bodies) - asked <= 3  # those that were on their way


@pytest.mark.parametrize(
    "refusal", [(400, ""), (500, FAULT.format(code="Client")), (200, FAULT.format(code="x")), (302, "")]
)
def test_a_refused_change_is_given_up_replayed_by_hand_and_keeps_no_other(
    tell: Callable[[], None],
    portal: NotifiedPortal,
    register: PaperRegister,
    database: Database,
    settings_file: Path,
    refusal: tuple[int, str],
) -> None:
    papers = [stored(register, code=f"x.QD.{number}") for number in range(2)]
    portal.answers = [refusal]
    tell()
    tell()
    assert told(portal) == papers
    assert NotificationRegister(database).given_up() == 1

    replayed = CliRunner().invoke(main, ["retry", "--notifications", "--config", str(settings_file)])
    tell()

    assert replayed.exit_code == ExitCode.OK
    assert "1" in replayed.output
    assert told(portal) == [*papers, papers[0]]
    assert NotificationRegister(database).given_up() == 0


def test_two_processes_that_tell_at_once_tell_nothing_twice(register: PaperRegister, database: Database) -> None:
    for number in range(2):
        stored(register, code=f"x.QD.{number}")
    notifications = NotificationRegister(database)
    notifications.enqueue(list(ChangeKind))
    seen: list[int] = []

    def tell_while_another_tells(entry: object) -> None:
        notifications.tell_next(lambda other: seen.append(other.position), lambda attempt, error: None)

    notifications.tell_next(tell_while_another_tells, lambda attempt, error: None)

    assert seen == [2]
    with pytest.raises(LookupError):
        notifications.tell_next(lambda entry: None, lambda attempt, error: None)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("paper_id", "owner_id", 12), ("element: ThongBaoGiayTo", "element: 'a b'", 9), ("[MOI,", "[MOT,", 18)],
)
def test_a_mistake_in_the_rules_names_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(SAMPLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"rules\.yaml:{line}:"):
        load_notice(file)


def test_a_password_is_not_sent_in_the_open(tmp_path: Path, database: Database) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(SAMPLE.read_text(encoding="utf-8").replace("https://", "http://"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="https"):
        telling(NotificationSettings(rules=file, username="x", password="y"), database)


def test_the_doctor_names_days_without_a_journal_and_notifications_that_were_given_up(
    tell: Callable[[], None],
    portal: NotifiedPortal,
    register: PaperRegister,
    database: Database,
    settings_file: Path,
    rules: Path,
) -> None:
    with settings_file.open("a", encoding="utf-8") as settings:
        settings.write(f'[notification]\nrules = "{rules}"\n')

    def said() -> dict[str, bool]:
        answer = CliRunner().invoke(main, ["doctor", "--json", "--config", str(settings_file)])
        found = [json.loads(line) for line in answer.output.splitlines() if line.startswith("{")]
        return {each["subject"]: each["ok"] for each in found}

    assert {name: ok for name, ok in said().items() if name in ("journal", "notification")} == {
        "journal": True,
        "notification": True,
    }
    stored(register)
    portal.answers = [(400, "")]
    tell()
    with database.transaction() as transaction:
        transaction.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        transaction.execute("UPDATE audit SET at = at - interval '5 days'")
    found = said()
    assert (found["journal"], found["notification"]) == (False, False)
