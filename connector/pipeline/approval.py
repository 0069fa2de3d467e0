"""Article 9.4: nothing is signed for the agency before its dossier is complete."""

from __future__ import annotations

from connector.domain.dossier import missing_for_signature
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper
from connector.domain.states import Stage, State
from connector.pipeline.workplace import Workplace


def await_approval(paper: Paper, place: Workplace) -> Outcome | None:
    """Let the paper wait for the văn thư; None while the dossier is not complete.

    Where the configuration names the decision that allows unattended signing, nobody is waited for.
    """
    dossier = place.registry.dossier(paper.dossier_id)
    if missing_for_signature(dossier, place.registry.papers_of(paper.dossier_id)):
        return None
    unattended = place.office.authority_basis is not None
    return Outcome(
        state=State.CHO_KY_CO_QUAN,
        next_stage=Stage.AGENCY_SIGNATURE if unattended else None,
        properties={"error": None},
        result={"authority_basis": place.office.authority_basis} if unattended else {},
    )


def approve(login: str, at: str) -> Outcome:
    """The văn thư has pressed KY_CO_QUAN."""
    return Outcome(
        state=State.CHO_KY_CO_QUAN,
        next_stage=Stage.AGENCY_SIGNATURE,
        result={"approved_by": login, "approved_at": at},
        actor=login,
    )
