"""Stored papers outlive their time stamps: evidence is renewed as GIA_HAN, never as a new version."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.demo.pki import SCANNER_NAME
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.roles import Role, Staff, User
from connector.domain.signatures import Level
from connector.domain.states import Stage, State
from connector.pipeline import renewal
from connector.registry.renewals import RenewalRegister
from signing.signer import PaperSigner
from signing.trust import Trust
from signing.verify_record import RecordVerdict, verify_record
from tests.fixtures.pipelines import CLERK, RECEPTION, STRANGER, Killed, PlayedOffice
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration

NOW = dt.datetime.now(dt.UTC)
LATE = NOW + dt.timedelta(days=11 * 365)  # the demo's time stamps have lapsed by then


@pytest.fixture
def office(played: PlayedOffice, signer: PaperSigner, tmp_path: Path) -> PlayedOffice:
    """An office with the real signer."""
    office = PlayedOffice(played.register, played.database, tmp_path, signer=signer)
    scanner = User(login=RECEPTION, full_name=SCANNER_NAME, roles=frozenset({Role.TIEP_NHAN}), identity="hà")
    office.place = dataclasses.replace(
        office.place,
        staff=Staff({**office.place.staff.users, RECEPTION: scanner}),
        now=lambda: dt.datetime.now(dt.UTC),
    )
    return office


@pytest.fixture
def stored(office: PlayedOffice, tmp_path: Path) -> RepositoryObject:
    dossier = office.dossier()
    document = office.confirmed(dossier, content=sheet(tmp_path / "scan.pdf"))
    office.succeed(dossier)
    office.press(dossier, "KY_CO_QUAN", CLERK)
    assert office.paper(document).state is State.DA_LUU
    return document


def renew(office: PlayedOffice, *, lapsing_before: dt.datetime = NOW) -> int:
    """What the daily round does, and the work that follows."""
    queued = RenewalRegister(office.database).queue_due(lapsing_before, at_most=10)
    office.work()
    return queued


def feed(office: PlayedOffice) -> list[tuple[object, object]]:
    return [(row["kind"], row["version"]) for row in office.rows("SELECT * FROM change_feed ORDER BY position")]


def verdict(office: PlayedOffice, document: RepositoryObject, trust: Trust) -> RecordVerdict:
    """The stored PDF against the metadata that is published with it."""
    paper, files = office.paper(document), []
    for kind, name in ((ArtifactKind.METADATA, "metadata.xml"), (ArtifactKind.AGENCY, "paper.pdf")):
        office.place.fetch(paper.artifacts[kind], office.folder / name)
        files.append(office.folder / name)
    return verify_record(*files, trust)


def test_a_stored_paper_is_looked_at_once_and_left_alone(office: PlayedOffice, stored: RepositoryObject) -> None:
    before = office.content(stored)

    assert (renew(office), renew(office)) == (1, 0)
    assert office.content(stored) == before
    assert feed(office) == [("MOI", 1)]
    [row] = office.rows("SELECT result FROM stage_result WHERE stage = 'renewal'")
    assert dt.datetime.fromisoformat(row["result"]["lapses_at"]) > NOW + dt.timedelta(days=9 * 365)  # type: ignore[index]


def test_lapsing_evidence_is_renewed_as_gia_han_and_the_metadata_still_fits(
    office: PlayedOffice, stored: RepositoryObject, offline: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.content(stored)
    renew(office)
    monkeypatch.setattr(renewal, "AHEAD", LATE - NOW)

    queued = renew(office, lapsing_before=LATE)

    assert queued == 1
    assert feed(office) == [("MOI", 1), ("GIA_HAN", 1)]
    assert office.content(stored).startswith(before)
    assert len(office.content(stored)) > len(before)
    judged = verdict(office, stored, offline)
    assert judged.holds
    assert [report.level for report in (*judged.metadata, *judged.document)] == [Level.B_LTA] * 3
    [published] = office.rows("SELECT document, version FROM published_paper")
    assert published["document"]["sha256"] == office.shown(stored)["content_sha256"]  # type: ignore[index]


def test_metadata_without_a_time_stamp_is_completed(
    office: PlayedOffice, office_of: Callable[..., PaperSigner], tmp_path: Path, offline: Trust
) -> None:
    with_service = office.place.signer
    silent = office_of(timestamp_url="http://127.0.0.1:9/")
    dossier = office.dossier()
    document = office.confirmed(dossier, content=sheet(tmp_path / "scan.pdf"))
    with_service.sign_record = silent.sign_record  # type: ignore[method-assign]
    office.succeed(dossier)
    office.press(dossier, "KY_CO_QUAN", CLERK)
    del with_service.sign_record  # type: ignore[attr-defined]
    [row] = office.rows("SELECT result FROM stage_result WHERE stage = 'agency_signature'")

    renew(office)

    assert row["result"]["metadata_level"] == "B-B"  # type: ignore[index]
    assert feed(office) == [("MOI", 1), ("GIA_HAN", 1)]
    assert verdict(office, document, offline).metadata[0].level is Level.B_LT


def test_a_renewal_killed_after_check_in_goes_on_with_the_same_bytes(
    office: PlayedOffice, stored: RepositoryObject, offline: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "AHEAD", LATE - NOW)
    commit = office.register.commit

    def die(*_arguments: object) -> None:
        raise Killed

    office.register.commit = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        renew(office)
    renewed = office.content(stored)
    office.register.commit = commit  # type: ignore[method-assign]
    office.work()

    assert office.content(stored) == renewed
    assert feed(office) == [("MOI", 1), ("GIA_HAN", 1)]
    assert verdict(office, stored, offline).holds


def test_a_stored_file_that_somebody_changed_is_not_renewed(
    office: PlayedOffice, stored: RepositoryObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "AHEAD", LATE - NOW)
    changed = office.content(stored) + b"% something more"
    office.replace_file(stored, changed, STRANGER)

    renew(office)

    assert office.paper(stored).state is State.LOI
    assert office.paper(stored).failed_stage is Stage.RENEWAL
    assert office.content(stored) == changed
    assert feed(office) == [("MOI", 1)]
