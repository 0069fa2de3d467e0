"""Every error of the product, in one tree.

SohoaError
├── ConfigurationError      a file or variable the administrator must mend
├── InputError              a deposited file or value cannot be taken as it is
│   ├── UnreadableFile, EncryptedFile, LimitExceeded, ContentReplaced, CaptureRejected, NoRoomForStamp
│   └── MandatoryFieldMissing, InvalidFieldValue, DossierIncomplete, CopyFormUndecided
├── RepositoryError         the ECM
│   ├── RepositoryUnavailable (transient), ObjectNotFound, PermissionDenied
│   └── ChangeConflict (transient), NameConflict, ConstraintViolation, NotSupported
├── SigningError            keys, time stamps, signatures
│   ├── KeyUnavailable (transient), WrongPin, CertificateInvalid
│   ├── TimestampUnavailable (transient), SignatureInvalid, SigningForbidden
│   └── SignatureAwaited
├── NotAuthorised           a person without the role
├── RegisterError           code register and database
│   └── DatabaseUnavailable (transient), CodeCollision, StaleState, NotAsSigned
└── PortalError             the national portal
    └── PortalUnavailable (transient)

A class has a stable ``code``, says whether waiting helps (``transient``), carries an English message for
logs and a Vietnamese sentence for the ECM: what happened, to which paper, what to do next. Neither holds a
personal id, OCR text, a secret or a whole digitization code.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What ``sohoa`` answers to the shell."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    NEEDS_PERSON = 4
    INVALID_SIGNATURE = 5
    UNAVAILABLE = 6


class SohoaError(Exception):
    """An error of the product; ``detail`` completes the English message."""

    code: ClassVar[str] = "SOHOA"
    transient: ClassVar[bool] = False
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    message: ClassVar[str] = "The operation failed."
    sentence: ClassVar[str] = "Có lỗi khi xử lý giấy tờ; báo quản trị hệ thống kèm mã lỗi."

    def __init__(self, detail: str = "", *, sentence: str | None = None) -> None:
        self.detail = detail
        self._sentence = sentence
        super().__init__(f"{self.code}: {self.message} {detail}".rstrip())

    @property
    def vietnamese(self) -> str:
        """The sentence a records manager reads in ``bhxh:loi``."""
        return f"[{self.code}] {self._sentence or self.sentence}"


class ConfigurationError(SohoaError):
    code = "CAU_HINH"
    exit_code = ExitCode.CONFIGURATION
    message = "The configuration cannot be used."
    sentence = "Cấu hình phần mềm chưa đúng; báo quản trị hệ thống."


class InputError(SohoaError):
    code = "DAU_VAO"
    message = "The deposited file or value cannot be taken as it is."
    sentence = "Tệp hoặc giá trị không dùng được; kiểm tra rồi chọn THU_LAI."


class UnreadableFile(InputError):
    code = "TEP_HONG"
    message = "The file is not a readable PDF."
    sentence = "Tệp không phải PDF đọc được; quét lại giấy tờ, thay tệp rồi chọn THU_LAI."


class EncryptedFile(InputError):
    code = "TEP_MA_HOA"
    message = "The PDF is encrypted."
    sentence = "Tệp PDF bị đặt mật khẩu; nộp lại tệp không mã hóa rồi chọn THU_LAI."


class LimitExceeded(InputError):
    code = "QUA_GIOI_HAN"
    message = "The file exceeds a configured limit."
    sentence = "Tệp vượt giới hạn cho phép (số trang, kích thước ảnh hoặc dung lượng); tách hoặc quét lại."


class ContentReplaced(InputError):
    code = "TEP_BI_THAY"
    message = "The file in the repository is not the one that was deposited."
    sentence = "Tệp đã bị thay sau khi nộp; kiểm tra tệp rồi chọn THU_LAI để xử lý lại từ đầu."


class CaptureRejected(InputError):
    code = "SAO_CHUP"
    message = "The capture does not meet Article 8.2."
    sentence = "Bản sao chụp chưa đạt yêu cầu khoản 2 Điều 8; quét lại rồi chọn THU_LAI."


class NoRoomForStamp(InputError):
    code = "THIEU_CHO_KY"
    message = "No blank space for the visible signature on page 1."
    sentence = "Trang 1 không còn chỗ trống để đặt chữ ký số; quét lại với lề rộng hơn rồi chọn THU_LAI."


class MandatoryFieldMissing(InputError):
    code = "THIEU_TRUONG"
    message = "A mandatory Article 9 field is empty."
    sentence = "Còn trường bắt buộc theo khoản 2 Điều 9 để trống; nhập rồi chọn XAC_NHAN lại."


class InvalidFieldValue(InputError):
    code = "SAI_GIA_TRI"
    message = "A field's value breaks its format."
    sentence = "Có trường nhập sai định dạng; sửa rồi chọn XAC_NHAN lại."


class DossierIncomplete(InputError):
    code = "HO_SO_THIEU"
    message = "The dossier is not complete: the agency does not sign it yet."
    sentence = "Hồ sơ chưa đủ để ký cơ quan; bổ sung theo nội dung nêu rồi chọn KY_CO_QUAN lại."


class CopyFormUndecided(InputError):
    code = "HINH_THUC_SAO"
    message = "The copy form of a scanned copy has to be decided by the keeper of the seal."
    sentence = (
        "Giấy tờ quét từ bản sao: văn thư chọn hinhThucSao (SAO Y, SAO LỤC, TRÍCH SAO hoặc KHONG) và KY_CO_QUAN "
        "trên chính giấy tờ này, trong cùng một lần lưu."
    )


class NotAuthorised(SohoaError):
    code = "KHONG_CO_QUYEN"
    message = "The person has no role that allows this step."
    sentence = "Người thao tác không có vai trò cho bước này; nhờ đúng người có thẩm quyền thực hiện."


class RepositoryError(SohoaError):
    code = "KHO_ECM"
    message = "The repository refused the operation."
    sentence = "Hệ thống quản lý tài liệu từ chối thao tác; báo quản trị hệ thống."


class RepositoryUnavailable(RepositoryError):
    code = "ECM_KHONG_TRA_LOI"
    transient = True
    exit_code = ExitCode.UNAVAILABLE
    message = "The repository does not answer."
    sentence = "Hệ thống quản lý tài liệu chưa trả lời; phần mềm sẽ tự thử lại."


class ObjectNotFound(RepositoryError):
    code = "KHONG_TIM_THAY"
    message = "The object is not in the repository."
    sentence = "Không còn tìm thấy tài liệu; kiểm tra xem tài liệu có bị xóa hoặc chuyển chỗ không."


class PermissionDenied(RepositoryError):
    code = "ECM_TU_CHOI"
    message = "The service account may not do this in the repository."
    sentence = "Tài khoản dịch vụ không có quyền trên tài liệu; quản trị hệ thống cấp quyền rồi chọn THU_LAI."


class ChangeConflict(RepositoryError):
    code = "DA_BI_SUA"
    transient = True
    message = "Someone else changed the object meanwhile."
    sentence = "Tài liệu vừa được người khác sửa; phần mềm sẽ đọc lại và thử lại."


class NameConflict(RepositoryError):
    code = "TRUNG_TEN"
    message = "An object of this name exists in the folder."
    sentence = "Thư mục đã có tài liệu cùng tên; đổi tên rồi chọn THU_LAI."


class ConstraintViolation(RepositoryError):
    code = "ECM_RANG_BUOC"
    message = "The repository's type or content rules refuse the change."
    sentence = "Hệ thống quản lý tài liệu không nhận giá trị; quản trị hệ thống kiểm tra tệp ánh xạ."


class NotSupported(RepositoryError):
    code = "ECM_KHONG_HO_TRO"
    message = "The repository does not offer this operation."
    sentence = "Hệ thống quản lý tài liệu không có chức năng cần dùng; báo quản trị hệ thống."


class SigningError(SohoaError):
    code = "KY_SO"
    message = "The signature could not be made."
    sentence = "Chưa ký số được; báo quản trị hệ thống kèm mã lỗi."


class KeyUnavailable(SigningError):
    code = "KHOA_KY"
    transient = True
    exit_code = ExitCode.UNAVAILABLE
    message = "The signing key cannot be reached."
    sentence = "Chưa kết nối được khóa ký số (thiết bị hoặc dịch vụ ký); phần mềm sẽ tự thử lại."


class WrongPin(SigningError):
    code = "SAI_PIN"
    message = "The token refuses the PIN."
    sentence = "Mã PIN của thiết bị ký số không đúng hoặc đã bị khóa; người giữ thiết bị kiểm tra lại."


class CertificateInvalid(SigningError):
    code = "CHUNG_THU"
    message = "The signer's certificate is expired, not yet valid, revoked or not trusted."
    sentence = "Chứng thư số của người ký hết hạn, chưa có hiệu lực, bị thu hồi hoặc không tin cậy; gia hạn chứng thư."


class TimestampUnavailable(SigningError):
    code = "DAU_THOI_GIAN"
    transient = True
    exit_code = ExitCode.UNAVAILABLE
    message = "The time-stamp or revocation service does not answer."
    sentence = "Dịch vụ cấp dấu thời gian hoặc kiểm tra chứng thư chưa trả lời; phần mềm sẽ tự thử lại."


class SignatureInvalid(SigningError):
    code = "CHU_KY_SAI"
    exit_code = ExitCode.INVALID_SIGNATURE
    message = "A signature does not verify."
    sentence = "Chữ ký số trên tệp không hợp lệ; không dùng tệp này, lấy lại tệp gốc từ nơi ký."


class SigningForbidden(SigningError):
    code = "CAM_KY"
    message = "The PDF forbids further signatures."
    sentence = "Tệp PDF đã bị khóa, không cho ký thêm; nộp lại tệp chưa khóa hoặc hỏi văn thư."


class SignatureAwaited(SigningError):
    code = "CHO_THIET_BI"
    exit_code = ExitCode.NEEDS_PERSON
    message = "The signature waits for the token on its owner's desk."
    sentence = (
        "Đang chờ người ký dùng thiết bị USB của mình: mở `sohoa token`, xem rồi nhập mã PIN. Không cần làm gì khác."
    )


class RegisterError(SohoaError):
    code = "SO_DANG_KY"
    message = "The register refused the operation."
    sentence = "Sổ đăng ký từ chối thao tác; báo quản trị hệ thống."


class DatabaseUnavailable(RegisterError):
    code = "CSDL_KHONG_TRA_LOI"
    transient = True
    exit_code = ExitCode.UNAVAILABLE
    message = "The database does not answer."
    sentence = "Cơ sở dữ liệu chưa trả lời; phần mềm sẽ tự thử lại."


class CodeCollision(RegisterError):
    code = "TRUNG_MA"
    message = "Another paper already holds this digitization code."
    sentence = "Mã số hóa đã được cấp cho giấy tờ khác; kiểm tra số ký hiệu, chủ và loại giấy tờ rồi chọn XAC_NHAN lại."


class StaleState(RegisterError):
    code = "TRANG_THAI_CU"
    message = "The paper has left the state this step starts from."
    sentence = "Giấy tờ đã sang bước khác; không cần làm gì."


class NotAsSigned(RegisterError):
    code = "LECH_LUU_TRU"
    message = "The repository does not hold what was signed and registered."
    sentence = "Kho tài liệu không còn giữ đúng tệp hoặc thông tin đã ký; báo văn thư và quản trị hệ thống kiểm tra."


class PortalError(SohoaError):
    code = "CONG_DVC"
    message = "The portal refused the request."
    sentence = "Cổng dịch vụ công từ chối yêu cầu; báo quản trị hệ thống."


class PortalUnavailable(PortalError):
    code = "CONG_KHONG_TRA_LOI"
    transient = True
    exit_code = ExitCode.UNAVAILABLE
    message = "The portal does not answer."
    sentence = "Cổng dịch vụ công chưa trả lời; phần mềm sẽ tự thử lại."
