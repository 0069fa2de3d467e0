"""Article 10: the digitization code, once the procedure has succeeded (Art. 9.4)."""

from __future__ import annotations

from connector.domain.code import build_code
from connector.domain.errors import MandatoryFieldMissing
from connector.domain.metadata import DossierResult
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper
from connector.domain.states import Stage, State
from connector.pipeline.workplace import Workplace


def assign(paper: Paper, place: Workplace) -> Outcome:
    """Build the code from the confirmed parts and register it; failed procedures get none."""
    dossier = place.registry.dossier(paper.dossier_id)
    if dossier.result == DossierResult.KHONG_THANH_CONG:
        return Outcome(state=State.KHONG_GIAI_QUYET, properties={"proposals": (), "error": None})
    metadata = paper.metadata
    confirmed = place.registry.result(paper.paper_id, Stage.CONFIRMATION)
    if metadata is None or confirmed is None:
        raise MandatoryFieldMissing("confirmed metadata")
    code = build_code(
        owner_id=metadata.owner_id,
        procedure_code=dossier.procedure_code,
        type_code=metadata.document_type_code or "",
        document_number=metadata.document_number or "",
        is_result=bool(confirmed["is_result"]),
    )
    registered = place.registry.register_code(
        paper, code, authority=metadata.issuing_authority or "", issue_date=metadata.issue_date or ""
    )
    return Outcome(
        state=State.DA_CAP_MA,
        next_stage=Stage.APPROVAL,
        digitization_code=registered,
        properties={"digitization_code": registered, "proposals": (), "error": None},
    )
