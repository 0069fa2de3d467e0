"""Moving a dossier on: its result, its count, and the papers that wait for them."""

from __future__ import annotations

from dataclasses import replace

from connector.domain.dossier import missing_for_signature
from connector.domain.metadata import DossierResult
from connector.domain.paper import Dossier, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.buttons import press_on_dossier
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace


def attend(dossier: Dossier, shown: RepositoryObject, place: Workplace) -> None:
    """Take over what people wrote on the folder, carry its button out, and queue what may go on."""
    current = _take_result(_refresh(dossier, shown, place), shown, place)
    press_on_dossier(current, shown, place)
    _queue_papers(current, place)


def as_dossier(dossier: Dossier, shown: RepositoryObject) -> Dossier:
    """The dossier with what its folder says: code, procedure, owner and number of papers."""
    properties = shown.properties
    count = properties.get("paper_count")
    owner = properties.get("dossier_owner")
    return replace(
        dossier,
        dossier_code=str(properties.get("dossier_code") or ""),
        procedure_code=str(properties.get("procedure_code") or ""),
        owner_id=str(owner) if owner else None,
        paper_count=count if isinstance(count, int) else None,
    )


def _refresh(dossier: Dossier, shown: RepositoryObject, place: Workplace) -> Dossier:
    """Until the agency's signature is approved the folder may be corrected."""
    if dossier.approved_by:
        return dossier
    written = as_dossier(dossier, shown)
    return dossier if written == dossier else place.registry.save_dossier(written, actor=shown.modified_by)


def _take_result(dossier: Dossier, shown: RepositoryObject, place: Workplace) -> Dossier:
    """Believe the result only from a configured identity (Art. 9.4 hangs on it)."""
    text = shown.properties.get("result")
    if not text or text == dossier.result:
        return dossier
    if shown.modified_by not in place.office.result_reporters or text not in set(DossierResult):
        refusal = "ketQua chỉ được nhận từ tài khoản được cấu hình (THANH_CONG, KHONG_THANH_CONG)."
        show(place, shown.object_id, {"error": refusal})
        return dossier
    told = replace(dossier, result=str(text), result_by=shown.modified_by, result_at=shown.modified_at)
    return place.registry.save_dossier(told, actor=shown.modified_by)


def _queue_papers(dossier: Dossier, place: Workplace) -> None:
    if dossier.result is None:
        return
    papers = place.registry.papers_of(dossier.dossier_id)
    complete = missing_for_signature(dossier, papers) is None
    for paper in papers:
        if paper.state is State.DA_XAC_NHAN:
            place.registry.enqueue(paper, Stage.CODE)
        elif paper.state is State.DA_CAP_MA and complete:
            place.registry.enqueue(paper, Stage.APPROVAL)
