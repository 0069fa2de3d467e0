"""Article 9.4: the agency signs the copy and its metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from connector.domain.dossier import copy_form
from connector.domain.errors import MandatoryFieldMissing, SignatureInvalid, SigningError, StaleState
from connector.domain.metadata import CopyForm
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.ports import AgencyStamp
from connector.domain.publication import Record
from connector.domain.signatures import Level, SignatureReport, SignatureRole, SignedPrefix
from connector.domain.states import Stage, State
from connector.pipeline.check_in import check_in_once
from connector.pipeline.technical_file import keep_technical_file
from connector.pipeline.workplace import Workplace


def sign(paper: Paper, place: Workplace) -> Outcome:
    """Sign the copy as Decree 30/2020 Art. 25 says for its kind, then the metadata XML over the signed file."""
    confirmed = _result(place, paper, Stage.CONFIRMATION)
    form = copy_form(confirmed["submission_form"], born_digital=ArtifactKind.PERSONAL not in paper.artifacts)
    if form is None:
        raise SigningError(
            "the copy form of a scanned copy has to be decided",
            sentence="Giấy tờ quét từ bản sao: văn thư quyết định hình thức sao (hinhThucSao) trước khi ký cơ quan.",
        )
    with place.desk() as desk:
        document, prefix = _signed_document(paper, form, desk / "signed.pdf", place)
        document_level = agency_level(place.signer.verify(desk / "signed.pdf"))
        record = record_of(paper, form, prefix, place)
        level = place.signer.sign_record(record, desk / "metadata.xml")
        metadata = keep_technical_file(
            paper, place, desk / "metadata.xml", kind=ArtifactKind.METADATA, suffix=".metadata.xml"
        )
    return Outcome(
        state=State.DA_KY,
        next_stage=Stage.FILING,
        object_id=document.object_id,
        artifacts=(document, metadata),
        properties={"content_sha256": document.sha256, "copy_form": form or None, "error": None},
        result={
            "copy_form": str(form),
            "prefix_length": prefix.length,
            "prefix_sha256": prefix.sha256,
            "document_level": str(document_level),
            "metadata_level": str(level),
        },
    )


def _signed_document(paper: Paper, form: CopyForm, signed: Path, place: Workplace) -> tuple[Artifact, SignedPrefix]:
    if form is CopyForm.KHONG:
        original = paper.artifacts[ArtifactKind.ORIGINAL]
        place.fetch(original, signed)
        document = Artifact(
            kind=ArtifactKind.AGENCY, object_id=original.object_id, sha256=original.sha256, length=original.length
        )
        return document, SignedPrefix(length=original.length, sha256=original.sha256)
    capture = place.fetch(paper.artifacts[ArtifactKind.PERSONAL], signed.with_name("capture.pdf"))
    stamp = AgencyStamp(copy_form=form, agency_name=place.office.agency_name)
    checked_in, content = check_in_once(
        place,
        place.repository.get(paper.object_id),
        before=capture,
        target=signed,
        make=lambda target: _sign_copy(place, capture, target, stamp),
        comment="Ký số cơ quan (khoản 4 Điều 9)",
    )
    document = Artifact(
        kind=ArtifactKind.AGENCY, object_id=checked_in.object_id, sha256=content.sha256, length=content.length
    )
    return document, place.signer.agency_prefix(signed)


def agency_level(reports: Sequence[SignatureReport]) -> Level:
    """The level of the agency's signature; of the last one where the agency signs only the metadata."""
    agency = [report for report in reports if report.role is SignatureRole.AGENCY] or list(reports)
    if not agency or not all(report.intact and report.trusted for report in agency):
        raise SignatureInvalid("the signed file does not verify")
    return agency[-1].level


def _sign_copy(place: Workplace, capture: Path, target: Path, stamp: AgencyStamp) -> None:
    place.signer.sign_copy(capture, target, stamp=stamp)


def record_of(paper: Paper, form: CopyForm, prefix: SignedPrefix, place: Workplace) -> Record:
    dossier = place.registry.dossier(paper.dossier_id)
    confirmed = _result(place, paper, Stage.CONFIRMATION)
    extracted = _result(place, paper, Stage.EXTRACTION)
    approval = _result(place, paper, Stage.APPROVAL)
    if paper.metadata is None or paper.digitization_code is None:
        raise MandatoryFieldMissing("metadata and code come before the agency signature")
    approved_by = approval.get("approved_by")
    return Record(
        paper_id=paper.paper_id,
        digitization_code=paper.digitization_code,
        is_result=bool(confirmed["is_result"]),
        procedure_code=dossier.procedure_code,
        dossier_code=dossier.dossier_code,
        metadata=paper.metadata,
        extracted_at=dt.datetime.fromisoformat(str(extracted["extracted_at"])),
        confirmed_by=place.staff.full_name(str(confirmed["confirmed_by"])),
        confirmed_at=dt.datetime.fromisoformat(str(confirmed["confirmed_at"])),
        approved_by=place.staff.full_name(str(approved_by)) if approved_by else None,
        authority_basis=place.office.authority_basis,
        copy_form=form,
        prefix=prefix,
    )


def _result(place: Workplace, paper: Paper, stage: Stage) -> dict[str, object]:
    kept = place.registry.result(paper.paper_id, stage)
    if kept is None:
        raise StaleState(f"stage {stage} has not been done")
    return dict(kept)
