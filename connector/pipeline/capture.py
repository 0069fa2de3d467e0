"""Article 8.2: does the capture meet the requirements?"""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.capture import judge_capture, sticky_note_pages
from connector.domain.errors import CaptureRejected, SignatureInvalid
from connector.domain.metadata import SubmissionForm
from connector.domain.outcome import Outcome
from connector.domain.paper import ArtifactKind, Paper
from connector.domain.signatures import SignatureReport
from connector.domain.states import Stage, State
from connector.pipeline.transition import kept_for_later
from connector.pipeline.workplace import Workplace


def check(paper: Paper, place: Workplace) -> Outcome:
    """A scan is measured; a paper that came electronically has its signatures verified instead."""
    shown = place.repository.get(paper.object_id)
    with place.desk() as desk:
        original = place.fetch(paper.artifacts[ArtifactKind.ORIGINAL], desk / "original.pdf")
        if shown.properties.get("submission_form") == SubmissionForm.DIEN_TU:
            verified = _electronic(place.signer.verify(original))
            return kept_for_later(verified) if place.office.transition else verified
        facts = place.reader.capture_facts(original)
    declared = shown.properties.get("declared_pages")
    findings = judge_capture(
        facts,
        declared_pages=declared if isinstance(declared, int) else None,
        sticky_notes=sticky_note_pages(str(shown.properties.get("sticky_notes") or "")),
    )
    sentences = " ".join(f"{finding.sentence} (điểm {finding.clause})" for finding in findings)
    asks = place.office.asks_about_technical_defects
    if not all(finding.is_question or (asks and finding.technical) for finding in findings):
        raise CaptureRejected(f"{len(findings)} findings", sentence=f"{sentences} Quét lại, thay tệp rồi chọn THU_LAI.")
    return Outcome(
        state=State.CHO_KY_CA_NHAN,
        next_stage=Stage.PERSONAL_SIGNATURE,
        properties={"error": None},
        result={
            "pages": len(facts.pages),
            "incoming_signatures": list(facts.signature_fields),
            "technical_defects": sentences,
        },
    )


def _electronic(reports: Sequence[SignatureReport]) -> Outcome:
    if not reports or not all(report.is_valid for report in reports):
        raise SignatureInvalid(
            "an electronic paper without valid signatures",
            sentence="Giấy tờ điện tử không có chữ ký số hợp lệ; lấy lại tệp gốc từ nơi phát hành rồi chọn THU_LAI.",
        )
    return Outcome(
        state=State.SAO_CHUP,
        next_stage=Stage.EXTRACTION,
        properties={"error": None},
        result={"signatures": [f"{report.field}:{report.level}" for report in reports]},
    )
