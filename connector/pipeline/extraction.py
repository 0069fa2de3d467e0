"""Article 9: propose the metadata of a signed capture."""

from __future__ import annotations

from pathlib import Path

from connector.domain.metadata import SubmissionForm
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.states import State
from connector.pipeline.proposals import all_proposals, kept, shown_proposals
from connector.pipeline.technical_file import keep_technical_file
from connector.pipeline.workplace import Workplace

_SECRET = "Giấy tờ cần xử lý riêng: liên hệ văn thư."


def propose(paper: Paper, place: Workplace) -> Outcome:
    """Read the paper and propose its fields; text that says it is secret stops it, and nothing is kept."""
    shown = place.repository.get(paper.object_id)
    dossier = place.registry.dossier(paper.dossier_id)
    with place.desk() as desk:
        capture = paper.artifacts.get(ArtifactKind.PERSONAL) or paper.artifacts[ArtifactKind.ORIGINAL]
        extraction = place.reader.read(place.fetch(capture, desk / "capture.pdf"))
        if extraction.secrecy_found:
            return Outcome(state=State.CACH_LY, properties={"error": _SECRET})
        alto = _keep_alto(paper, extraction.alto, desk, place)
    proposals = all_proposals(extraction, dossier_owner=dossier.owner_id)
    properties = shown_proposals(proposals, shown.properties)
    extracted_at = place.now()
    return Outcome(
        state=State.CHO_XAC_NHAN,
        artifacts=(alto,) if alto else (),
        properties={**properties, "extracted_at": extracted_at, "error": extraction.manual_reason or None},
        result={
            "proposals": kept(proposals),
            "extracted_at": extracted_at.isoformat(),
            "pages": extraction.pages,
            "electronic": shown.properties.get("submission_form") == SubmissionForm.DIEN_TU,
        },
    )


def _keep_alto(paper: Paper, alto: bytes, desk: Path, place: Workplace) -> Artifact | None:
    if not alto:
        return None
    file = desk / "layout.xml"
    file.write_bytes(alto)
    return keep_technical_file(paper, place, file, kind=ArtifactKind.ALTO, suffix=".alto.xml")
