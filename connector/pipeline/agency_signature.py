"""Article 9.4: the agency signs the copy and its metadata."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from connector.domain.errors import (
    DossierIncomplete,
    MandatoryFieldMissing,
    NotAuthorised,
    SignatureInvalid,
    StaleState,
)
from connector.domain.metadata import CopyForm, DossierResult
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.publication import Record
from connector.domain.signatures import AgencyStamp, Level, SignatureReport, SignatureRole, SignedPrefix
from connector.domain.states import Stage, State
from connector.domain.token_signing import SigningTask
from connector.pipeline.check_in import check_in_once
from connector.pipeline.technical_file import find_technical_file, keep_technical_file
from connector.pipeline.workplace import Workplace


def sign(paper: Paper, place: Workplace) -> Outcome:
    """Sign the copy as Decree 30/2020 Art. 25 says for its kind, then the metadata XML over the signed file.

    Raises DossierIncomplete when the procedure's success was taken back, CopyFormUndecided.
    """
    approval = _result(place, paper, Stage.APPROVAL)
    dossier = place.registry.dossier(paper.dossier_id)
    if dossier.result != DossierResult.THANH_CONG:
        raise DossierIncomplete("the procedure has not succeeded")
    form = _copy_form(approval)
    with place.desk() as desk:
        document, prefix = _signed_document(paper, form, desk / "signed.pdf", place)
        document_level = agency_level(place.signer.verify(desk / "signed.pdf"))
        record = record_of(paper, form, prefix, place)
        metadata, level = _signed_metadata(paper, record, desk, place)
    return Outcome(
        state=State.DA_KY,
        next_stage=Stage.FILING,
        object_id=document.object_id if document.sha256 != _content_of(paper).sha256 else None,
        artifacts=(document, metadata),
        properties={"content_sha256": document.sha256, "copy_form": form or None, "error": None},
        result={
            "copy_form": str(form),
            "prefix_length": prefix.length,
            "prefix_sha256": prefix.sha256,
            "document_level": str(document_level),
            "metadata_level": str(level),
        },
        actor=str(approval.get("approved_by") or "sohoa"),
    )


def _copy_form(approval: Mapping[str, object]) -> CopyForm:
    """What was approved; nobody signs without the văn thư or the decision that stands for them."""
    if not approval.get("approved_by") and not approval.get("authority_basis"):
        raise NotAuthorised(
            "nobody approved the agency signature", sentence="Văn thư chưa duyệt ký cơ quan (KY_CO_QUAN)."
        )
    return CopyForm(str(approval["copy_form"]))


def _signed_document(paper: Paper, form: CopyForm, signed: Path, place: Workplace) -> tuple[Artifact, SignedPrefix]:
    content = _content_of(paper)
    unsigned = place.fetch(content, signed.with_name("unsigned.pdf"))
    if form is CopyForm.KHONG and not _lacks_seal(paper, unsigned, place):
        unsigned.replace(signed)
        return replace(content, kind=ArtifactKind.AGENCY), SignedPrefix(length=content.length, sha256=content.sha256)
    stamp = AgencyStamp(copy_form=form, agency_name=place.office.agency_name)
    shown = place.repository.get(paper.object_id)
    task = _task(paper, shown.name)

    def sign_for_agency(source: Path, target: Path) -> None:
        if form is CopyForm.KHONG:
            place.signer.sign_result(source, target, task=task)
        else:
            place.signer.sign_copy(source, target, stamp=stamp, task=task)

    checked_in, content_now = check_in_once(
        place,
        shown,
        before=unsigned,
        target=signed,
        role=SignatureRole.AGENCY,
        sign=sign_for_agency,
        comment="Ký số cơ quan (khoản 4 Điều 9)",
    )
    document = Artifact(
        kind=ArtifactKind.AGENCY, object_id=checked_in.object_id, sha256=content_now.sha256, length=content_now.length
    )
    return document, place.signer.agency_prefix(signed)


def _content_of(paper: Paper) -> Artifact:
    """The paper before the agency signs it."""
    return paper.artifacts.get(ArtifactKind.PERSONAL) or paper.artifacts[ArtifactKind.ORIGINAL]


def _lacks_seal(paper: Paper, file: Path, place: Workplace) -> bool:
    """Whether it is the agency's own result, born digital, that only a person has signed (Decree 30/2020, App. I)."""
    if not place.office.seals_results or ArtifactKind.PERSONAL in paper.artifacts:
        return False
    is_result = bool(_result(place, paper, Stage.CONFIRMATION)["is_result"])
    return is_result and not place.signer.has_agency_signature(file)


def _task(paper: Paper, title: str) -> SigningTask:
    return SigningTask(paper_id=paper.paper_id, stage=Stage.AGENCY_SIGNATURE, title=title)


def _signed_metadata(paper: Paper, record: Record, desk: Path, place: Workplace) -> tuple[Artifact, Level]:
    """The signed XML of exactly this record, made once: a second one would be a second signature of the agency."""
    name = f"{paper.paper_id}-{_digest_of(record)}.metadata.xml"
    file = desk / "metadata.xml"
    stored = find_technical_file(paper, place, name)
    if stored is not None:
        content = place.repository.download(stored.object_id, file)
        if place.signer.says(file, record):
            artifact = Artifact(
                kind=ArtifactKind.METADATA, object_id=stored.object_id, sha256=content.sha256, length=content.length
            )
            return artifact, place.signer.verify(file)[-1].level
        raise SignatureInvalid("the stored metadata is not what the agency would sign")
    level = place.signer.sign_record(record, file, task=_task(paper, record.metadata.document_name or ""))
    return keep_technical_file(paper, place, file, kind=ArtifactKind.METADATA, name=name), level


def _digest_of(record: Record) -> str:
    return hashlib.sha256(repr(record).encode()).hexdigest()[:12]


def all_agency(reports: Sequence[SignatureReport]) -> bool:
    """Whether there is a signature, and every one is valid and the agency's."""
    return bool(reports) and all(report.is_valid and report.role is SignatureRole.AGENCY for report in reports)


def agency_level(reports: Sequence[SignatureReport]) -> Level:
    """The level of the agency's signature; of the last one where the agency signs only the metadata."""
    agency = [report for report in reports if report.role is SignatureRole.AGENCY] or list(reports)
    if not agency or not all(report.is_valid for report in agency):
        raise SignatureInvalid("the signed file does not verify")
    return agency[-1].level


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
        authority_basis=_text(approval.get("authority_basis")),
        copy_form=form,
        prefix=prefix,
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _result(place: Workplace, paper: Paper, stage: Stage) -> dict[str, object]:
    kept = place.registry.result(paper.paper_id, stage)
    if kept is None:
        raise StaleState(f"stage {stage} has not been done")
    return dict(kept)
