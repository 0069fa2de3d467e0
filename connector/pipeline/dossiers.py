"""Moving a dossier on: its result, its count, and the papers that wait for them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from uuid import uuid4

from connector.domain.errors import ChangeConflict
from connector.domain.metadata import DossierResult, Value
from connector.domain.paper import Dossier, Paper, RepositoryObject
from connector.domain.states import AT_REST, Stage, State
from connector.pipeline.buttons import press_on_dossier
from connector.pipeline.closing import close_papers, has_failed
from connector.pipeline.completeness import what_is_missing
from connector.pipeline.display import differs, fitted
from connector.pipeline.reuse import look_into_store
from connector.pipeline.workplace import Workplace

# a part of every code and of every signed record: they stand once a code is given
_FROZEN_BY_CODES = ("dossier_code", "procedure_code")
_STATED_WITH_FAILURE = frozenset({"notice_number", "notice_date", "result_channel", "result_returned_at"})
_WAITS = "Chờ ký cơ quan: "
_SIGNED = frozenset({State.DA_KY, State.DA_LUU, State.THU_HOI, State.THAY_THE})


def attend(dossier: Dossier, shown: RepositoryObject, place: Workplace) -> None:
    """Take over what people wrote on the folder, carry its button out, and move on what may go on."""
    papers = place.registry.papers_of(dossier.dossier_id)
    current, answer = _take_over(dossier, shown, papers, place)
    answer.update(press_on_dossier(current, shown, place))
    if has_failed(current):
        close_papers(current, place)
    elif current.result is not None:
        missing = _queue_papers(current, place)
        standing = str(shown.properties.get("error") or "")
        if not standing or standing.startswith(_WAITS):  # another sentence there stays
            answer.setdefault("error", f"{_WAITS}{missing}" if missing else None)
    _answer(shown, answer, place)


def welcome(shown: RepositoryObject, place: Workplace) -> None:
    """Say on a dossier that arrived what the stores hold already, before anything is scanned (Art. 13.3.b); once.

    A dossier without a paper on its way is looked at by nobody else: its button is carried out here.
    """
    known = place.registry.dossier_at(place.repository.repository_id, shown.object_id)
    dossier = as_dossier(known or _unclaimed(shown, place), shown)
    if shown.properties.get("action"):
        if known is None or not _is_open(known, place):
            _answer(shown, press_on_dossier(dossier, shown, place), place)
    elif dossier.owner_id and not any(shown.properties.get(name) for name in ("result", "reuse_notice")):
        _answer(shown, look_into_store(dossier, place), place)


def _unclaimed(shown: RepositoryObject, place: Workplace) -> Dossier:
    return Dossier(dossier_id=uuid4(), repository_id=place.repository.repository_id, folder_id=shown.object_id)


def _is_open(dossier: Dossier, place: Workplace) -> bool:
    return any(paper.state not in AT_REST for paper in place.registry.papers_of(dossier.dossier_id))


def _answer(shown: RepositoryObject, answer: Mapping[str, Value], place: Workplace) -> None:
    """Write on the folder only as we saw it: our own write would hide who has just reported a result or pressed."""
    wanted = fitted(answer)
    different = {name: value for name, value in wanted.items() if differs(shown.properties.get(name), value)}
    if not different:
        return
    now = place.repository.get(shown.object_id)
    if (now.change_token, now.modified_at) != (shown.change_token, shown.modified_at):
        return
    with contextlib.suppress(ChangeConflict):
        place.repository.update(now, different)


def as_dossier(dossier: Dossier, shown: RepositoryObject) -> Dossier:
    """The dossier with what its folder says: code, procedure, owner, number of papers, notice, return of the result."""
    properties = shown.properties
    count, returned_at = properties.get("paper_count"), properties.get("result_returned_at")
    return replace(
        dossier,
        dossier_code=str(properties.get("dossier_code") or ""),
        procedure_code=str(properties.get("procedure_code") or ""),
        owner_id=_text(properties.get("dossier_owner")),
        paper_count=count if isinstance(count, int) else None,
        notice_number=_text(properties.get("notice_number")),
        notice_date=_text(properties.get("notice_date")),
        result_channel=_text(properties.get("result_channel")),
        result_returned_at=returned_at if isinstance(returned_at, dt.datetime) else None,
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _take_over(
    dossier: Dossier, shown: RepositoryObject, papers: Sequence[Paper], place: Workplace
) -> tuple[Dossier, dict[str, Value]]:
    """The dossier as the folder says it now, and what the folder has to show where it may not say so."""
    written = as_dossier(dossier, shown)
    answer: dict[str, Value] = {}
    if any(paper.digitization_code for paper in papers):
        stand: dict[str, str] = {name: getattr(dossier, name) for name in _FROZEN_BY_CODES}
        answer.update((name, value) for name, value in stand.items() if differs(shown.properties.get(name), value))
        written = replace(written, dossier_code=dossier.dossier_code, procedure_code=dossier.procedure_code)
        if answer:
            answer["error"] = "Hồ sơ đã có giấy tờ được cấp mã: maHoSo và maTTHC không sửa được nữa."
    text = shown.properties.get("result")
    if text and text != dossier.result:
        refusal = _refuse_result(text, dossier, shown, papers, place) or _doubt_of_result(text, dossier, written)
        if refusal:
            answer |= {"result": dossier.result, "error": refusal}
        else:
            written = replace(written, result=str(text), result_by=shown.modified_by, result_at=shown.modified_at)
    if written != dossier:
        place.registry.save_dossier(written, actor=shown.modified_by)
    return written, answer


def _refuse_result(
    text: object, dossier: Dossier, shown: RepositoryObject, papers: Sequence[Paper], place: Workplace
) -> str | None:
    if shown.modified_by not in place.office.result_reporters or text not in set(DossierResult):
        return "ketQua chỉ được nhận từ tài khoản được cấu hình (THANH_CONG, KHONG_THANH_CONG)."
    if dossier.result and any(_is_signed_or_approved(paper, place) for paper in papers):
        return "Đã duyệt hoặc đã ký cơ quan: ketQua không đổi được nữa; dùng THU_HOI trên từng giấy tờ đã lưu."
    return None


def _doubt_of_result(text: object, before: Dossier, written: Dossier) -> str | None:
    """Why nobody can say who wrote the result: a folder names only its last editor, and has no versions.

    Where another field changed since the last look, somebody else may have written the result and the believed
    identity that field. What is stated with a failure (the notice) may come with it.
    """
    allowed = _STATED_WITH_FAILURE if text == DossierResult.KHONG_THANH_CONG else frozenset()
    names = [each.name for each in fields(Dossier) if getattr(before, each.name) != getattr(written, each.name)]
    if allowed.issuperset(names):
        return None
    return "ketQua và trường khác của hồ sơ cùng đổi, không rõ ai nêu kết quả; ghi lại ketQua trong một lần lưu riêng."


def _is_signed_or_approved(paper: Paper, place: Workplace) -> bool:
    if paper.state in _SIGNED or place.registry.latest_publication(paper.paper_id):
        return True
    approval = place.registry.result(paper.paper_id, Stage.APPROVAL) or {}
    return bool(approval.get("approved_by") or approval.get("authority_basis"))


def _queue_papers(dossier: Dossier, place: Workplace) -> str | None:
    """Queue what may go on; answers what the agency's signature waits for (Art. 8.2.a)."""
    papers = place.registry.papers_of(dossier.dossier_id)
    missing = what_is_missing(dossier, papers, place)
    for paper in papers:
        if paper.state is State.DA_XAC_NHAN:
            place.registry.enqueue(paper, Stage.CODE)
        elif paper.state is State.DA_CAP_MA and missing is None:
            place.registry.enqueue(paper, Stage.APPROVAL)
    return missing
