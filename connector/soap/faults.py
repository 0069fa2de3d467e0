"""The typed faults of the contract, and which of them stands for an error of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from connector.domain import errors
from connector.domain.errors import SohoaError
from connector.domain.publication import PublishedPaper


class FaultName(StrEnum):
    """The fault elements of xsd/v1/messages.xsd."""

    NOT_FOUND = "NotFound"
    NOT_READY = "NotReady"
    WITHHELD = "Withheld"
    INVALID_REQUEST = "InvalidRequest"
    ACCESS_DENIED = "AccessDenied"
    CONFLICT = "Conflict"
    TOO_MANY_REQUESTS = "TooManyRequests"
    UNAVAILABLE = "Unavailable"


@dataclass(frozen=True)
class _Wording:
    """What a fault says where nothing more is known."""

    code: str
    vietnamese: str
    english: str
    retry_after: int | None = None  # seconds


_WORDINGS: Mapping[FaultName, _Wording] = {
    FaultName.NOT_FOUND: _Wording(
        "KHONG_CO",
        "Không có giấy tờ, hồ sơ hoặc lần giao nhận này.",
        "There is no such paper, dossier or delivery.",
    ),
    FaultName.NOT_READY: _Wording(
        "CHUA_CONG_BO",
        "Giấy tờ đang được số hóa, chưa công bố; hỏi lại sau.",
        "The paper is being digitized and not published yet; ask again later.",
        retry_after=3600,
    ),
    FaultName.WITHHELD: _Wording(
        "KHONG_CUNG_CAP",
        "Giấy tờ không được cung cấp; liên hệ văn thư của cơ quan lưu giữ.",
        "The paper is not handed out; contact the records office that keeps it.",
    ),
    FaultName.INVALID_REQUEST: _Wording(
        "YEU_CAU_SAI",
        "Yêu cầu sai; xem từng chỗ sai trong ChiTiet.",
        "The request is wrong; ChiTiet lists every finding.",
    ),
    FaultName.ACCESS_DENIED: _Wording(
        "KHONG_CO_QUYEN",
        "Không đăng nhập được hoặc không có quyền.",
        "Not signed in, or without the right.",
    ),
    FaultName.CONFLICT: _Wording(
        "TRUNG_MA",
        "Nhiều giấy tờ cùng mã; gọi lại bằng MaTaiLieu của một ứng viên.",
        "Several papers have this code; call again with the MaTaiLieu of one candidate.",
    ),
    FaultName.TOO_MANY_REQUESTS: _Wording(
        "GOI_QUA_NHIEU",
        "Gọi quá nhiều; chờ rồi gọi lại.",
        "Too many calls; wait and call again.",
        retry_after=1,
    ),
    FaultName.UNAVAILABLE: _Wording(
        "TAM_NGUNG",
        "Hệ thống tạm thời không phục vụ được; chờ rồi gọi lại.",
        "The service cannot answer now; wait and call again.",
        retry_after=30,
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a request; never repeats a value."""

    element: str
    sentence: str


class Fault(Exception):
    """What the caller is told instead of an answer; ``claimed`` is not told, it is for the audit chain."""

    def __init__(
        self,
        name: FaultName,
        *,
        findings: Sequence[Finding] = (),
        candidates: Sequence[PublishedPaper] = (),
        retry_after: int | None = None,
        vietnamese: str | None = None,
        english: str | None = None,
        http_status: int = 500,
        claimed: str | None = None,
    ) -> None:
        wording = _WORDINGS[name]
        self.name = name
        self.code = wording.code
        self.vietnamese = vietnamese or wording.vietnamese
        self.english = english or wording.english
        self.retry_after = retry_after if retry_after is not None else wording.retry_after
        self.findings = tuple(findings)
        self.candidates = tuple(candidates)
        self.http_status = http_status
        self.claimed = claimed
        super().__init__(str(name))


class ProtocolFault(Exception):
    """A fault of SOAP 1.1 itself, without a typed detail: MustUnderstand, VersionMismatch."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def invalid(element: str, sentence: str, *, http_status: int = 500) -> Fault:
    """An InvalidRequest with one finding."""
    return Fault(FaultName.INVALID_REQUEST, findings=[Finding(element, sentence)], http_status=http_status)


# A class that is missing here is looked for through its bases; None: the caller gets an incident number only.
_TRANSLATION: Mapping[type[SohoaError], FaultName | None] = {
    errors.InvalidFieldValue: FaultName.INVALID_REQUEST,
    errors.NotAuthorised: FaultName.ACCESS_DENIED,
    # the register says published, the repository has it no more, or has something else: a person must look
    errors.ObjectNotFound: FaultName.WITHHELD,
    errors.ContentReplaced: FaultName.WITHHELD,
    errors.SignatureInvalid: FaultName.WITHHELD,
    errors.RepositoryUnavailable: FaultName.UNAVAILABLE,
    errors.ChangeConflict: FaultName.UNAVAILABLE,
    errors.KeyUnavailable: FaultName.UNAVAILABLE,
    errors.TimestampUnavailable: FaultName.UNAVAILABLE,
    errors.DatabaseUnavailable: FaultName.UNAVAILABLE,
    errors.PortalUnavailable: FaultName.UNAVAILABLE,
    errors.CodeCollision: FaultName.CONFLICT,
    errors.StaleState: FaultName.CONFLICT,
    errors.ConfigurationError: None,
    errors.InputError: None,
    errors.RepositoryError: None,
    errors.SigningError: None,
    errors.RegisterError: None,
    errors.PortalError: None,
}


def fault_name(error: type[SohoaError]) -> FaultName | None:
    """The fault that stands for an error; None where the caller learns an incident number only."""
    for base in error.__mro__:
        if base in _TRANSLATION:
            return _TRANSLATION[base]
    return None


def as_fault(error: SohoaError) -> Fault | None:
    """The fault for an error of ours; its English detail stays in our log."""
    name = fault_name(type(error))
    return Fault(name) if name else None
