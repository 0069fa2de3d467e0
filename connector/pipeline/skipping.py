"""BO_QUA: a person decides, for a named reason, that a paper is not digitized."""

from __future__ import annotations

from connector.domain.errors import InvalidFieldValue, NotAuthorised
from connector.domain.metadata import ARTICLE_9_FIELDS, Metadata
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.scope import REASONS_TO_SKIP, ReasonToSkip
from connector.domain.states import Stage, State
from connector.pipeline.quarantine import require_keeper
from connector.pipeline.workplace import Workplace

_SECRET = "5.4"


def skip(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome:
    """The paper ends in KHONG_SO_HOA and still counts in its dossier; reason, person and moment are kept.

    What was typed of a fragile paper (Art. 13.3.b) stays as its metadata. A quarantined paper needs no typed reason:
    a clause on it would tell what it is. Raises InvalidFieldValue without a named reason, NotAuthorised.
    """
    if paper.state is State.CACH_LY:
        require_keeper(pressed, place)
        clause = _SECRET
    else:
        clause = str(pressed.properties.get("scope_basis") or "").strip()
    reason = _reason(clause)
    if not place.staff.has_role(pressed.modified_by, reason.roles):
        raise NotAuthorised(f"BO_QUA for {clause}")
    if place.registry.latest_publication(paper.paper_id):
        raise NotAuthorised("published", sentence="Giấy tờ đã lưu và công bố: dùng THU_HOI hoặc THAY_THE.")
    kept = place.registry.result(paper.paper_id, Stage.SCOPE) or {}
    return Outcome(
        state=State.KHONG_SO_HOA,
        metadata=None if clause == _SECRET else _typed_metadata(pressed),
        properties={
            "proposals": (),
            "confidence": (),
            "fields_to_check": (),
            "error": reason.sentence if clause == _SECRET else None,
        },
        result={
            **kept,
            "clause": clause,
            "sentence": reason.sentence,
            "decided_by": pressed.modified_by,
            "decided_at": pressed.modified_at.isoformat(),
        },
        actor=pressed.modified_by,
    )


def _reason(clause: str) -> ReasonToSkip:
    reason = REASONS_TO_SKIP.get(clause)
    if reason is None:
        listed = "; ".join(f"{known} ({each.sentence.rstrip('.')})" for known, each in REASONS_TO_SKIP.items())
        raise InvalidFieldValue("scope_basis", sentence=f"Nhập lý do vào canCu rồi chọn BO_QUA lại: {listed}.")
    return reason


def _typed_metadata(pressed: RepositoryObject) -> Metadata | None:
    values = {name: str(pressed.properties[name]) for name in ARTICLE_9_FIELDS if pressed.properties.get(name)}
    return Metadata.from_values(values) if values else None
