"""NHAP_TAY: a person types what the machine cannot read (Art. 9.1)."""

from __future__ import annotations

from connector.domain.metadata import MANDATORY_FIELDS, PAPER_PROPERTIES
from connector.domain.outcome import Outcome
from connector.domain.paper import ArtifactKind, Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.workplace import Workplace


def by_hand(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome:
    """Back to CHO_XAC_NHAN with nothing proposed: every mandatory field has to be looked at on the paper itself.

    Only after the personal signature, or the check of the signatures that came with an electronic paper.
    """
    standing = pressed.properties
    is_scan = ArtifactKind.PERSONAL in paper.artifacts
    uncounted = is_scan and standing.get("declared_pages") is None
    fields = (*MANDATORY_FIELDS, "owner_id", *(("declared_pages",) if uncounted else ()))
    kept = place.registry.result(paper.paper_id, Stage.EXTRACTION) or {}
    at = pressed.modified_at
    return Outcome(
        state=State.CHO_XAC_NHAN,
        properties={
            "proposals": (),
            "confidence": (),
            "fields_to_check": tuple(PAPER_PROPERTIES[name] for name in fields),
            "extracted_at": at,
            "error": None,
        },
        result={
            **kept,
            "proposals": {},
            "fields_to_check": list(fields),
            "extracted_at": at.isoformat(),
            "entered_by": pressed.modified_by,
        },
        actor=pressed.modified_by,
    )
