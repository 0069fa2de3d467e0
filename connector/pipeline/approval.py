"""Article 9.4: nothing is signed for the agency before its dossier is complete."""

from __future__ import annotations

from connector.domain.dossier import copy_form
from connector.domain.errors import CopyFormUndecided, DossierIncomplete
from connector.domain.metadata import NO_COPY, CopyForm
from connector.domain.outcome import Outcome
from connector.domain.paper import ArtifactKind, Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.completeness import what_is_missing
from connector.pipeline.workplace import Workplace


def await_approval(paper: Paper, place: Workplace) -> Outcome | None:
    """Let the paper wait for the văn thư; None while the dossier is not complete.

    Where the configuration names the decision that allows unattended signing, nobody is waited for, unless the copy
    form has to be decided.
    """
    dossier = place.registry.dossier(paper.dossier_id)
    if what_is_missing(dossier, place.registry.papers_of(paper.dossier_id), place):
        return None
    basis, form = place.office.authority_basis, copy_form_by_rule(paper, place)
    unattended = basis is not None and form is not None
    undecided = CopyFormUndecided().vietnamese if form is None else None
    return Outcome(
        state=State.CHO_KY_CO_QUAN,
        next_stage=Stage.AGENCY_SIGNATURE if unattended else None,
        properties={"error": undecided},
        result={"authority_basis": basis, "copy_form": str(form)} if unattended else {},
    )


def copy_form_by_rule(paper: Paper, place: Workplace) -> CopyForm | None:
    """The copy form that Decree 30/2020 gives for how the paper was handed in; None where a person decides."""
    confirmed = place.registry.result(paper.paper_id, Stage.CONFIRMATION) or {}
    return copy_form(confirmed.get("submission_form"), born_digital=ArtifactKind.PERSONAL not in paper.artifacts)


def approve(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome | None:
    """The văn thư has pressed KY_CO_QUAN, on the paper or on its dossier; None when that was carried out already.

    Raises DossierIncomplete when a paper came in meanwhile, CopyFormUndecided where a scanned copy is approved
    without its form.
    """
    if (place.registry.result(paper.paper_id, Stage.APPROVAL) or {}).get("approved_by"):
        return None
    dossier = place.registry.dossier(paper.dossier_id)
    missing = what_is_missing(dossier, place.registry.papers_of(paper.dossier_id), place)
    if missing:
        raise DossierIncomplete(sentence=f"{missing} Bổ sung rồi chọn KY_CO_QUAN lại.")
    form = copy_form_by_rule(paper, place)
    if form is None:
        form = _decided_form(paper, pressed)
    return Outcome(
        state=State.CHO_KY_CO_QUAN,
        next_stage=Stage.AGENCY_SIGNATURE,
        properties={"error": None},
        result={
            "approved_by": pressed.modified_by,
            "approved_at": pressed.modified_at.isoformat(),
            "copy_form": str(form),
        },
        actor=pressed.modified_by,
    )


def _decided_form(paper: Paper, pressed: RepositoryObject) -> CopyForm:
    """What the văn thư chose in the edit that carried the button: nobody else's word counts for it."""
    chosen = str(pressed.properties.get("copy_form") or "") if pressed.object_id == paper.object_id else ""
    if chosen.strip() == NO_COPY:
        return CopyForm.KHONG
    try:
        form = CopyForm(chosen.strip())
    except ValueError as error:
        raise CopyFormUndecided("unknown copy form") from error
    if form is CopyForm.KHONG:
        raise CopyFormUndecided
    return form
