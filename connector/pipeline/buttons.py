"""Buttons: what people ask for by ``bhxh:thaoTac``, carried out once and cleared."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping

from connector.domain.errors import NotAuthorised, SohoaError, StaleState
from connector.domain.metadata import Value
from connector.domain.outcome import Outcome
from connector.domain.paper import Dossier, Paper, RepositoryObject
from connector.domain.scope import judge_scope
from connector.domain.states import Action, Stage, State, action_allowed
from connector.pipeline import approval, confirmation, withdrawal
from connector.pipeline.display import show
from connector.pipeline.manual_entry import by_hand
from connector.pipeline.presser import refuse_unclear_presser
from connector.pipeline.proposals import withdrawn_values
from connector.pipeline.quarantine import quarantined, release
from connector.pipeline.retry import retry, scan_again
from connector.pipeline.reuse import look_into_store
from connector.pipeline.skipping import skip
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

_Button = Callable[[Paper, RepositoryObject, Workplace], None]


def press_on_paper(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    """Carry out the button on one paper; a refusal is written to ``bhxh:loi`` and the button cleared."""
    try:
        action = _action(pressed)
        if action is None:
            return
        refuse_unclear_presser(pressed, place)
        _authorise(action, pressed, place)
        allowed = action_allowed(action, paper.state, failed_stage=paper.failed_stage)
        if not allowed or action not in _PAPER_BUTTONS:
            raise NotAuthorised(
                f"{action} in {paper.state}", sentence=f"Thao tác {action} không dùng được ở trạng thái {paper.state}."
            )
        _PAPER_BUTTONS[action](paper, pressed, place)
    except StaleState:
        log.info("paper %s: button was carried out elsewhere", paper.paper_id)
    except SohoaError as error:
        if error.transient:
            raise
        show(place, pressed.object_id, {"action": None, "error": error.vietnamese})


def press_on_dossier(dossier: Dossier, pressed: RepositoryObject, place: Workplace) -> dict[str, Value]:
    """Carry out a button on a whole dossier: it reaches every paper that it fits, and one refusal stops no other.

    Answers what the folder has to show then; nothing without a button.
    """
    try:
        action = _action(pressed)
        if action is None:
            return {}
        _authorise(action, pressed, place)
        if action is Action.KIEM_TRA_KHO:
            return {"action": None, "error": None, **look_into_store(dossier, place)}
        if action not in _DOSSIER_BUTTONS:
            raise NotAuthorised(str(action), sentence=f"Thao tác {action} không dùng được trên hồ sơ.")
        left: Counter[str] = Counter()
        for paper in place.registry.papers_of(dossier.dossier_id):
            if paper.state in _DOSSIER_BUTTONS[action][0]:
                left.update(_press_on_one_of_many(action, paper, pressed, place))
        told = " ".join(f"{number} giấy tờ: {sentence}" for sentence, number in left.items())
        return {"action": None, "error": told or None}
    except SohoaError as error:
        if error.transient:
            raise
        return {"action": None, "error": error.vietnamese}


def _press_on_one_of_many(action: Action, paper: Paper, pressed: RepositoryObject, place: Workplace) -> list[str]:
    """Why it was not carried out on this paper, if it was not."""
    try:
        _DOSSIER_BUTTONS[action][1](paper, pressed, place)
    except StaleState:
        log.info("paper %s: button was carried out elsewhere", paper.paper_id)
    except SohoaError as error:
        if error.transient:
            raise
        return [error.vietnamese]
    return []


def _action(pressed: RepositoryObject) -> Action | None:
    text = pressed.properties.get("action")
    if not text:
        return None
    try:
        return Action(str(text))
    except ValueError as error:
        raise NotAuthorised(
            "unknown action", sentence=f"Thao tác không có trong danh mục: {', '.join(Action)}."
        ) from error


def _authorise(action: Action, pressed: RepositoryObject, place: Workplace) -> None:
    if not place.staff.may(pressed.modified_by, action):
        raise NotAuthorised(str(action))


def _carry_out(paper: Paper, stage: Stage, outcome: Outcome, place: Workplace) -> None:
    """The register first: what counts is the version that carried the button, not what is typed afterwards."""
    withdrawn = withdrawn_values(paper, place) if outcome.state in (State.CACH_LY, State.CHO_XAC_NHAN) else None
    place.registry.commit(paper, stage, outcome)
    shown = {**outcome.properties, "action": None}
    show(place, paper.object_id, shown, state=outcome.state, withdrawn=withdrawn)


def _confirm(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    if judge_scope(pressed.properties, place.office.scope_rules).secret:  # said only now: nothing of it is kept
        _carry_out(paper, Stage.EXTRACTION, quarantined(paper, place), place)
        return
    outcome = confirmation.confirm(paper, pressed, place)
    done = place.registry.result(paper.paper_id, Stage.CONFIRMATION) or {}
    if paper.state is State.DA_XAC_NHAN and done.get("confirmed_at") == outcome.result["confirmed_at"]:
        show(place, paper.object_id, {**outcome.properties, "action": None}, state=outcome.state)
        return
    _carry_out(paper, Stage.CONFIRMATION, outcome, place)


def _confirm_unflagged(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    """A button on the dossier confirms only what its official could see, and papers with nothing left to look at.

    What needs eyes is read from the register: anybody could empty the property.
    """
    shown = place.repository.get(paper.object_id)
    extracted = place.registry.result(paper.paper_id, Stage.EXTRACTION) or {}
    if extracted.get("fields_to_check") or shown.properties.get("fields_to_check"):
        raise NotAuthorised("flagged fields", sentence="có trường cần xem, xác nhận trên từng giấy tờ.")
    if (place.registry.result(paper.paper_id, Stage.CAPTURE) or {}).get("technical_defects"):
        raise NotAuthorised("defects", sentence="bản chụp chưa đạt tiêu chuẩn, xem và xác nhận trên từng giấy tờ.")
    if shown.modified_at > pressed.modified_at:
        raise NotAuthorised("edited since", sentence="vừa được sửa sau khi chọn XAC_NHAN, xem lại rồi chọn lại.")
    outcome = confirmation.confirm(paper, shown, place, pressed=pressed)
    if confirmation.typed_since(outcome):  # by whom, a folder's button does not tell
        raise NotAuthorised("typed", sentence="có giá trị khác đề xuất, xem và xác nhận trên từng giấy tờ.")
    _carry_out(paper, Stage.CONFIRMATION, outcome, place)


def _approve(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    outcome = approval.approve(paper, pressed, place)
    if outcome is not None:
        place.registry.commit(paper, Stage.APPROVAL, outcome)
    if pressed.object_id == paper.object_id:
        show(place, pressed.object_id, {"action": None, "error": None})


def _retry(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    if paper.state is State.CACH_LY:
        outcome = release(paper, pressed, place)
        _carry_out(paper, Stage.SCOPE, outcome, place)
        return
    if paper.state is State.DA_LUU:
        scan_again(paper, place, actor=pressed.modified_by)
        return
    if paper.state is not State.LOI:
        raise NotAuthorised("THU_LAI", sentence="Giấy tờ không có lỗi: kiểm tra giá trị rồi chọn XAC_NHAN.")
    retry(paper, place, actor=pressed.modified_by)


def _retry_failed(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    retry(paper, place, actor=pressed.modified_by)


def _skip(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    _carry_out(paper, Stage.SCOPE, skip(paper, pressed, place), place)


def _enter_by_hand(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    _carry_out(paper, Stage.EXTRACTION, by_hand(paper, pressed, place), place)


def _withdraw(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    _carry_out(paper, Stage.FILING, withdrawal.withdraw(paper, pressed, place), place)


def _replace(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    _carry_out(paper, Stage.FILING, withdrawal.replace(paper, pressed, place), place)


_PAPER_BUTTONS: Mapping[Action, _Button] = {
    Action.XAC_NHAN: _confirm,
    Action.KY_CO_QUAN: _approve,
    Action.THU_LAI: _retry,
    Action.NHAP_TAY: _enter_by_hand,
    Action.BO_QUA: _skip,
    Action.THU_HOI: _withdraw,
    Action.THAY_THE: _replace,
}

# on a dossier: the states of the papers that the button is for, and what it does to each
_DOSSIER_BUTTONS: Mapping[Action, tuple[frozenset[State], _Button]] = {
    Action.XAC_NHAN: (frozenset({State.CHO_XAC_NHAN}), _confirm_unflagged),
    Action.KY_CO_QUAN: (frozenset({State.CHO_KY_CO_QUAN}), _approve),
    Action.THU_LAI: (frozenset({State.LOI}), _retry_failed),
}
