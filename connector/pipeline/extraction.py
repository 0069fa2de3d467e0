"""Article 9: propose the metadata of a signed capture."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from connector.domain.extraction import Extraction, FieldProposal
from connector.domain.metadata import PAPER_PROPERTIES, sector_fields
from connector.domain.outcome import Outcome
from connector.domain.page_view import verification_link
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.states import Stage, State
from connector.pipeline.numbering import NOTICE, out_of_order, questioned
from connector.pipeline.proposals import all_proposals, fields_to_check, kept, shown_proposals
from connector.pipeline.quarantine import is_released, quarantined
from connector.pipeline.technical_file import keep_technical_file
from connector.pipeline.workplace import Workplace


def propose(paper: Paper, place: Workplace) -> Outcome:
    """Read the paper and propose its fields; text that says it is secret stops it, and nothing is kept."""
    dossier = place.registry.dossier(paper.dossier_id)
    with place.desk() as desk:
        capture = paper.artifacts.get(ArtifactKind.PERSONAL) or paper.artifacts[ArtifactKind.ORIGINAL]
        extraction = place.reader.read(place.fetch(capture, desk / "capture.pdf"))
        if extraction.secrecy_found and not is_released(paper, place):
            return quarantined(paper, place)
        alto = _keep_alto(paper, extraction.alto, desk, place)
    proposals = all_proposals(extraction, dossier_owner=dossier.owner_id, place=place)
    disordered = out_of_order(proposals, paper, place)
    if disordered:
        proposals = questioned(proposals)
    # people may have typed while we read
    standing = place.repository.get(paper.object_id).properties
    needs_eyes = fields_to_check(proposals, standing, is_scan=ArtifactKind.PERSONAL in paper.artifacts)
    sector = _sector_fields_to_type(proposals, standing, place)
    if sector:
        needs_eyes = (*needs_eyes, "extra")
    extracted_at = place.now()
    return Outcome(
        state=State.CHO_XAC_NHAN,
        artifacts=(alto,) if alto else (),
        properties={
            **shown_proposals(proposals),
            "fields_to_check": tuple(PAPER_PROPERTIES[name] for name in needs_eyes),
            "extracted_at": extracted_at,
            "verification_link": verification_link(place.office.pages_url, paper.paper_id),
            "error": _notice(paper, extraction, sector, disordered, place),
        },
        result={
            "proposals": kept(proposals),
            "fields_to_check": list(needs_eyes),
            "extracted_at": extracted_at.isoformat(),
            "pages": extraction.pages,
        },
    )


def _sector_fields_to_type(
    proposals: Mapping[str, FieldProposal], standing: Mapping[str, object], place: Workplace
) -> tuple[str, ...]:
    """What the office's list wants to know of the type that was read, and nobody has typed yet (Art. 9.2.k)."""
    kind = proposals["document_type_code"].value
    extra = sector_fields(str(standing.get("extra") or ""))
    return place.office.types.missing_sector_fields(kind or "", extra, place.today())


def _notice(
    paper: Paper, extraction: Extraction, sector: tuple[str, ...], disordered: bool, place: Workplace
) -> str | None:
    """What the official has to know before confirming: a capture below the standard, why fields are empty."""
    defects = (place.registry.result(paper.paper_id, Stage.CAPTURE) or {}).get("technical_defects")
    accept = f"{defects} Đúng như vậy hoặc không quét lại được thì chọn XAC_NHAN để chấp nhận." if defects else ""
    wanted = f"Nhập duLieuChuyenNganh: {'; '.join(f'{name}: …' for name in sector)}." if sector else ""
    return " ".join(filter(None, (accept, extraction.manual_reason, NOTICE if disordered else "", wanted))) or None


def _keep_alto(paper: Paper, alto: bytes, desk: Path, place: Workplace) -> Artifact | None:
    if not alto:
        return None
    file = desk / "layout.xml"
    file.write_bytes(alto)
    # the digest in the name tells a later extraction from a second attempt at the same one
    name = f"{paper.paper_id}-{hashlib.sha256(alto).hexdigest()[:12]}.alto.xml"
    return keep_technical_file(paper, place, file, kind=ArtifactKind.ALTO, name=name)
