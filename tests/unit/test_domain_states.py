"""States, buttons, roles and errors are complete: nothing is reachable by nobody, nothing says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from connector.domain import errors
from connector.domain.dossier import copy_form, count_components, missing_for_signature
from connector.domain.errors import SohoaError
from connector.domain.labels import CHOICES
from connector.domain.metadata import CopyForm, SubmissionForm
from connector.domain.roles import ACTION_ROLES, QUARANTINE_ROLES, Role, Staff, User
from connector.domain.states import (
    FINAL,
    PAPER_ACTIONS,
    STARTS_FROM,
    UNPUBLISHED,
    WAITS_FOR_PERSON,
    Action,
    Stage,
    State,
)
from connector.domain.states import action_allowed as allowed
from tests.fixtures.domain import a_dossier, a_paper


def leaves(kind: type[SohoaError] = SohoaError) -> Iterator[type[SohoaError]]:
    ours = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    if not ours:
        yield kind
    for each in ours:
        yield from leaves(each)


def all_errors(kind: type[SohoaError] = SohoaError) -> Iterator[type[SohoaError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from all_errors(each)


@pytest.mark.parametrize("action", Action)
def test_every_button_has_people_who_may_press_it(action: Action) -> None:
    assert ACTION_ROLES[action]
    assert action in PAPER_ACTIONS


@pytest.mark.parametrize("state", sorted(WAITS_FOR_PERSON - {State.DA_CAP_MA}))
def test_wherever_a_paper_waits_for_a_person_a_button_helps(state: State) -> None:
    assert any(state in states for states in PAPER_ACTIONS.values())


def test_only_a_stored_paper_changes_once_its_way_is_ended() -> None:
    changeable = {state for states in PAPER_ACTIONS.values() for state in states & FINAL}
    assert changeable == {State.DA_LUU}
    assert UNPUBLISHED < FINAL


def test_only_renewal_starts_from_a_final_state() -> None:
    assert {stage for stage in Stage if STARTS_FROM[stage] in FINAL} == {Stage.RENEWAL}


@pytest.mark.parametrize("stage", Stage)
def test_after_any_failure_a_paper_can_be_tried_again(stage: Stage) -> None:
    assert allowed(Action.THU_LAI, State.LOI, failed_stage=stage)


def test_a_failed_paper_is_confirmed_or_typed_only_after_its_signature() -> None:
    confirmable = {stage for stage in Stage if allowed(Action.XAC_NHAN, State.LOI, failed_stage=stage)}
    typable = {stage for stage in Stage if allowed(Action.NHAP_TAY, State.LOI, failed_stage=stage)}
    assert confirmable == {Stage.CODE}
    assert typable == {Stage.EXTRACTION, Stage.CODE}
    assert not allowed(Action.BO_QUA, State.LOI, failed_stage=Stage.FILING)


def test_only_the_settling_official_confirms_and_only_the_clerk_lets_the_agency_sign() -> None:
    assert ACTION_ROLES[Action.XAC_NHAN] == {Role.GIAI_QUYET}
    assert ACTION_ROLES[Action.KY_CO_QUAN] == {Role.VAN_THU}


def test_a_login_that_nobody_listed_may_nothing() -> None:
    staff = Staff({"ha": User(login="ha", full_name="Thu Hà", roles=frozenset({Role.VAN_THU}))})
    assert not any(staff.may("khach", action) for action in Action)
    assert staff.may("ha", Action.KY_CO_QUAN)
    assert not staff.may("ha", Action.XAC_NHAN)
    assert staff.has_role("ha", QUARANTINE_ROLES)
    assert (staff.full_name("ha"), staff.full_name("khach")) == ("Thu Hà", "khach")


@pytest.mark.parametrize(
    ("form", "born_digital", "expected"),
    [
        (SubmissionForm.BAN_CHINH, False, CopyForm.SAO_Y),
        (SubmissionForm.BAN_CHUP_DOI_CHIEU, False, CopyForm.SAO_Y),
        (SubmissionForm.SAO_Y, False, CopyForm.SAO_LUC),
        (SubmissionForm.BAN_SAO_CHUP, False, None),
        (SubmissionForm.BAN_SAO_CHUNG_THUC, False, None),
        (None, False, None),
        (SubmissionForm.DIEN_TU, True, CopyForm.KHONG),
        (SubmissionForm.BAN_CHINH, True, CopyForm.KHONG),
    ],
)
def test_the_copy_form_follows_from_how_a_paper_was_handed_in(
    form: SubmissionForm | None, born_digital: bool, expected: CopyForm | None
) -> None:
    assert copy_form(form, born_digital=born_digital) == expected


def test_every_value_that_people_choose_from_is_offered() -> None:
    assert set(CHOICES["action"]) == set(Action)
    assert "KHONG" in CHOICES["copy_form"]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in all_errors()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", list(leaves()), ids=lambda kind: kind.__name__)
def test_every_error_says_in_two_languages_what_happened_and_what_to_do(kind: type[SohoaError]) -> None:
    error = kind("detail")
    assert str(error) == f"{kind.code}: {kind.message} detail"
    assert kind.message.isascii()
    assert kind.message.endswith(".")
    assert error.vietnamese == f"[{kind.code}] {kind.sentence}"
    assert "detail" not in error.vietnamese
    assert not kind.sentence.isascii()
    # what happened, then what to do (or that nothing has to be done)
    assert re.search(r"[;,:] ", kind.sentence), kind.sentence


@pytest.mark.parametrize("kind", [kind for kind in leaves() if kind.transient], ids=lambda kind: kind.__name__)
def test_a_transient_error_says_that_nobody_has_to_act(kind: type[SohoaError]) -> None:
    assert "thử lại" in kind.sentence


def test_a_sentence_of_its_own_replaces_the_general_one() -> None:
    assert errors.CaptureRejected("x", sentence="Trang 2 trắng.").vietnamese == "[SAO_CHUP] Trang 2 trắng."


def test_the_tree_in_the_modules_words_names_every_error() -> None:
    assert errors.__doc__ is not None
    named = set(re.findall(r"[A-Z][A-Za-z]+", errors.__doc__))
    assert {kind.__name__ for kind in all_errors()} <= named


def test_a_dossier_is_incomplete_for_a_reason_that_is_said() -> None:
    whole = a_dossier(paper_count=2, result="THANH_CONG")
    done, waiting = a_paper(State.DA_CAP_MA), a_paper(State.CHO_XAC_NHAN)
    assert missing_for_signature(a_dossier(paper_count=1), [done]) == "Hồ sơ chưa có kết quả giải quyết thành công."
    assert missing_for_signature(a_dossier(result="THANH_CONG"), [done]) == "Hồ sơ chưa khai số giấy tờ (soGiayTo)."
    assert missing_for_signature(whole, [done]) == "Hồ sơ khai 2 giấy tờ, hiện có 1."
    assert missing_for_signature(whole, [done, waiting]) == "Còn 1 giấy tờ chưa xong: 1 chờ xác nhận."
    assert missing_for_signature(whole, [done, a_paper(State.KHONG_SO_HOA)]) is None
    assert count_components([a_paper(State.DA_KY, component="a"), a_paper(State.DA_KY, component="a"), done]) == 2
