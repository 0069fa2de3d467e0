"""Articles 4 and 5: is this paper digitized, and is it secret?"""

from __future__ import annotations

from connector.domain.capture import Doubt
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.scope import judge_scope
from connector.domain.states import Stage, State
from connector.pipeline.workplace import Workplace

_QUARANTINED = "Giấy tờ cần xử lý riêng: liên hệ văn thư."


def judge(paper: Paper, place: Workplace) -> Outcome:
    """Leave out what Article 5 leaves out; stop a secret paper before anything is signed or read."""
    shown = place.repository.get(paper.object_id)
    verdict = judge_scope(shown.properties)
    if verdict.secret:
        return _quarantine()
    if not verdict.digitize:
        return Outcome(
            state=State.KHONG_SO_HOA,
            properties={"scope_basis": verdict.clause, "error": None},
            result={"clause": verdict.clause, "sentence": verdict.sentence},
        )
    with place.desk() as desk:
        content = place.repository.download(shown.object_id, desk / "original.pdf")
        if place.reader.secrecy_stamp(desk / "original.pdf") is not Doubt.NO:
            return _quarantine()
    original = Artifact(
        kind=ArtifactKind.ORIGINAL, object_id=shown.object_id, sha256=content.sha256, length=content.length
    )
    return Outcome(
        state=State.TIEP_NHAN,
        next_stage=Stage.CAPTURE,
        artifacts=(original,),
        object_id=shown.object_id,
        properties={"original_sha256": content.sha256, "content_sha256": content.sha256},
        result={"clause": verdict.clause},
    )


def _quarantine() -> Outcome:
    """Neither why nor where is kept: the property only sends people to the văn thư."""
    return Outcome(state=State.CACH_LY, properties={"error": _QUARANTINED})
