"""A worker or watcher may die anywhere: one signature, one code, one feed entry, whatever is repeated."""

from __future__ import annotations

import pytest

from connector.domain.metadata import SubmissionForm
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignatureRole
from connector.domain.states import State
from tests.fakes.reader import VALUES, read_as
from tests.fakes.signer import keys_of, signed
from tests.fixtures.pipelines import CLERK, REPORTER, SETTLING, Countdown, Dying, Killed, PlayedOffice

pytestmark = pytest.mark.integration


def play(office: PlayedOffice, document: RepositoryObject, dossier: RepositoryObject) -> None:
    """The whole way; what was done before is not done again by people."""
    office.attend()
    office.work()
    if office.shown(document)["state"] == "CHO_XAC_NHAN" and office.paper(document).state is State.CHO_XAC_NHAN:
        office.type(document, SETTLING, action="XAC_NHAN")
    office.attend()
    if not office.shown(dossier)["result"]:
        office.type(dossier, REPORTER, result="THANH_CONG")
    for _ in range(3):
        office.attend()
        office.work()
    if office.paper(document).state is State.CHO_KY_CO_QUAN:
        office.type(dossier, CLERK, action="KY_CO_QUAN")
    for _ in range(3):
        office.attend()
        office.work()


def die_at(office: PlayedOffice, effect: int, *, is_done: bool) -> Countdown:
    countdown = Countdown(effect, is_done)
    office.place = office.workplace(Dying(office.ours, countdown), Dying(office.register, countdown))  # type: ignore[arg-type]
    return countdown


def assert_whole(office: PlayedOffice, document: RepositoryObject, dossier: RepositoryObject, number: str) -> None:
    """Stored, with one of everything."""
    content, paper = office.content(document), office.paper(document)
    assert keys_of(content, SignatureRole.SCANNER) == ["ha"]
    assert keys_of(content, SignatureRole.AGENCY) == ["agency"]
    assert len(office.technical(dossier, ".metadata.xml")) == 1
    assert len(office.technical(dossier, ".alto.xml")) == 1
    assert [row["kind"] for row in office.rows("SELECT * FROM change_feed") if row["paper_id"] == paper.paper_id] == [
        "MOI"
    ]
    codes = [row["code"] for row in office.rows("SELECT * FROM code_register") if row["paper_id"] == paper.paper_id]
    assert codes == [f"001090000012.1.001939.MAU-QD.{number}"]
    shown = office.shown(document)
    assert (paper.state, shown["state"], shown["error"], shown["action"]) == (State.DA_LUU, "DA_LUU", None, None)
    assert (shown["digitization_code"], shown["confirmed_by"]) == (codes[0], SETTLING)


def test_a_death_after_any_effect_is_repaired_by_repeating(played: PlayedOffice) -> None:
    """A death before an effect leaves what a death after the one before it leaves."""
    whole, effect, is_through = played.place, 0, False
    while not is_through:
        effect += 1
        number = f"{effect}/QĐ-BHXH"
        played.place, played.reader.extraction = whole, read_as({**VALUES, "document_number": number})
        dossier = played.dossier(f"hồ sơ {effect}")
        document = played.deposit(dossier)
        countdown = Countdown(effect)
        dying = Dying(played.ours, countdown), Dying(played.register, countdown)
        played.place = played.workplace(*dying)  # type: ignore[arg-type]
        try:
            play(played, document, dossier)
            is_through = countdown.seen < effect
        except Killed:
            played.place = whole
            for _ in range(2):
                play(played, document, dossier)
        try:
            assert_whole(played, document, dossier, number)
        except AssertionError as error:
            raise AssertionError(f"after effect {effect}") from error
    assert effect > 25


def test_an_electronic_paper_gets_no_signature_of_ours_but_on_its_metadata(played: PlayedOffice) -> None:
    dossier = played.dossier()
    file = signed(b"%PDF-1.7 decision", SignatureRole.OTHER, "lan", "giám đốc")
    document = played.deposit(dossier, content=file, submission_form=str(SubmissionForm.DIEN_TU), is_result=True)

    play(played, document, dossier)

    assert played.paper(document).state is State.DA_LUU
    assert played.content(document) == file
    [metadata] = played.technical(dossier, ".metadata.xml")
    assert keys_of(metadata, SignatureRole.AGENCY) == ["agency"]
