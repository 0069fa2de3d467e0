"""When a dossier is complete, so that the agency may sign (Art. 8.2.a, 9.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from connector.domain.metadata import CopyForm, DossierResult, SubmissionForm
from connector.domain.paper import Dossier, Paper
from connector.domain.states import State

# A paper in one of these does not hold its dossier back.
_SETTLED = frozenset(
    {
        State.KHONG_SO_HOA,
        State.DA_CAP_MA,
        State.CHO_KY_CO_QUAN,
        State.DA_KY,
        State.DA_LUU,
        State.THU_HOI,
        State.THAY_THE,
    }
)
_WAITING_FOR = {
    State.CHO_XAC_NHAN: "chờ xác nhận",
    State.DA_XAC_NHAN: "chờ cấp mã",
    State.CACH_LY: "chờ văn thư xử lý riêng",
    State.LOI: "đang lỗi",
}


def missing_for_signature(dossier: Dossier, papers: Sequence[Paper]) -> str | None:
    """What keeps the agency from signing this dossier, as a Vietnamese sentence; None when nothing does."""
    if dossier.result != DossierResult.THANH_CONG:
        return "Hồ sơ chưa có kết quả giải quyết thành công."
    if dossier.paper_count is None:
        return "Hồ sơ chưa khai số giấy tờ (soGiayTo)."
    there = count_components(papers)
    if dossier.paper_count != there:
        return f"Hồ sơ khai {dossier.paper_count} giấy tờ, hiện có {there}."
    unsettled = Counter(_WAITING_FOR.get(paper.state, "đang xử lý") for paper in papers if paper.state not in _SETTLED)
    if not unsettled:
        return None
    return f"Còn {unsettled.total()} giấy tờ chưa xong: {', '.join(f'{n} {what}' for what, n in unsettled.items())}."


def count_components(papers: Sequence[Paper]) -> int:
    """How many papers were handed in: the files of one named component (Art. 13.3.b) are one."""
    named = {paper.component for paper in papers if paper.component}
    return len(named) + sum(paper.component is None for paper in papers)


def missing_components(papers: Sequence[Paper], required: Sequence[str]) -> tuple[str, ...]:
    """The required type codes that no paper has; a paper that is not digitized may be any of them."""
    present = {paper.metadata.document_type_code for paper in papers if paper.metadata}
    absent = tuple(code for code in required if code not in present)
    unknown = sum(paper.metadata is None for paper in papers)
    return absent if len(absent) > unknown else ()


def copy_form(submission_form: object, *, born_digital: bool) -> CopyForm | None:
    """The copy form the agency attests; None where the văn thư has to decide (a scan of a mere copy).

    A scan of an original is a SAO Y, of a sheet that is itself a sao y a SAO LỤC (Decree 30/2020 Art. 25); what
    came electronically is not copied, only its metadata are signed.
    """
    if born_digital or submission_form == SubmissionForm.DIEN_TU:
        return CopyForm.KHONG
    if submission_form in (SubmissionForm.BAN_CHINH, SubmissionForm.BAN_CHUP_DOI_CHIEU):
        return CopyForm.SAO_Y
    if submission_form == SubmissionForm.SAO_Y:
        return CopyForm.SAO_LUC
    return None
