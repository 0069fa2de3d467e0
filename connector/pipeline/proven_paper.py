"""A stored paper as its signed records prove it: the register's rows, made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from connector.domain.dossier import copy_form
from connector.domain.metadata import VIETNAM, CopyForm, DossierResult, LegalStatus, SubmissionForm
from connector.domain.page_view import verification_link
from connector.domain.paper import Artifact, ArtifactKind, Dossier, Paper, RepositoryObject
from connector.domain.publication import PublishedPaper, Record
from connector.domain.restoration import RestoredPaper
from connector.domain.states import Stage, State
from connector.domain.validity import status_on
from connector.pipeline.dossiers import as_dossier
from connector.pipeline.proven_file import FoundFile, ProvenFile
from connector.pipeline.workplace import Workplace

_Pair = tuple[ProvenFile, FoundFile]
# what the agency's attestation says of how a paper was handed in, where the ECM contradicts it
_USUAL_FORM: Mapping[CopyForm, SubmissionForm] = {
    CopyForm.SAO_Y: SubmissionForm.BAN_CHINH,
    CopyForm.SAO_LUC: SubmissionForm.SAO_Y,
    CopyForm.TRICH_SAO: SubmissionForm.BAN_SAO_CHUP,
    CopyForm.KHONG: SubmissionForm.DIEN_TU,
}
_STATES = {
    LegalStatus.HIEU_LUC: State.DA_LUU,
    LegalStatus.HET_HAN: State.DA_LUU,
    LegalStatus.THU_HOI: State.THU_HOI,
    LegalStatus.THAY_THE: State.THAY_THE,
}


def proven_paper(
    folder: RepositoryObject, shown: RepositoryObject, pairs: Sequence[_Pair], place: Workplace, *, status: LegalStatus
) -> RestoredPaper:
    """The paper of these records, the oldest first; ``shown`` is its document, where only names of people and the
    form of submission are looked up, and only as far as they agree with what is signed.
    """
    xml, file = pairs[-1]
    record = xml.record
    if status is LegalStatus.HIEU_LUC:
        status = status_on(record.metadata, place.today())
    dossier = _dossier(folder, record, place)
    versions = [_version(pair, number, status, place) for number, pair in enumerate(pairs, start=1)]
    login = _login(record.confirmed_by, shown, place)
    artifacts = _artifacts(xml, file)
    paper = Paper(
        paper_id=record.paper_id,
        dossier_id=dossier.dossier_id,
        repository_id=place.repository.repository_id,
        version_series_id=shown.version_series_id,
        object_id=shown.object_id,
        original_sha256=artifacts[ArtifactKind.ORIGINAL].sha256,
        state=_STATES[status],
        digitization_code=record.digitization_code,
        metadata=record.metadata,
        artifacts=artifacts,
        displayed=_displayed(record, versions[-1], artifacts, login, shown, place),
    )
    results = _results(xml, file, login, shown, place)
    return RestoredPaper(dossier=dossier, paper=paper, versions=versions, results=results)


def _dossier(folder: RepositoryObject, record: Record, place: Workplace) -> Dossier:
    """The agency signs nothing of a procedure that has not succeeded (Art. 9.4)."""
    repository_id = place.repository.repository_id
    # the same folder gives the same id, so that its papers find each other
    blank = Dossier(
        dossier_id=uuid5(NAMESPACE_URL, f"{repository_id}/{folder.object_id}"),
        repository_id=repository_id,
        folder_id=folder.object_id,
        result=str(DossierResult.THANH_CONG),
        result_by="sohoa rebuild",
    )
    written = as_dossier(blank, folder)
    return replace(written, dossier_code=record.dossier_code, procedure_code=record.procedure_code)


def _version(pair: _Pair, number: int, status: LegalStatus, place: Workplace) -> PublishedPaper:
    xml, file = pair
    return PublishedPaper(
        record=xml.record,
        repository_id=place.repository.repository_id,
        version=number,
        legal_status=status,
        replaced_by=None,
        document=file.document,
        signed_metadata=xml.artifact,
        level=file.level,
        published_at=xml.proven.signed_at,
    )


def _artifacts(xml: ProvenFile, file: FoundFile) -> dict[ArtifactKind, Artifact]:
    """The oldest version is what was deposited, the last one before the agency's signature carries the scanner's."""
    line = [file.document, *file.earlier]
    artifacts = {
        ArtifactKind.ORIGINAL: replace(line[-1], kind=ArtifactKind.ORIGINAL),
        ArtifactKind.AGENCY: file.document,
        ArtifactKind.METADATA: xml.artifact,
    }
    if xml.record.copy_form is not CopyForm.KHONG:
        artifacts[ArtifactKind.PERSONAL] = replace(line[min(1, len(line) - 1)], kind=ArtifactKind.PERSONAL)
    return artifacts


def _login(full_name: str, shown: RepositoryObject, place: Workplace) -> str:
    """The person whose name is signed; the name itself where several or none carry it."""
    displayed = str(shown.properties.get("confirmed_by") or "")
    if displayed and place.staff.full_name(displayed) == full_name:
        return displayed
    logins = [login for login, user in place.staff.users.items() if user.full_name == full_name]
    return logins[0] if len(logins) == 1 else full_name


def _displayed(
    record: Record,
    latest: PublishedPaper,
    artifacts: Mapping[ArtifactKind, Artifact],
    login: str,
    shown: RepositoryObject,
    place: Workplace,
) -> dict[str, object]:
    signed_on = latest.published_at.astimezone(VIETNAM).date()
    kept_until = place.office.types.retention_until(record.metadata.document_type_code or "", signed_on)
    return {
        "digitization_code": record.digitization_code,
        "confirmed_by": login,
        "confirmed_at": record.confirmed_at,
        "extracted_at": record.extracted_at,
        "copy_form": str(record.copy_form) or None,
        "legal_status": str(latest.legal_status),
        "original_sha256": artifacts[ArtifactKind.ORIGINAL].sha256,
        "content_sha256": latest.document.sha256,
        "verification_link": verification_link(place.office.pages_url, record.paper_id),
        "retention_until": kept_until.isoformat() if kept_until else None,
        # how sure the reader was has no weight any more, and no other record of it is left
        "confidence": shown.properties.get("confidence") or (),
    }


def _results(
    xml: ProvenFile, file: FoundFile, login: str, shown: RepositoryObject, place: Workplace
) -> dict[Stage, Mapping[str, object]]:
    record = xml.record
    return {
        Stage.EXTRACTION: {"proposals": {}, "fields_to_check": [], "extracted_at": record.extracted_at.isoformat()},
        Stage.CONFIRMATION: {
            "confirmed_by": login,
            "confirmed_at": record.confirmed_at.isoformat(),
            "submission_form": str(_submission_form(record, shown)),
            "is_result": record.is_result,
        },
        Stage.APPROVAL: {
            "approved_by": _approver(record.approved_by, place),
            "authority_basis": record.authority_basis,
            "copy_form": str(record.copy_form),
        },
        Stage.AGENCY_SIGNATURE: {
            "copy_form": str(record.copy_form),
            "prefix_length": record.prefix.length,
            "prefix_sha256": record.prefix.sha256,
            "document_level": str(file.level),
            "metadata_level": str(xml.proven.level),
        },
        Stage.FILING: {"restored_at": dt.datetime.now(dt.UTC).isoformat()},
    }


def _approver(full_name: str | None, place: Workplace) -> str | None:
    logins = [login for login, user in place.staff.users.items() if user.full_name == full_name]
    return logins[0] if len(logins) == 1 else full_name


def _submission_form(record: Record, shown: RepositoryObject) -> SubmissionForm:
    """What the ECM says, as far as it fits the attestation: a form for which no rule decides may carry any."""
    form = shown.properties.get("submission_form")
    by_rule = copy_form(form, born_digital=record.copy_form is CopyForm.KHONG)
    if form in set(SubmissionForm) and by_rule in (None, record.copy_form):
        return SubmissionForm(str(form))
    return _USUAL_FORM[record.copy_form]
