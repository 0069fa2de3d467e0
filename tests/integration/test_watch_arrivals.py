"""Dossiers that arrive: what the stores hold is said before anything is scanned."""

from __future__ import annotations

import datetime as dt

import pytest

from connector.registry.connection import Database
from connector.watch.attention import Attention
from connector.watch.sweep import Sweeper, SweepRules
from tests.fakes.repository import FakeRepository
from tests.fixtures.register import a_publication, claimed, publish
from tests.fixtures.workplaces import OFFICIAL, REPORTER, WatchedOffice

pytestmark = pytest.mark.integration

OWNER = "001090000012"
NOTHING = "Kho chưa có giấy tờ nào của chủ hồ sơ."


def received(office: WatchedOffice, **properties: str) -> str:
    """A dossier's folder before its first paper, swept twice."""
    folder = office.dossier()
    write(office, folder, OFFICIAL, **properties)
    sweep(office)
    return folder


def write(office: WatchedOffice, folder: str, login: str, **properties: str) -> None:
    person = FakeRepository(office.store, login)
    person.update(person.get(folder), properties)


def sweep(office: WatchedOffice) -> None:
    sweeper = Sweeper(office.place, SweepRules(settle=dt.timedelta(seconds=2)))
    for _ in range(2):
        sweeper.sweep()
        office.wait()


def lines(office: WatchedOffice, folder: str) -> tuple[str, ...]:
    found = office.ours.get(folder).properties["reuse_notice"]
    assert isinstance(found, tuple)
    return found


def test_what_is_stored_of_the_owner_stands_on_a_dossier_without_papers(office: WatchedOffice) -> None:
    stored = claimed(office.register)
    publish(office.register, stored, a_publication(stored.paper_id, owner_id=OWNER))

    folder = received(office, dossier_owner=OWNER)

    assert "12/QĐ-BHXH" in lines(office, folder)[0]


def test_it_is_said_once(office: WatchedOffice) -> None:
    folder = received(office, dossier_owner=OWNER)
    before = office.ours.get(folder)

    office.deposit(folder)
    sweep(office)

    assert lines(office, folder)[0] == NOTHING
    assert office.ours.get(folder).change_token == before.change_token


def test_a_dossier_whose_owner_is_not_known_yet_is_looked_up_when_it_is(office: WatchedOffice) -> None:
    folder = received(office)
    assert not office.ours.get(folder).properties.get("reuse_notice")

    write(office, folder, OFFICIAL, dossier_owner=OWNER)
    sweep(office)

    assert lines(office, folder)[0] == NOTHING


def test_a_button_on_a_dossier_without_papers_is_carried_out_for_those_who_may(office: WatchedOffice) -> None:
    folder = received(office, dossier_owner=OWNER)
    stored = claimed(office.register)
    publish(office.register, stored, a_publication(stored.paper_id, owner_id=OWNER))

    write(office, folder, "khach", action="KIEM_TRA_KHO")
    sweep(office)
    refused = office.ours.get(folder).properties
    write(office, folder, OFFICIAL, action="KIEM_TRA_KHO")
    sweep(office)

    assert refused["error"] and not refused["action"]
    assert lines(office, folder)[0] != NOTHING
    assert not office.ours.get(folder).properties["error"]


def test_a_button_on_a_dossier_on_its_way_is_left_to_those_who_attend_it(
    office: WatchedOffice, database: Database
) -> None:
    folder = received(office, dossier_owner=OWNER)
    office.deposit(folder)
    sweep(office)

    write(office, folder, OFFICIAL, action="KIEM_TRA_KHO")
    sweep(office)
    untouched = office.ours.get(folder).properties["action"]
    Attention(office.place).attend()

    assert untouched == "KIEM_TRA_KHO"
    assert not office.ours.get(folder).properties["action"]


def test_looking_into_the_stores_never_hides_who_reported_a_result(office: WatchedOffice) -> None:
    folder = office.dossier()
    office.deposit(folder)
    sweep(office)
    write(office, folder, OFFICIAL, dossier_owner=OWNER)
    Attention(office.place).attend()

    write(office, folder, REPORTER, result="THANH_CONG")
    sweep(office)
    Attention(office.place).attend()

    (dossier,) = office.register.open_dossiers("fake")
    assert (dossier.result, dossier.result_by) == ("THANH_CONG", REPORTER)
