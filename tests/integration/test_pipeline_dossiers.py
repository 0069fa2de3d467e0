"""Articles 4, 5, 8.2.a, 9.4, 10 and 13.4: what a dossier lets in, waits for, and how it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from connector.domain.capture import Doubt
from connector.domain.metadata import Value
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.states import Stage, State
from tests.fakes.reader import VALUES, one_page, read_as
from tests.fixtures.pipelines import CLERK, HEAD, RECEPTION, REPORTER, SCAN, SETTLING, STRANGER, PlayedOffice

pytestmark = pytest.mark.integration


def traces(office: PlayedOffice, dossier: RepositoryObject, document: RepositoryObject) -> object:
    """What is left of a paper's content: signatures, text, proposals."""
    paper = office.paper(document)
    extracted = office.register.result(paper.paper_id, Stage.EXTRACTION) or {}
    shown = office.shown(document)
    return (
        office.technical(dossier, ""),
        extracted.get("proposals"),
        shown["proposals"],
        shown["abstract"],
        ArtifactKind.ALTO in paper.artifacts,
    )


# scope


@pytest.mark.parametrize(
    ("properties", "clause"),
    [
        ({"show_only": True}, "5.3"),
        ({"scope_basis": "5.1"}, "5.1"),
        ({"submission_form": "BAN_SAO_CHUP"}, "5.2"),
        ({"submission_form": "BAN_SAO_CHUNG_THUC"}, "5.2"),
    ],
)
def test_what_article_5_leaves_out_says_by_which_clause_and_still_counts(
    played: PlayedOffice, properties: dict[str, Value], clause: str
) -> None:
    dossier = played.dossier(papers=2)
    document = played.deposit(dossier, "ngoài.pdf", **properties)
    paper = played.confirmed(dossier)

    played.succeed(dossier)

    assert (played.shown(document)["state"], played.shown(document)["scope_basis"]) == ("KHONG_SO_HOA", clause)
    assert played.content(document) == SCAN
    assert played.paper(paper).state is State.CHO_KY_CO_QUAN


@pytest.mark.parametrize("doubt", [Doubt.YES, Doubt.UNSURE])
def test_a_secrecy_stamp_stops_the_paper_before_any_signature_and_keeps_nothing(
    played: PlayedOffice, doubt: Doubt
) -> None:
    played.reader.stamp = doubt
    dossier = played.dossier()
    document = played.deposit(dossier)

    played.work()

    assert played.paper(document).state is State.CACH_LY
    assert played.content(document) == SCAN
    assert played.reader.read_files == 0
    assert "liên hệ văn thư" in str(played.shown(document)["error"])
    assert traces(played, dossier, document) == ([], None, (), None, False)


def test_a_declared_secret_is_stopped_without_looking(played: PlayedOffice) -> None:
    document = played.deposit(secrecy="MAT")

    played.work()

    assert (played.paper(document).state, played.content(document)) == (State.CACH_LY, SCAN)


def test_words_that_say_secret_stop_the_paper_and_keep_no_text(played: PlayedOffice) -> None:
    played.reader.extraction = replace(read_as(VALUES), secrecy_found=True)
    dossier = played.dossier()
    document = played.deposit(dossier)

    played.work()

    assert played.paper(document).state is State.CACH_LY
    assert traces(played, dossier, document) == ([], None, (), None, False)


def test_secrecy_found_only_at_confirmation_takes_the_proposals_back(played: PlayedOffice) -> None:
    document = played.deposit()
    played.work()

    played.press(document, "XAC_NHAN", secrecy="MAT")

    paper, shown = played.paper(document), played.shown(document)
    assert (paper.state, paper.metadata) == (State.CACH_LY, None)
    assert (shown["abstract"], shown["proposals"]) == (None, ())
    assert "proposals" not in (played.register.result(paper.paper_id, Stage.EXTRACTION) or {})


def test_what_is_declared_secret_late_leaves_no_text_behind_and_is_seen_by_its_keepers_alone(
    played: PlayedOffice,
) -> None:
    dossier = played.dossier()
    document = played.deposit(dossier)
    played.work()
    assert played.technical(dossier, ".alto.xml") == [b"<alto/>"]

    played.press(document, "XAC_NHAN", secrecy="MAT")

    assert played.technical(dossier, ".alto.xml") == []
    assert ArtifactKind.ALTO not in played.paper(document).artifacts
    assert played.store.access == {document.version_series_id: frozenset({CLERK, HEAD})}
    played.press(document, "THU_LAI", CLERK, secrecy=None)
    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert (played.store.access, played.technical(dossier, ".alto.xml")) == ({}, [b"<alto/>"])


def test_a_repository_without_access_lists_stops_a_secret_paper_all_the_same(played: PlayedOffice) -> None:
    played.store.can_restrict = False
    document = played.deposit(secrecy="MAT")

    played.work()

    assert played.paper(document).state is State.CACH_LY


def test_only_the_clerk_or_the_head_releases_what_is_not_secret(played: PlayedOffice) -> None:
    played.reader.stamp = Doubt.UNSURE
    played.store.can_restrict = False  # where everybody still sees it, everybody may press
    document = played.deposit()
    played.work()

    played.press(document, "THU_LAI", SETTLING)
    assert played.paper(document).state is State.CACH_LY
    played.press(document, "THU_LAI", CLERK)

    assert played.paper(document).state is State.CHO_XAC_NHAN
    kept = played.register.result(played.paper(document).paper_id, Stage.SCOPE) or {}
    assert kept["released_by"] == CLERK


def test_a_secret_paper_is_set_aside_by_the_clerk_and_holds_nobody_back(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=2)
    played.reader.stamp = Doubt.YES
    secret = played.deposit(dossier, "một.pdf")
    played.work()
    played.reader.stamp = Doubt.NO
    other = played.confirmed(dossier)
    played.succeed(dossier)
    assert played.paper(other).state is State.DA_CAP_MA

    played.press(secret, "BO_QUA", CLERK)
    played.attend()
    played.work()

    assert (played.paper(secret).state, played.content(secret)) == (State.KHONG_SO_HOA, SCAN)
    assert played.shown(secret)["scope_basis"] is None  # a clause would tell what it is
    assert played.paper(other).state is State.CHO_KY_CO_QUAN


@pytest.mark.parametrize(
    ("basis", "login", "expected"),
    [
        ("5.1", SETTLING, State.KHONG_SO_HOA),
        ("13.3.b", SETTLING, State.CHO_XAC_NHAN),
        ("13.3.b", HEAD, State.KHONG_SO_HOA),
        (None, SETTLING, State.CHO_XAC_NHAN),
        ("không thích", SETTLING, State.CHO_XAC_NHAN),
        ("5.1", RECEPTION, State.CHO_XAC_NHAN),
    ],
)
def test_a_paper_is_left_out_only_for_a_named_reason_by_whoever_may_decide_it(
    played: PlayedOffice, basis: str | None, login: str, expected: State
) -> None:
    document = played.deposit()
    played.work()

    played.press(document, "BO_QUA", login, scope_basis=basis)

    assert played.paper(document).state is expected
    assert bool(played.shown(document)["error"]) is (expected is State.CHO_XAC_NHAN)


# capture


def test_a_capture_that_misses_article_8_is_sent_back_and_taken_again_with_a_new_file(played: PlayedOffice) -> None:
    played.reader.facts = one_page(cut_edges=True)
    document = played.deposit()
    played.work()
    assert "chữ bị cắt ở mép giấy. (điểm 8.2.b)" in str(played.shown(document)["error"])

    played.reader.facts = one_page()
    played.replace_file(document, b"%PDF-1.7 another scan")
    played.press(document, "THU_LAI", RECEPTION)

    assert played.paper(document).state is State.CHO_XAC_NHAN


def test_a_file_that_was_replaced_after_its_claim_is_noticed(played: PlayedOffice) -> None:
    document = played.deposit()
    played.replace_file(document, b"%PDF-1.7 something else", STRANGER)

    played.work()

    assert played.paper(document).error_code == "TEP_BI_THAY"


def test_a_document_that_was_deleted_does_not_stop_the_worker(played: PlayedOffice) -> None:
    document = played.deposit()
    del played.store.objects[document.object_id]

    played.work()

    assert played.paper(document).error_code == "KHONG_TIM_THAY"


# results


def test_a_result_counts_only_from_the_configured_identity_and_is_put_back_otherwise(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier)

    played.succeed(dossier, login=SETTLING)
    assert played.shown(dossier)["result"] is None
    played.type(dossier, REPORTER, dossier_owner="001090000012")  # a later edit makes no forged result true
    played.attend()

    assert played.paper(document).state is State.DA_XAC_NHAN
    assert "ketQua chỉ được nhận" in str(played.shown(dossier)["error"])


def test_our_own_write_never_hides_who_reported_a_result(played: PlayedOffice) -> None:
    dossier = played.dossier()
    played.deposit(dossier)
    played.work()
    played.type(dossier, STRANGER, action="XAC_NHAN")
    whole = played.ours.get
    reported: list[bool] = []

    def get(object_id: str) -> RepositoryObject:
        found = whole(object_id)
        if object_id == dossier.object_id and not reported:
            reported.append(True)
            played.type(dossier, REPORTER, result="THANH_CONG")
        return found

    played.ours.get = get  # type: ignore[method-assign]
    played.attend()
    played.attend()

    assert played.register.dossier(played.register.open_dossiers("fake")[0].dossier_id).result == "THANH_CONG"


def test_what_the_signature_waits_for_stands_on_the_folder(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=3)
    document = played.confirmed(dossier)
    played.succeed(dossier)
    assert played.shown(dossier)["error"] == "Chờ ký cơ quan: Hồ sơ khai 3 giấy tờ, hiện có 1."

    played.type(dossier, SETTLING, paper_count=1)
    for _ in range(2):
        played.attend()
        played.work()

    assert played.paper(document).state is State.CHO_KY_CO_QUAN
    assert played.shown(dossier)["error"] is None


def test_a_paper_that_comes_in_late_holds_the_approval_back(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.succeed(dossier)
    played.deposit(dossier, "muộn.pdf")

    played.press(dossier, "KY_CO_QUAN", CLERK)

    assert played.paper(document).state is State.CHO_KY_CO_QUAN
    assert "hiện có 2" in str(played.shown(dossier)["error"])


def test_the_files_of_one_component_count_once(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=1)
    original = played.confirmed(dossier, name="bản chính.pdf", component="Sổ BHXH")
    copy = played.confirmed(dossier, name="bản sao.pdf", component="Sổ BHXH", submission_form="SAO_Y")

    played.succeed(dossier)

    assert [played.paper(each).state for each in (original, copy)] == [State.CHO_KY_CO_QUAN] * 2
    assert played.paper(original).digitization_code == played.paper(copy).digitization_code


def test_procedure_and_dossier_code_stand_once_a_code_is_given(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=2)
    played.confirmed(dossier)
    played.succeed(dossier)
    played.type(dossier, STRANGER, procedure_code="9.999999")

    played.attend()

    assert played.shown(dossier)["procedure_code"] == "1.001939"
    [row] = played.rows("SELECT procedure_code FROM dossier")
    assert row["procedure_code"] == "1.001939"


def test_a_failed_dossier_closes_all_its_papers_with_the_notice(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=6, notice_number="45/TB-BHXH", notice_date="2026-01-05")
    confirmed = played.confirmed(dossier, name="xác nhận.pdf")
    waiting = played.deposit(dossier, "chờ.pdf")
    played.work()
    played.reader.facts = one_page(blank=True)
    failed = played.deposit(dossier, "lỗi.pdf")
    played.work()
    played.reader.facts, played.reader.stamp = one_page(), Doubt.YES
    secret = played.deposit(dossier, "mật.pdf")
    played.work()
    played.reader.stamp = Doubt.NO
    shown_only = played.deposit(dossier, "xuất trình.pdf", show_only=True)
    played.work()
    fresh = played.deposit(dossier, "mới.pdf")

    played.succeed(dossier, "KHONG_THANH_CONG")

    for document in (confirmed, waiting, failed, fresh):
        assert (played.paper(document).state, played.shown(document)["state"]) == (
            State.KHONG_GIAI_QUYET,
            "KHONG_GIAI_QUYET",
        )
    assert played.paper(secret).state is State.CACH_LY
    assert played.paper(shown_only).state is State.KHONG_SO_HOA
    assert played.content(fresh) == SCAN  # no signature is made for nothing
    assert played.rows("SELECT * FROM code_register") == []
    kept = played.register.result(played.paper(waiting).paper_id, Stage.CODE) or {}
    assert (kept["notice_number"], kept["notice_date"], kept["result_by"]) == ("45/TB-BHXH", "2026-01-05", REPORTER)


def test_a_success_that_was_reported_by_mistake_is_taken_back_before_the_approval(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.succeed(dossier)
    assert played.paper(document).digitization_code

    played.succeed(dossier, "KHONG_THANH_CONG")

    paper = played.paper(document)
    assert (paper.state, paper.digitization_code) == (State.KHONG_GIAI_QUYET, None)
    assert played.shown(document)["digitization_code"] is None
    assert played.rows("SELECT * FROM code_register") == []


def test_after_the_agency_signed_a_result_changes_no_more(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=1)
    document = played.confirmed(dossier)
    played.succeed(dossier)
    played.type(dossier, CLERK, action="KY_CO_QUAN")
    played.attend()

    played.succeed(dossier, "KHONG_THANH_CONG")

    assert played.paper(document).state is State.DA_LUU
    assert played.rows("SELECT result FROM dossier") == [{"result": "THANH_CONG"}]


# codes


def coded(office: PlayedOffice, name: str, **properties: Value) -> tuple[RepositoryObject, RepositoryObject]:
    """A dossier of one paper whose procedure has succeeded."""
    dossier = office.dossier(name)
    document = office.confirmed(dossier, **properties)
    office.succeed(dossier)
    return dossier, document


def test_a_result_and_a_component_get_different_forms_of_code(played: PlayedOffice) -> None:
    _, component = coded(played, "một")
    _, result = coded(played, "hai", is_result=True)

    assert played.paper(component).digitization_code == "001090000012.1.001939.MAU-QD.12/QĐ-BHXH"
    assert played.paper(result).digitization_code == "001090000012.MAU-QD.12/QĐ-BHXH"


def test_a_collision_waits_for_a_person_and_names_the_other_paper(played: PlayedOffice) -> None:
    _, first = coded(played, "một")
    _, second = coded(played, "hai")

    shown = played.shown(second)
    assert (shown["state"], shown["digitization_code"]) == ("LOI", None)
    assert str(played.paper(first).paper_id) in str(shown["error"])
    assert "XAC_NHAN" in str(shown["error"])


def test_a_slip_that_collided_is_corrected_and_confirmed_again(played: PlayedOffice) -> None:
    coded(played, "một")
    dossier, second = coded(played, "hai")

    played.press(second, "XAC_NHAN", document_number="13/QĐ-BHXH")
    played.succeed(dossier)

    assert str(played.paper(second).digitization_code).endswith(".13/QĐ-BHXH")


def test_trying_a_collision_again_without_deciding_collides_again(played: PlayedOffice) -> None:
    coded(played, "một")
    _, second = coded(played, "hai")

    played.press(second, "THU_LAI")

    assert played.paper(second).error_code == "TRUNG_MA"


def test_a_different_paper_with_the_same_code_is_accepted_by_the_official_and_both_are_found(
    played: PlayedOffice,
) -> None:
    (first_dossier, first), (dossier, second) = coded(played, "một"), coded(played, "hai")

    played.press(second, "XAC_NHAN")
    for each in (first_dossier, dossier):
        played.succeed(each)
        played.press(each, "KY_CO_QUAN", CLERK)

    assert played.paper(first).digitization_code == played.paper(second).digitization_code
    rows = played.rows("SELECT DISTINCT paper_id FROM published_paper")
    assert {row["paper_id"] for row in rows} == {played.paper(each).paper_id for each in (first, second)}


def test_a_first_confirmation_accepts_no_code_in_advance(played: PlayedOffice) -> None:
    _, first = coded(played, "một")
    dossier = played.dossier("hai")
    second = played.confirmed(dossier)
    played.press(second, "XAC_NHAN")  # twice, before anything collided

    played.succeed(dossier)

    assert played.paper(second).state is State.LOI
    assert played.paper(first).state is State.CHO_KY_CO_QUAN


def test_the_same_paper_again_is_left_out_as_data_that_is_there(played: PlayedOffice) -> None:
    coded(played, "một")
    _, second = coded(played, "hai")

    played.press(second, "BO_QUA", scope_basis="5.1")

    assert played.paper(second).state is State.KHONG_SO_HOA


def test_two_workers_give_one_code(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.type(dossier, REPORTER, result="THANH_CONG")
    played.attend()
    paper = played.paper(document)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: played.run(paper, Stage.CODE), range(4)))

    assert played.paper(document).state is State.DA_CAP_MA
    assert len(played.rows("SELECT * FROM code_register")) == 1
    assert len(played.rows("SELECT * FROM audit WHERE operation = 'code'")) == 1


def test_channel_and_time_of_returning_the_result_are_kept(played: PlayedOffice) -> None:
    dossier = played.dossier()
    played.deposit(dossier)
    moment = played.store.clock

    played.type(dossier, RECEPTION, result_channel="Cổng Dịch vụ công", result_returned_at=moment)
    played.attend()

    [row] = played.rows("SELECT result_channel, result_returned_at FROM dossier")
    assert row == {"result_channel": "Cổng Dịch vụ công", "result_returned_at": moment}
