"""Article 5.4: a paper that is, or may be, secret."""

from __future__ import annotations

from connector.domain.errors import NotAuthorised
from connector.domain.outcome import Outcome
from connector.domain.paper import ArtifactKind, Paper, RepositoryObject
from connector.domain.roles import QUARANTINE_ROLES
from connector.domain.states import Stage, State
from connector.pipeline.access import give_back, keep_for_keepers
from connector.pipeline.workplace import Workplace

_SENTENCE = "Giấy tờ cần xử lý riêng: liên hệ văn thư."
_RELEASED_BY = "released_by"


def quarantined(paper: Paper, place: Workplace) -> Outcome:
    """Neither why nor where is kept: the property only sends people to the văn thư.

    The text that was read goes, and who else sees the paper is narrowed to those who may decide on it.
    """
    keep_for_keepers(paper, place)
    return Outcome(
        state=State.CACH_LY,
        drops=(ArtifactKind.ALTO,),
        properties={"error": _SENTENCE, "proposals": (), "confidence": (), "fields_to_check": ()},
    )


def is_released(paper: Paper, place: Workplace) -> bool:
    """Whether the văn thư has said that a stamp or a word only looked like secrecy."""
    return bool((place.registry.result(paper.paper_id, Stage.SCOPE) or {}).get(_RELEASED_BY))


def release(paper: Paper, pressed: RepositoryObject, place: Workplace) -> Outcome:
    """Go on with a paper that is not secret, from where it was stopped; who said so is kept.

    Raises NotAuthorised for anybody but the văn thư and the head, and while the paper is declared secret.
    """
    require_keeper(pressed, place)
    if pressed.properties.get("secrecy"):
        raise NotAuthorised("declared secret", sentence="Giấy tờ đang khai độ mật (doMat); xóa doMat nếu khai nhầm.")
    give_back(paper, place)
    kept = dict(place.registry.result(paper.paper_id, Stage.SCOPE) or {})
    is_signed = ArtifactKind.PERSONAL in paper.artifacts
    return Outcome(
        state=State.SAO_CHUP if is_signed else State.TIEP_NHAN,
        next_stage=Stage.EXTRACTION if is_signed else Stage.SCOPE,
        properties={"error": None},
        result={**kept, _RELEASED_BY: pressed.modified_by, "released_at": pressed.modified_at.isoformat()},
        actor=pressed.modified_by,
    )


def require_keeper(pressed: RepositoryObject, place: Workplace) -> None:
    """Raises NotAuthorised unless the văn thư or the head has pressed the button."""
    if not place.staff.has_role(pressed.modified_by, QUARANTINE_ROLES):
        raise NotAuthorised(
            "quarantine", sentence="Giấy tờ cần xử lý riêng: chỉ văn thư hoặc lãnh đạo được quyết định."
        )
