"""THU_HOI and THAY_THE: a stored paper is withdrawn or replaced; its content and signatures stay."""

from __future__ import annotations

from uuid import UUID

from connector.domain.errors import InvalidFieldValue, ObjectNotFound
from connector.domain.metadata import LegalStatus, clean
from connector.domain.outcome import Outcome, StatusChange
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.publication import ChangeKind
from connector.domain.scope import says_why_digitized
from connector.domain.states import Stage, State
from connector.pipeline.workplace import Workplace


def withdraw(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome:
    """Raises InvalidFieldValue without a reason."""
    change = StatusChange(kind=ChangeKind.THU_HOI, legal_status=LegalStatus.THU_HOI)
    return _changed(paper, pressed, place, State.THU_HOI, change)


def replace(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome:
    """Raises InvalidFieldValue without a reason, or without another stored paper in its place."""
    successor = _successor(paper, clean(str(pressed.properties.get("replaced_by") or "")), place)
    change = StatusChange(
        kind=ChangeKind.THAY_THE,
        legal_status=LegalStatus.THAY_THE,
        replaced_by=successor.digitization_code,
        successor=successor.paper_id,
    )
    return _changed(paper, pressed, place, State.THAY_THE, change)


def _changed(paper: Paper, pressed: RepositoryObject, place: Workplace, state: State, change: StatusChange) -> Outcome:
    reason = clean(str(pressed.properties.get("scope_basis") or ""))
    if not reason or says_why_digitized(reason):
        raise InvalidFieldValue(
            "scope_basis", sentence=f"Nhập căn cứ (số, ngày văn bản) vào canCu rồi chọn {state} lại."
        )
    kept = place.registry.result(paper.paper_id, Stage.FILING) or {}
    return Outcome(
        state=state,
        properties={"legal_status": str(change.legal_status), "error": None},
        status_change=change,
        result={
            **kept,
            "status": str(change.legal_status),
            "reason": reason,
            "decided_by": pressed.modified_by,
            "decided_at": pressed.modified_at.isoformat(),
        },
        actor=pressed.modified_by,
    )


def _successor(paper: Paper, named: str, place: Workplace) -> Paper:
    """The stored paper that a person named by its code or by its opaque id."""
    found = [each for each in _named(named, place) if each.paper_id != paper.paper_id]
    if len(found) != 1:
        what = "có nhiều giấy tờ cùng mã, nhập mã tài liệu" if found else "không có giấy tờ nào đã lưu mang mã này"
        raise InvalidFieldValue("replaced_by", sentence=f"giayToThayThe: {what}. Sửa rồi chọn THAY_THE lại.")
    return found[0]


def _named(named: str, place: Workplace) -> list[Paper]:
    try:
        paper = place.registry.paper(UUID(named))
    except ValueError:
        return list(place.registry.stored_by_code(named)) if named else []
    except ObjectNotFound:
        return []
    return [paper] if paper.state is State.DA_LUU else []
