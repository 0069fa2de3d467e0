"""Article 9.3: the settling official confirms the data, by the button XAC_NHAN."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from connector.domain.capture import judge_count, sticky_note_pages
from connector.domain.errors import CodeCollision, InvalidFieldValue, MandatoryFieldMissing
from connector.domain.identifiers import OwnerIdKind, newer_organisation_code, owner_id_kind
from connector.domain.metadata import (
    ARTICLE_9_FIELDS,
    PAPER_PROPERTIES,
    VIETNAM,
    Metadata,
    SubmissionForm,
    sector_fields,
)
from connector.domain.other_results import marked_as_reading
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.scope import judge_scope
from connector.domain.states import Stage, State
from connector.pipeline.preview import code_preview
from connector.pipeline.scope import component_of
from connector.pipeline.workplace import Workplace

# A corrected paper goes the way from its code to its store once more.
_SIGNED_AGAIN = (Stage.CODE, Stage.APPROVAL, Stage.AGENCY_SIGNATURE, Stage.FILING)


def confirm(
    paper: Paper, shown: RepositoryObject, place: Workplace, *, pressed: RepositoryObject | None = None
) -> Outcome:
    """Take the values from the very version that carried the button; who and when come from it too.

    ``pressed`` is the dossier, where its button confirms all its papers. Raises
    MandatoryFieldMissing or InvalidFieldValue with a sentence that names the fields.
    """
    pressed = pressed or shown
    metadata = _confirmed_metadata(shown, pressed.modified_at, place)
    form = _submission_form(shown)
    _agree_with_capture(paper, shown, form, place)
    _still_in_scope(shown, place)
    dossier = place.registry.dossier(paper.dossier_id)
    is_result = bool(shown.properties.get("is_result"))
    _result_as_listed(metadata, is_result, place)
    metadata = marked_as_reading(metadata, is_result=is_result, agency_name=place.office.agency_name)
    if paper.state is State.DA_LUU:
        _is_a_correction(paper, metadata, form, is_result, place)
    preview = code_preview(metadata, procedure_code=dossier.procedure_code, is_result=is_result)
    return Outcome(
        state=State.DA_XAC_NHAN,
        metadata=metadata,
        component=component_of(shown),
        recode=paper.state is State.DA_LUU,
        forgets=_SIGNED_AGAIN if paper.state is State.DA_LUU else (),
        properties={
            "confirmed_by": pressed.modified_by,
            "confirmed_at": pressed.modified_at,
            "fields_to_check": (),
            "proposals": (preview,),
            "error": None,
        },
        result={
            "confirmed_by": pressed.modified_by,
            "confirmed_at": pressed.modified_at.isoformat(),
            "submission_form": str(form),
            "is_result": is_result,
            "changes": _changes(paper, metadata, place),
            "accepts_defects": (place.registry.result(paper.paper_id, Stage.CAPTURE) or {}).get("technical_defects"),
            "accepts_same_code": _accepts_same_code(paper, metadata, is_result, place),
        },
        actor=pressed.modified_by,
    )


def _is_a_correction(paper: Paper, metadata: Metadata, form: SubmissionForm, is_result: bool, place: Workplace) -> None:
    """A stored paper's metadata may change, and are signed again; what its visible signature says may not."""
    before = place.registry.result(paper.paper_id, Stage.CONFIRMATION) or {}
    if str(form) != before.get("submission_form"):
        sentence = "Giấy tờ đã ký cơ quan: hinhThucNop không đổi được nữa; dùng THAY_THE bằng giấy tờ số hóa lại."
        raise InvalidFieldValue("submission_form", sentence=sentence)
    if metadata == paper.metadata and is_result == before.get("is_result"):
        raise InvalidFieldValue("unchanged", sentence="Giấy tờ đã lưu, không có giá trị nào thay đổi.")


def _confirmed_metadata(shown: RepositoryObject, at: dt.datetime, place: Workplace) -> Metadata:
    values = {name: _plain(shown.properties.get(name)) for name in ARTICLE_9_FIELDS}
    extra = sector_fields(str(shown.properties.get("extra") or ""))
    try:
        metadata = Metadata.from_values(values, extra)
    except InvalidFieldValue as error:
        raise InvalidFieldValue(
            error.detail, sentence="Ngày cấp, ngày sinh hoặc năm thành lập không đúng dạng ngày/tháng/năm."
        ) from error
    missing = metadata.missing()
    if missing:
        names = _names(missing)
        raise MandatoryFieldMissing(names, sentence=f"Còn để trống: {names}. Nhập rồi chọn XAC_NHAN lại.")
    later = metadata.later_than(at.astimezone(VIETNAM).date())
    if later:
        names = _names(later)
        raise InvalidFieldValue(names, sentence=f"{names} ở sau ngày xác nhận; sửa rồi chọn XAC_NHAN lại.")
    _known_type(metadata, place)
    _complete_for_its_sector(metadata, place)
    if metadata.owner_id is None:
        return metadata
    return replace(metadata, owner_id_kind=str(_owner_id_kind(metadata, metadata.owner_id, place)))


def _names(fields: tuple[str, ...]) -> str:
    return ", ".join(PAPER_PROPERTIES[name] for name in fields)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _known_type(metadata: Metadata, place: Workplace) -> None:
    code, office = metadata.document_type_code or "", place.office
    is_unread = bool(office.document_type_codes) and code not in office.document_type_codes
    if office.types.refuses(code, place.today()) or (is_unread and not office.types.entries):
        raise InvalidFieldValue(
            "document_type_code", sentence="maLoaiGiayTo không có trong danh mục loại giấy tờ; chọn mã trong danh mục."
        )


def _complete_for_its_sector(metadata: Metadata, place: Workplace) -> None:
    """What the office's list says that sector law wants to know of such a paper (Art. 9.2.k)."""
    missing = place.office.types.missing_sector_fields(metadata.document_type_code or "", metadata.extra, place.today())
    if missing:
        names = "; ".join(f"{name}: …" for name in missing)
        sentence = f'duLieuChuyenNganh còn thiếu: {names}. Nhập dạng "tên: giá trị; …" rồi chọn XAC_NHAN lại.'
        raise MandatoryFieldMissing("sector fields", sentence=sentence)


def _result_as_listed(metadata: Metadata, is_result: bool, place: Workplace) -> None:
    """Whether the paper is a result decides the form of its code (Art. 10.2, 10.3): the list has the last word."""
    listed = place.office.types.named(metadata.document_type_code or "", place.today())
    if listed and listed.is_result is not None and listed.is_result is not is_result:
        what = "là" if listed.is_result else "không phải là"
        sentence = f"Theo danh mục, loại giấy tờ này {what} kết quả giải quyết: sửa laKetQua hoặc maLoaiGiayTo."
        raise InvalidFieldValue("is_result", sentence=sentence)


def _owner_id_kind(metadata: Metadata, owner_id: str, place: Workplace) -> OwnerIdKind:
    """A person's ten digits are their BHXH number or old tax code: neither is an id of Art. 9.2.b."""
    listed, today = place.office.organisations, place.today()
    kind, newer = owner_id_kind(owner_id), newer_organisation_code(owner_id)
    newer = listed.newer(owner_id, today) or newer
    if newer:
        raise InvalidFieldValue(
            "owner_id", sentence=f"maChuGiayTo viết theo trật tự cũ; nếu đúng là {newer} thì nhập lại như vậy."
        )
    if kind is None or (kind is OwnerIdKind.TAX and metadata.owner_birth_date):
        raise InvalidFieldValue(
            "owner_id",
            sentence=(
                "maChuGiayTo không phải số định danh cá nhân, mã số doanh nghiệp hay mã định danh tổ chức; "
                "nếu giấy tờ không có thì để trống và nhập tenChuGiayTo, ngaySinh (hoặc namThanhLap)."
            ),
        )
    if kind is OwnerIdKind.ORGANISATION and listed.refuses(owner_id, today):
        sentence = "maChuGiayTo không có trong danh mục mã định danh tổ chức; kiểm tra lại mã trên giấy tờ."
        raise InvalidFieldValue("owner_id", sentence=sentence)
    return kind


def _submission_form(shown: RepositoryObject) -> SubmissionForm:
    try:
        return SubmissionForm(str(shown.properties.get("submission_form")))
    except ValueError as error:
        forms = ", ".join(SubmissionForm)
        raise MandatoryFieldMissing("submission_form", sentence=f"Chọn hinhThucNop: {forms}.") from error


def _agree_with_capture(paper: Paper, shown: RepositoryObject, form: SubmissionForm, place: Workplace) -> None:
    """A scan cannot become an electronic paper by a typed word, and its pages have to be counted (Art. 8.2.c)."""
    captured = place.registry.result(paper.paper_id, Stage.CAPTURE)
    if captured is None:
        return
    images = captured.get("pages")
    if (form is SubmissionForm.DIEN_TU) is isinstance(images, int):
        sentence = "hinhThucNop đã đổi giữa giấy và điện tử sau khi tiếp nhận; chọn lại như khi nộp rồi XAC_NHAN."
        raise InvalidFieldValue("submission_form", sentence=sentence)
    if not isinstance(images, int):
        return
    declared = shown.properties.get("declared_pages")
    if not isinstance(declared, int):
        sentence = f"Đếm số trang bản giấy và nhập soTrang (tệp có {images} ảnh), rồi chọn XAC_NHAN lại."
        raise MandatoryFieldMissing("declared_pages", sentence=sentence)
    sticky = sticky_note_pages(str(shown.properties.get("sticky_notes") or ""))
    findings = judge_count(images, declared_pages=declared, sticky_notes=sticky)
    if findings:
        sentences = " ".join(finding.sentence for finding in findings)
        raise InvalidFieldValue("declared_pages", sentence=f"{sentences} Sửa soTrang, hoặc quét lại giấy tờ.")


def _still_in_scope(shown: RepositoryObject, place: Workplace) -> None:
    verdict = judge_scope(shown.properties, place.office.scope_rules)
    if not verdict.digitize:
        sentence = f"{verdict.sentence} Sửa hinhThucNop, canCu hoặc chiXuatTrinh; nếu đúng thì chọn BO_QUA."
        raise InvalidFieldValue("scope", sentence=sentence)


def _changes(paper: Paper, metadata: Metadata, place: Workplace) -> dict[str, object]:
    """Every confirmed value that differs from its proposal: {field: [proposed, confirmed]}."""
    kept = (place.registry.result(paper.paper_id, Stage.EXTRACTION) or {}).get("proposals")
    proposals = kept if isinstance(kept, dict) else {}
    proposed = {name: (proposals.get(name) or {}).get("value") for name in ARTICLE_9_FIELDS}
    confirmed = metadata.as_dict()
    return {name: [proposed[name], confirmed[name]] for name in ARTICLE_9_FIELDS if proposed[name] != confirmed[name]}


def typed_since(outcome: Outcome) -> bool:
    """Whether a confirmed value is not the proposed one; what an id is, nobody types."""
    changes = outcome.result["changes"]
    return isinstance(changes, dict) and bool(changes.keys() - {"owner_id_kind"})


def _accepts_same_code(paper: Paper, metadata: Metadata, is_result: bool, place: Workplace) -> bool:
    """Whether the official was asked about a code that another paper holds, and confirmed the same values again."""
    if paper.state is not State.LOI or paper.error_code != CodeCollision.code:
        return False
    before = place.registry.result(paper.paper_id, Stage.CONFIRMATION) or {}
    return metadata == paper.metadata and is_result == before.get("is_result")
