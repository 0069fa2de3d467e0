"""Article 9.3: the settling official confirms the data, by the button XAC_NHAN."""

from __future__ import annotations

from connector.domain.errors import InvalidFieldValue, MandatoryFieldMissing
from connector.domain.identifiers import owner_id_kind
from connector.domain.metadata import ARTICLE_9_FIELDS, PAPER_PROPERTIES, Metadata, SubmissionForm
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.preview import code_preview
from connector.pipeline.workplace import Workplace


def confirm(
    paper: Paper, shown: RepositoryObject, place: Workplace, *, pressed: RepositoryObject | None = None
) -> Outcome:
    """Take the values from the very version that carried the button; who and when come from it too.

    ``pressed`` is the dossier, where its button confirms all its papers. Raises
    MandatoryFieldMissing or InvalidFieldValue with a sentence that names the fields.
    """
    metadata = _confirmed_metadata(shown)
    form = _submission_form(shown)
    pressed = pressed or shown
    dossier = place.registry.dossier(paper.dossier_id)
    is_result = bool(shown.properties.get("is_result"))
    preview = code_preview(metadata, procedure_code=dossier.procedure_code, is_result=is_result)
    return Outcome(
        state=State.DA_XAC_NHAN,
        metadata=metadata,
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
        },
        actor=pressed.modified_by,
    )


def _confirmed_metadata(pressed: RepositoryObject) -> Metadata:
    values = {name: _plain(pressed.properties.get(name)) for name in ARTICLE_9_FIELDS}
    try:
        metadata = Metadata.from_values(values)
    except InvalidFieldValue as error:
        raise InvalidFieldValue(
            error.detail, sentence="Ngày cấp hoặc ngày sinh không đúng dạng ngày/tháng/năm."
        ) from error
    missing = metadata.missing()
    if missing:
        names = ", ".join(PAPER_PROPERTIES[name] for name in missing)
        raise MandatoryFieldMissing(names, sentence=f"Còn để trống: {names}. Nhập rồi chọn XAC_NHAN lại.")
    if metadata.owner_id is None:
        return metadata
    kind = owner_id_kind(metadata.owner_id)
    if kind is None:
        raise InvalidFieldValue(
            "owner_id",
            sentence=(
                "maChuGiayTo không phải số định danh cá nhân, mã số thuế hay mã định danh tổ chức; "
                "nếu giấy tờ không có thì để trống và nhập tenChuGiayTo, ngaySinh."
            ),
        )
    return Metadata.from_values({**values, "owner_id_kind": str(kind)})


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _submission_form(pressed: RepositoryObject) -> SubmissionForm:
    try:
        return SubmissionForm(str(pressed.properties.get("submission_form")))
    except ValueError as error:
        forms = ", ".join(SubmissionForm)
        raise MandatoryFieldMissing("submission_form", sentence=f"Chọn hinhThucNop: {forms}.") from error


def _changes(paper: Paper, metadata: Metadata, place: Workplace) -> dict[str, object]:
    """Every confirmed value that differs from its proposal: {field: [proposed, confirmed]}."""
    kept = (place.registry.result(paper.paper_id, Stage.EXTRACTION) or {}).get("proposals")
    proposals = kept if isinstance(kept, dict) else {}
    proposed = {name: (proposals.get(name) or {}).get("value") for name in ARTICLE_9_FIELDS}
    confirmed = metadata.as_dict()
    return {name: [proposed[name], confirmed[name]] for name in ARTICLE_9_FIELDS if proposed[name] != confirmed[name]}
