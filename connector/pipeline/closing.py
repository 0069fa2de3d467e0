"""A procedure that failed, or a dossier that was returned: no code, no agency signature, no store."""

from __future__ import annotations

import logging

from connector.domain.errors import StaleState
from connector.domain.metadata import DossierResult
from connector.domain.outcome import Outcome
from connector.domain.paper import Dossier
from connector.domain.states import Stage, State
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

# Here a paper rests. One that a job is working on is closed when the job is done; a quarantined paper stays with the
# văn thư, and what the agency has signed is taken back by THU_HOI only.
_AT_REST = frozenset(
    {State.CHO_XAC_NHAN, State.DA_XAC_NHAN, State.LOI, State.DA_CAP_MA, State.CHO_KY_CO_QUAN, State.LUU_CHUYEN_TIEP}
)
_BEFORE_CONFIRMATION = frozenset({Stage.SCOPE, Stage.CAPTURE, Stage.PERSONAL_SIGNATURE, Stage.EXTRACTION})


def has_failed(dossier: Dossier) -> bool:
    """Whether a trusted identity has said that the procedure did not succeed."""
    return dossier.result == DossierResult.KHONG_THANH_CONG


def needs_no_work(dossier: Dossier, stage: Stage) -> bool:
    """Whether a stage is spared because the dossier has failed meanwhile."""
    return has_failed(dossier) and stage in _BEFORE_CONFIRMATION


def closed(dossier: Dossier) -> Outcome:
    """The end of one paper of a failed dossier; what was read and confirmed stays with it."""
    return Outcome(
        state=State.KHONG_GIAI_QUYET,
        properties={"proposals": (), "fields_to_check": (), "digitization_code": None, "error": None},
        result={
            "result_by": dossier.result_by,
            "notice_number": dossier.notice_number,
            "notice_date": dossier.notice_date,
        },
    )


def close_papers(dossier: Dossier, place: Workplace) -> None:
    """Close every paper of a failed dossier that rests: the register first, for its revision decides a race."""
    for paper in place.registry.papers_of(dossier.dossier_id):
        if paper.state not in _AT_REST:
            continue
        outcome = closed(dossier)
        try:
            place.registry.commit(paper, Stage.CODE, outcome)
        except StaleState:
            log.info("paper %s is still on its way, closed in the next round", paper.paper_id)
            continue
        show(place, paper.object_id, {**outcome.properties, "action": None}, state=outcome.state)
