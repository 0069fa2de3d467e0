"""Articles 4 and 5: is this paper digitized, and is it secret?"""

from __future__ import annotations

from pathlib import Path

from connector.domain.capture import Doubt
from connector.domain.errors import ContentReplaced, InvalidFieldValue
from connector.domain.metadata import clean
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.domain.scope import judge_scope
from connector.domain.states import Stage, State
from connector.pipeline.quarantine import is_released, quarantined
from connector.pipeline.workplace import Workplace


def judge(paper: Paper, place: Workplace) -> Outcome:
    """Leave out what Article 5 leaves out; stop a secret paper before anything is signed or read.

    Raises ContentReplaced when the file is not the one that was claimed (Art. 8.2.đ).
    """
    shown = place.repository.get(paper.object_id)
    kept = {
        **(place.registry.result(paper.paper_id, Stage.SCOPE) or {}),
        "deposited_by": shown.created_by,
        "deposited_at": shown.created_at.isoformat(),
    }
    verdict = judge_scope(shown.properties, place.office.scope_rules)
    if verdict.secret:
        return quarantined(paper, place)
    if not verdict.digitize:
        _refuse_for_published(paper, place)
        return Outcome(
            state=State.KHONG_SO_HOA,
            component=component_of(shown),
            properties={"scope_basis": verdict.clause, "error": None},
            result={**kept, "clause": verdict.clause, "sentence": verdict.sentence},
        )
    with place.desk() as desk:
        content = place.repository.download(shown.object_id, desk / "original.pdf")
        if content.sha256 != paper.original_sha256:
            raise ContentReplaced("the file was replaced after it was claimed")
        if _looks_secret(paper, desk / "original.pdf", place):
            return quarantined(paper, place)
    original = Artifact(
        kind=ArtifactKind.ORIGINAL, object_id=shown.object_id, sha256=content.sha256, length=content.length
    )
    return Outcome(
        state=State.TIEP_NHAN,
        next_stage=Stage.CAPTURE,
        artifacts=(original,),
        object_id=shown.object_id,
        component=component_of(shown),
        properties={"original_sha256": content.sha256, "content_sha256": content.sha256, "error": None},
        result={**kept, "clause": verdict.clause, "profile": place.office.scope_rules.name},
    )


def _refuse_for_published(paper: Paper, place: Workplace) -> None:
    if place.registry.latest_publication(paper.paper_id):
        sentence = "Giấy tờ đã lưu và công bố: sửa hinhThucNop, canCu hoặc chiXuatTrinh rồi chọn THU_LAI."
        raise InvalidFieldValue("scope", sentence=sentence)


def component_of(shown: RepositoryObject) -> str | None:
    """The dossier component that a person named on the paper."""
    return clean(str(shown.properties.get("component") or "")) or None


def _looks_secret(paper: Paper, original: Path, place: Workplace) -> bool:
    """Unsure counts as secret, until the văn thư has looked and released the paper."""
    return not is_released(paper, place) and place.reader.secrecy_stamp(original) is not Doubt.NO
