"""Article 10: the digitization code, once the procedure has succeeded (Art. 9.4)."""

from __future__ import annotations

from uuid import UUID

from connector.domain.code import build_code
from connector.domain.errors import InvalidFieldValue, MandatoryFieldMissing
from connector.domain.metadata import DossierResult
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper
from connector.domain.states import Stage, State
from connector.pipeline.closing import closed
from connector.pipeline.workplace import Workplace


def assign(paper: Paper, place: Workplace) -> Outcome | None:
    """Build the code from the confirmed parts and register it.

    Failed procedures get none; None while there is no result: a job that was queued before it was taken back.
    """
    dossier = place.registry.dossier(paper.dossier_id)
    if dossier.result == DossierResult.KHONG_THANH_CONG:
        return closed(dossier)
    if dossier.result != DossierResult.THANH_CONG:
        return None
    metadata = paper.metadata
    confirmed = place.registry.result(paper.paper_id, Stage.CONFIRMATION)
    if metadata is None or confirmed is None:
        raise MandatoryFieldMissing("confirmed metadata")
    if place.office.procedures.refuses(dossier.procedure_code, place.today()):
        sentence = "maTTHC của hồ sơ không có trong danh mục thủ tục; sửa trên hồ sơ rồi chọn THU_LAI."
        raise InvalidFieldValue("procedure_code", sentence=sentence)
    code = build_code(
        owner_id=metadata.owner_id,
        procedure_code=dossier.procedure_code,
        type_code=metadata.document_type_code or "",
        document_number=metadata.document_number or "",
        is_result=bool(confirmed["is_result"]),
    )
    registered = place.registry.register_code(
        paper,
        code,
        authority=metadata.issuing_authority or "",
        issue_date=metadata.issue_date or "",
        distinct=bool(confirmed.get("accepts_same_code")),
        siblings=_files_of_same_component(paper, place),
    )
    return Outcome(
        state=State.DA_CAP_MA,
        next_stage=Stage.APPROVAL,
        digitization_code=registered,
        properties={"digitization_code": registered, "proposals": (), "error": None},
        result={"accepts_same_code": bool(confirmed.get("accepts_same_code"))},
    )


def _files_of_same_component(paper: Paper, place: Workplace) -> frozenset[UUID]:
    """The scan of a fragile original and that of its copy on paper (Art. 13.3.b) are one component with one code."""
    if paper.component is None:
        return frozenset()
    together = place.registry.papers_of(paper.dossier_id)
    return frozenset(other.paper_id for other in together if other.component == paper.component)
