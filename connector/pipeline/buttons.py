"""Buttons: what people ask for by ``bhxh:thaoTac``, carried out once and cleared."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from connector.domain.errors import NotAuthorised, SohoaError, StaleState
from connector.domain.paper import Dossier, Paper, RepositoryObject
from connector.domain.states import Action, Stage, State, action_allowed
from connector.pipeline import approval, confirmation
from connector.pipeline.display import show
from connector.pipeline.retry import retry
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def press_on_paper(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    """Carry out the button on one paper; a refusal is written to ``bhxh:loi`` and the button cleared."""
    try:
        action = _action(pressed)
        if action is None:
            return
        _authorise(action, pressed, place)
        if not action_allowed(action, paper.state) or action not in _PAPER_BUTTONS:
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


def press_on_dossier(dossier: Dossier, pressed: RepositoryObject, place: Workplace) -> None:
    """Carry out a button on a whole dossier: it reaches every paper that it fits."""
    try:
        action = _action(pressed)
        if action is None:
            return
        _authorise(action, pressed, place)
        if action not in _DOSSIER_BUTTONS:
            raise NotAuthorised(str(action), sentence=f"Thao tác {action} không dùng được trên hồ sơ.")
        for paper in place.registry.papers_of(dossier.dossier_id):
            if action_allowed(action, paper.state):
                _DOSSIER_BUTTONS[action](paper, pressed, place)
        show(place, pressed.object_id, {"action": None, "error": None})
    except StaleState:
        log.info("dossier %s: button was carried out elsewhere", dossier.dossier_id)
    except SohoaError as error:
        if error.transient:
            raise
        show(place, pressed.object_id, {"action": None, "error": error.vietnamese})


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


def _confirm(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    """The register first: what counts is the version that carried the button, not what is typed afterwards."""
    outcome = confirmation.confirm(paper, pressed, place)
    place.registry.commit(paper, Stage.CONFIRMATION, outcome)
    show(place, pressed.object_id, {**outcome.properties, "action": None}, state=outcome.state)


def _confirm_unflagged(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    """A button on the dossier confirms only papers that have nothing left to look at."""
    shown = place.repository.get(paper.object_id)
    if shown.properties.get("fields_to_check"):
        return
    outcome = confirmation.confirm(paper, shown, place, pressed=pressed)
    place.registry.commit(paper, Stage.CONFIRMATION, outcome)
    show(place, shown.object_id, {**outcome.properties, "action": None}, state=outcome.state)


def _approve(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    outcome = approval.approve(pressed.modified_by, pressed.modified_at.isoformat())
    place.registry.commit(paper, Stage.APPROVAL, outcome)
    if pressed.object_id == paper.object_id:
        show(place, pressed.object_id, {"action": None})


def _retry(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    if paper.state is not State.LOI:
        raise NotAuthorised("THU_LAI", sentence="Giấy tờ không có lỗi: kiểm tra giá trị rồi chọn XAC_NHAN.")
    retry(paper, place, actor=pressed.modified_by)


def _retry_failed(paper: Paper, pressed: RepositoryObject, place: Workplace) -> None:
    if paper.state is State.LOI:
        retry(paper, place, actor=pressed.modified_by)


_PAPER_BUTTONS: Mapping[Action, Callable[[Paper, RepositoryObject, Workplace], None]] = {
    Action.XAC_NHAN: _confirm,
    Action.KY_CO_QUAN: _approve,
    Action.THU_LAI: _retry,
}

_DOSSIER_BUTTONS: Mapping[Action, Callable[[Paper, RepositoryObject, Workplace], None]] = {
    Action.XAC_NHAN: _confirm_unflagged,
    Action.KY_CO_QUAN: _approve,
    Action.THU_LAI: _retry_failed,
}
