"""Buttons and altered copies: what the watcher sees of people's work, over a real register."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.domain.errors import PermissionDenied
from connector.domain.metadata import Value
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.display import show
from connector.registry.connection import Database
from connector.watch.attention import Attention
from connector.watch.intake import take_in
from connector.watch.sweep import SweepRules
from connector.watch.watcher import watch
from tests.fakes.repository import FakeRepository
from tests.fixtures.register import NOON, queued_stages
from tests.fixtures.workplaces import OFFICIAL, REPORTER, WatchedOffice

pytestmark = pytest.mark.integration

CONFIRMED = {
    "document_type_code": "MAU-QD",
    "owner_id": "001090000012",
    "document_name": "Quyết định",
    "document_number": "12/QĐ-BHXH",
    "issue_date": "06/01/2025",
    "issuing_authority": "Bảo hiểm xã hội tỉnh Hà Nam",
    "abstract": "Về việc hưởng lương hưu",
    "submission_form": "BAN_CHINH",
}


def advance(office: WatchedOffice, document: RepositoryObject, stage: Stage, outcome: Outcome) -> Paper:
    """A stage as the runner finishes it: shown, then committed."""
    paper = office.paper(document)
    show(office.place, document.object_id, outcome.properties, state=outcome.state)
    return office.register.commit(paper, stage, outcome)


def proposed(office: WatchedOffice, name: str = "giấy tờ.pdf", folder: str | None = None) -> RepositoryObject:
    """A paper that waits for confirmation."""
    document = office.deposit(folder or office.dossier(), name, **CONFIRMED)
    take_in(document, office.place)
    decomposed = unicodedata.normalize("NFD", "trichYeu = được (90 %)")
    properties = {"proposals": (decomposed,), "confidence": ("trichYeu=0.90",), "extracted_at": NOON}
    advance(office, document, Stage.EXTRACTION, Outcome(state=State.CHO_XAC_NHAN, properties=properties))
    return office.shown(document)


def failed(office: WatchedOffice, stage: Stage = Stage.CAPTURE) -> RepositoryObject:
    """A paper in LOI."""
    document = office.deposit(office.dossier())
    take_in(document, office.place)
    content = b"%PDF-1.7 scan"
    original = Artifact(
        kind=ArtifactKind.ORIGINAL,
        object_id=document.object_id,
        sha256=office.paper(document).original_sha256,
        length=len(content),
    )
    shown = {"original_sha256": original.sha256, "content_sha256": original.sha256}
    advance(office, document, Stage.SCOPE, Outcome(state=State.TIEP_NHAN, artifacts=(original,), properties=shown))
    office.register.fail(office.paper(document), stage, code="SAO_CHUP", sentence="[SAO_CHUP] Quét lại.")
    show(office.place, document.object_id, {"error": "[SAO_CHUP] Quét lại."}, state=State.LOI)
    return office.shown(document)


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.transaction() as transaction:
        rows = transaction.execute("SELECT operation, actor, result FROM audit ORDER BY position").fetchall()
    return [(row["operation"], row["actor"], row["result"]) for row in rows]


def test_a_button_is_carried_out_once_and_cleared(office: WatchedOffice, database: Database) -> None:
    document = proposed(office)
    office.type(document, action="XAC_NHAN")
    attention = Attention(office.place)

    attention.attend()
    attention.attend()

    paper, shown = office.paper(document), office.shown(document)
    assert paper.state is State.DA_XAC_NHAN
    assert (shown.properties["action"], shown.properties["state"]) == (None, "DA_XAC_NHAN")
    assert shown.properties["confirmed_by"] == OFFICIAL
    assert [row[0] for row in audited(database)].count("confirmation") == 1


def test_a_button_without_the_role_is_refused_with_a_sentence(office: WatchedOffice) -> None:
    document = proposed(office)
    office.type(document, login="khach", action="XAC_NHAN")

    Attention(office.place).attend()

    shown = office.shown(document).properties
    assert (shown["action"], shown["state"]) == (None, "CHO_XAC_NHAN")
    assert "KHONG_CO_QUYEN" in str(shown["error"])


class Versioning(FakeRepository):
    """As products that make a version of every change of properties."""

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        written = super().update(current, properties)
        return written if written.is_folder else self._kept(written)

    def _kept(self, written: RepositoryObject) -> RepositoryObject:
        store = self._store
        version = replace(written, object_id=str(next(store.numbers)))
        store.objects[version.object_id] = version
        store.contents[version.object_id] = store.contents[written.object_id]
        store.latest[written.version_series_id] = version.object_id
        return version


def test_a_button_does_not_pass_under_the_name_of_who_saves_the_paper_next(office: WatchedOffice) -> None:
    document = proposed(office)

    def saves(login: str, **properties: Value) -> None:
        repository = Versioning(office.store, login)
        repository.update(repository.get(document.object_id), properties)

    saves("khach", action="XAC_NHAN")
    saves(OFFICIAL, abstract="Về việc khác")
    attention = Attention(replace(office.place, repository=Versioning(office.store)))
    attention.attend()

    shown = office.shown(document).properties
    assert (shown["action"], shown["state"]) == (None, "CHO_XAC_NHAN")
    assert "chọn lại" in str(shown["error"])

    saves(OFFICIAL, action="XAC_NHAN")
    saves(OFFICIAL, abstract="Về việc hưởng lương hưu")
    attention.attend()
    assert office.paper(document).state is State.DA_XAC_NHAN


def test_one_paper_in_trouble_does_not_hide_the_others(office: WatchedOffice, caplog: pytest.LogCaptureFixture) -> None:
    folder = office.dossier()
    locked, gone, there = (proposed(office, name, folder) for name in ("một.pdf", "hai.pdf", "ba.pdf"))
    for document in (locked, there):
        office.type(document, action="XAC_NHAN")
    del office.store.objects[gone.object_id]

    class Locked(FakeRepository):
        def get(self, object_id: str) -> RepositoryObject:
            if object_id == locked.object_id:
                raise PermissionDenied("no read")
            return super().get(object_id)

    attention = Attention(replace(office.place, repository=Locked(office.store)))
    for _ in range(3):
        attention.attend()

    assert [office.paper(document).state for document in (locked, there)] == [State.CHO_XAC_NHAN, State.DA_XAC_NHAN]
    assert len([record for record in caplog.records if "cannot be read" in record.getMessage()]) == 2  # said once each


def test_forged_copies_are_put_back_and_audited(office: WatchedOffice, database: Database) -> None:
    document = proposed(office)
    forged = {"state": "DA_LUU", "digitization_code": "x", "confirmed_by": "ai", "proposals": ("bịa",)}
    office.type(document, login="khach", abstract="do người gõ", **forged)
    attention = Attention(office.place)

    attention.attend()
    attention.attend()

    shown = office.shown(document).properties
    assert (shown["state"], shown["digitization_code"], shown["confirmed_by"]) == ("CHO_XAC_NHAN", None, None)
    assert shown["proposals"] == ("trichYeu = được (90 %)",)
    assert shown["abstract"] == "do người gõ"
    [(_, actor, names)] = [row for row in audited(database) if row[0] == "put_back"]
    assert (actor, sorted(names.split())) == ("khach", sorted(forged))


def test_the_clerks_choice_of_a_copy_form_stands_until_the_agency_has_signed(office: WatchedOffice) -> None:
    document = proposed(office)
    office.type(document, copy_form="SAO LỤC")
    attention = Attention(office.place)
    for _ in range(3):
        attention.attend()
    assert office.shown(document).properties["copy_form"] == "SAO LỤC"

    signed = advance(
        office, document, Stage.AGENCY_SIGNATURE, Outcome(state=State.DA_KY, properties={"copy_form": "SAO Y"})
    )
    office.type(document, copy_form="SAO LỤC")
    for _ in range(2):
        attention.attend([signed])

    assert office.shown(document).properties["copy_form"] == "SAO Y"


def test_nothing_is_put_back_while_a_stage_is_between_showing_and_committing(
    office: WatchedOffice, database: Database
) -> None:
    document = proposed(office)
    attention, paper = Attention(office.place), office.paper(document)
    outcome = Outcome(state=State.DA_XAC_NHAN, properties={"confirmed_by": OFFICIAL})
    show(office.place, document.object_id, outcome.properties, state=outcome.state)
    attention.attend()

    office.register.commit(paper, Stage.CONFIRMATION, outcome)
    for _ in range(3):
        attention.attend()

    assert office.shown(document).properties["state"] == "DA_XAC_NHAN"
    assert "put_back" not in [row[0] for row in audited(database)]


def test_what_a_crash_left_half_shown_is_completed(office: WatchedOffice) -> None:
    document = proposed(office)
    outcome = Outcome(state=State.DA_XAC_NHAN, properties={"confirmed_by": OFFICIAL, "proposals": ()})
    office.register.commit(office.paper(document), Stage.CONFIRMATION, outcome)
    attention = Attention(office.place)

    for _ in range(2):
        attention.attend()

    shown = office.shown(document).properties
    assert (shown["state"], shown["confirmed_by"], shown["proposals"]) == ("DA_XAC_NHAN", OFFICIAL, ())


def test_a_copy_that_does_not_hold_is_audited_once_and_not_tried_for_ever(
    office: WatchedOffice, database: Database
) -> None:
    document = proposed(office)
    office.type(document, digitization_code="x")

    class Unwritable(FakeRepository):
        def update(self, current: RepositoryObject, properties: object) -> RepositoryObject:
            return current

    attention = Attention(replace(office.place, repository=Unwritable(office.store)))
    for _ in range(6):
        attention.attend()

    assert [row[0] for row in audited(database)].count("put_back") == 1


def test_a_new_file_in_the_place_of_a_rejected_one_is_taken_from_the_beginning(
    office: WatchedOffice, database: Database
) -> None:
    document = failed(office)
    before = office.paper(document)
    newer = office.replace(document, b"%PDF-1.7 other")
    office.type(newer, action="THU_LAI")

    Attention(office.place).attend()

    paper, shown = office.paper(document), office.shown(document)
    assert (paper.paper_id, paper.state, paper.error) == (before.paper_id, State.TIEP_NHAN, None)
    assert (paper.object_id, paper.artifacts) == (newer.object_id, {})
    assert paper.original_sha256 != before.original_sha256
    assert queued_stages(database)[-1] == "scope"
    assert [shown.properties[name] for name in ("state", "error", "action", "original_sha256")] == [
        "TIEP_NHAN", None, None, None,
    ]  # fmt: skip


def test_the_same_file_is_taken_up_at_the_stage_that_failed(office: WatchedOffice, database: Database) -> None:
    document = failed(office)
    office.type(document, action="THU_LAI")

    Attention(office.place).attend()

    assert office.paper(document).state is State.TIEP_NHAN
    assert queued_stages(database)[-1] == "capture"
    assert office.shown(document).properties["error"] is None


def test_a_signature_whose_commit_was_lost_is_not_taken_for_a_new_file(
    office: WatchedOffice, database: Database
) -> None:
    document = failed(office, Stage.PERSONAL_SIGNATURE)
    signed = office.ours.check_in(document, office.file(b"%PDF-1.7 scan and a signature"), comment="ký số")
    office.type(signed, action="THU_LAI")

    Attention(office.place).attend()

    assert queued_stages(database)[-1] == "personal_signature"


def test_a_file_that_is_still_being_edited_is_not_taken(office: WatchedOffice) -> None:
    document = failed(office)
    pressed = office.type(document, action="THU_LAI")
    office.store.objects[pressed.object_id] = replace(pressed, checked_out=True)

    Attention(office.place).attend()

    assert office.paper(document).state is State.LOI
    assert "đang được sửa" in str(office.shown(document).properties["error"])


def test_thu_lai_on_a_dossier_reaches_its_failed_papers(office: WatchedOffice) -> None:
    document = failed(office)
    office.replace(document, b"%PDF-1.7 other")
    folder = office.ours.dossier_of(document)
    assert folder is not None
    office.type(folder, action="THU_LAI")

    Attention(office.place).attend()

    assert office.paper(document).state is State.TIEP_NHAN
    assert office.ours.get(folder.object_id).properties["action"] is None


def test_a_result_is_believed_from_a_configured_identity_alone(office: WatchedOffice) -> None:
    document = proposed(office)
    folder = office.ours.dossier_of(document)
    assert folder is not None
    office.type(folder, result="THANH_CONG")
    attention = Attention(office.place)
    attention.attend()
    assert office.register.dossier(office.paper(document).dossier_id).result is None

    office.type(folder, login=REPORTER, result="THANH_CONG")
    attention.attend()

    assert office.register.dossier(office.paper(document).dossier_id).result == "THANH_CONG"


def test_a_forgers_result_does_not_pass_under_the_name_of_who_edits_the_folder_next(office: WatchedOffice) -> None:
    document = proposed(office)
    folder = office.ours.dossier_of(document)
    assert folder is not None
    attention = Attention(office.place)
    attention.attend()

    office.type(folder, login="khach", result="THANH_CONG")
    office.type(folder, login=REPORTER, notice_number="7/TB", paper_count=2)  # in the same round
    attention.attend()

    dossier, shown = office.register.dossier(office.paper(document).dossier_id), office.shown(folder)
    assert (dossier.result, dossier.notice_number, dossier.paper_count) == (None, "7/TB", 2)
    assert shown.properties["result"] is None
    assert "lần lưu riêng" in str(shown.properties["error"])

    office.type(folder, login=REPORTER, result="THANH_CONG")
    attention.attend()
    assert office.register.dossier(dossier.dossier_id).result == "THANH_CONG"


def test_a_failure_may_be_reported_together_with_its_notice(office: WatchedOffice) -> None:
    document = proposed(office)
    folder = office.ours.dossier_of(document)
    assert folder is not None

    office.type(folder, login=REPORTER, result="KHONG_THANH_CONG", notice_number="7/TB", notice_date="06/01/2025")
    Attention(office.place).attend()

    dossier = office.register.dossier(office.paper(document).dossier_id)
    assert (dossier.result, dossier.notice_number, dossier.result_by) == ("KHONG_THANH_CONG", "7/TB", REPORTER)


def test_a_button_on_a_filed_paper_is_answered_too(office: WatchedOffice) -> None:
    document = proposed(office)
    paper = advance(office, document, Stage.FILING, Outcome(state=State.DA_LUU))
    office.type(document, action="KY_CO_QUAN")

    Attention(office.place).attend([paper])

    shown = office.shown(document).properties
    assert (shown["action"], shown["state"]) == (None, "DA_LUU")
    assert "không dùng được ở trạng thái DA_LUU" in str(shown["error"])


def test_the_watcher_claims_and_attends_until_it_is_stopped(office: WatchedOffice) -> None:
    document = proposed(office)
    office.type(document, action="XAC_NHAN")
    deposit = office.deposit(office.dossier("hồ sơ 2"))
    office.wait(3600)
    stop = threading.Event()

    class Stopping(FakeRepository):
        """Ends the watch in its third round."""

        rounds = 0

        def changed_since(self, since: object) -> object:
            self.rounds += 1
            if self.rounds == 3:
                stop.set()
            return super().changed_since(since)  # type: ignore[arg-type]

    place = replace(office.place, repository=Stopping(office.store))
    watch(place, SweepRules(), interval=0.01, stop=stop)

    assert office.paper(deposit).state is State.TIEP_NHAN
    assert office.paper(document).state is State.DA_XAC_NHAN
