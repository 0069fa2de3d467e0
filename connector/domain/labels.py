"""What records managers read beside each property, and which kind of value it takes."""

from __future__ import annotations

from collections.abc import Mapping

from connector.domain.identifiers import OwnerIdKind
from connector.domain.metadata import (
    DOSSIER_PROPERTIES,
    NO_COPY,
    PAPER_PROPERTIES,
    CopyForm,
    DossierResult,
    LegalStatus,
    SubmissionForm,
)
from connector.domain.states import Action, State

PAPER_LABELS: Mapping[str, str] = {
    "document_type_code": "Mã loại giấy tờ",
    "owner_id": "Mã định danh chủ giấy tờ",
    "owner_id_kind": "Loại định danh",
    "owner_name": "Tên chủ giấy tờ",
    "owner_birth_date": "Ngày, tháng, năm sinh",
    "owner_founding_year": "Năm thành lập",
    "document_name": "Tên giấy tờ",
    "document_number": "Số, ký hiệu",
    "issue_date": "Ngày cấp (năm-tháng-ngày)",
    "issuing_authority": "Cơ quan cấp",
    "abstract": "Trích yếu nội dung",
    "validity": "Thời hạn có hiệu lực",
    "validity_scope": "Phạm vi có hiệu lực",
    "extra": "Dữ liệu chuyên ngành",
    "extracted_at": "Thời gian bóc tách",
    "is_result": "Là kết quả giải quyết",
    "submission_form": "Hình thức nộp",
    "show_only": "Chỉ xuất trình",
    "secrecy": "Độ mật",
    "scope_basis": "Căn cứ số hóa hoặc không số hóa",
    "declared_pages": "Số trang bản giấy",
    "sticky_notes": "Trang có giấy ghi chú",
    "scanned_by": "Người sao chụp",
    "scanned_at": "Thời gian sao chụp",
    "original_place": "Nơi lưu bản giấy",
    "component": "Thành phần hồ sơ (các tệp cùng thành phần tính là một giấy tờ)",
    "replaced_by": "Mã số hóa hoặc mã tài liệu của giấy tờ thay thế",
    "retention_until": "Lưu trữ đến ngày",
    "state": "Trạng thái",
    "error": "Lỗi và việc cần làm",
    "action": "Thao tác",
    "proposals": "Giá trị đề xuất",
    "fields_to_check": "Trường cần xem",
    "confidence": "Độ tin cậy",
    "verification_link": "Liên kết xác nhận",
    "digitization_code": "Mã kết quả số hóa",
    "confirmed_by": "Người xác nhận",
    "confirmed_at": "Thời gian xác nhận",
    "copy_form": "Hình thức sao",
    "legal_status": "Hiệu lực",
    "original_sha256": "Mã băm bản gốc",
    "content_sha256": "Mã băm nội dung hiện tại",
}
DOSSIER_LABELS: Mapping[str, str] = {
    "dossier_code": "Mã hồ sơ",
    "procedure_code": "Mã thủ tục hành chính",
    "dossier_owner": "Mã định danh chủ hồ sơ",
    "paper_count": "Số giấy tờ",
    "result": "Kết quả giải quyết",
    "notice_number": "Số thông báo không giải quyết hoặc trả hồ sơ",
    "notice_date": "Ngày thông báo",
    "result_channel": "Kênh trả kết quả",
    "result_returned_at": "Thời gian trả kết quả",
    "reuse_notice": "Dữ liệu có thể tái sử dụng",
    "action": "Thao tác",
    "error": "Lỗi và việc cần làm",
}
MULTI_VALUED = frozenset({"proposals", "fields_to_check", "confidence", "reuse_notice"})
BOOLEANS = frozenset({"is_result", "show_only"})
INTEGERS = frozenset({"declared_pages", "paper_count"})
DATE_TIMES = frozenset({"extracted_at", "scanned_at", "confirmed_at", "result_returned_at"})

# the values that the product itself writes or understands; what it does not know it does not touch
CHOICES: Mapping[str, tuple[str, ...]] = {
    "state": tuple(State),
    "action": tuple(Action),
    "submission_form": tuple(SubmissionForm),
    "owner_id_kind": tuple(OwnerIdKind),
    "result": tuple(DossierResult),
    "legal_status": tuple(LegalStatus),
    "copy_form": (*(form for form in CopyForm if form), NO_COPY),
}
_LENGTH = 255
_LENGTHS: Mapping[str, int] = {
    "abstract": 2000,
    "error": 1000,
    "extra": 4000,
    "proposals": 2000,
    "reuse_notice": 1000,
    "document_name": 500,
    "issuing_authority": 500,
    "original_place": 500,
    "verification_link": 500,
    "original_sha256": 64,
    "content_sha256": 64,
}

assert set(PAPER_LABELS) == set(PAPER_PROPERTIES)
assert set(DOSSIER_LABELS) == set(DOSSIER_PROPERTIES)


def value_kind(name: str) -> str:
    """The CMIS property type of a logical property: string, boolean, integer or datetime."""
    if name in BOOLEANS:
        return "boolean"
    if name in INTEGERS:
        return "integer"
    return "datetime" if name in DATE_TIMES else "string"


def value_length(name: str) -> int:
    """The characters that one value of a textual property may need."""
    return _LENGTHS.get(name, _LENGTH)
