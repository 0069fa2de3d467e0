"""The Article 9 metadata of a paper, and the logical names of everything the ECM shows."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from connector.domain.errors import InvalidFieldValue

# Value of a logical property. Dates without a time are ISO strings: a repository's date-time would move them
# across midnight in another zone.
Value = str | bool | int | float | dt.datetime | tuple[str, ...] | None

_UNNAMED = "Ghi chú"
VIETNAM = dt.timezone(dt.timedelta(hours=7), "+07:00")


class SubmissionForm(StrEnum):
    """How the paper was handed in (``bhxh:hinhThucNop``)."""

    BAN_CHINH = "BAN_CHINH"
    BAN_CHUP_DOI_CHIEU = "BAN_CHUP_DOI_CHIEU"
    BAN_SAO_CHUP = "BAN_SAO_CHUP"
    BAN_SAO_CHUNG_THUC = "BAN_SAO_CHUNG_THUC"
    SAO_Y = "SAO_Y"
    DIEN_TU = "DIEN_TU"


class DossierResult(StrEnum):
    """How the procedure ended (``bhxh:ketQua``)."""

    THANH_CONG = "THANH_CONG"
    KHONG_THANH_CONG = "KHONG_THANH_CONG"


class LegalStatus(StrEnum):
    """Whether a stored paper is in force (``bhxh:hieuLuc``)."""

    HIEU_LUC = "HIEU_LUC"
    HET_HAN = "HET_HAN"
    THU_HOI = "THU_HOI"
    THAY_THE = "THAY_THE"


class CopyForm(StrEnum):
    """The copy form the agency attests (Decree 30/2020 Art. 25); KHONG: it signs the metadata only."""

    SAO_Y = "SAO Y"
    SAO_LUC = "SAO LỤC"
    TRICH_SAO = "TRÍCH SAO"
    KHONG = ""


NO_COPY = "KHONG"  # how the văn thư says in `bhxh:hinhThucSao` that only the metadata are signed

# Article 9.2 a-i, k: what is read from the paper and confirmed by a person. The names are a contract.
ARTICLE_9_FIELDS = (
    "document_type_code",
    "owner_id",
    "owner_id_kind",
    "owner_name",
    "owner_birth_date",
    "owner_founding_year",
    "document_name",
    "document_number",
    "issue_date",
    "issuing_authority",
    "abstract",
    "validity",
    "validity_scope",
)
MANDATORY_FIELDS = (
    "document_type_code",
    "document_name",
    "document_number",
    "issue_date",
    "issuing_authority",
    "abstract",
)

# logical name -> local name; the prefix (`bhxh:`) and the repository's own spelling come from the mapping
PAPER_PROPERTIES: Mapping[str, str] = {
    "document_type_code": "maLoaiGiayTo",
    "owner_id": "maChuGiayTo",
    "owner_id_kind": "loaiDinhDanh",
    "owner_name": "tenChuGiayTo",
    "owner_birth_date": "ngaySinh",
    "owner_founding_year": "namThanhLap",
    "document_name": "tenGiayTo",
    "document_number": "soKyHieu",
    "issue_date": "ngayCap",
    "issuing_authority": "coQuanCap",
    "abstract": "trichYeu",
    "validity": "thoiHanHieuLuc",
    "validity_scope": "phamViHieuLuc",
    "extra": "duLieuChuyenNganh",
    "extracted_at": "thoiGianBocTach",
    "is_result": "laKetQua",
    "submission_form": "hinhThucNop",
    "show_only": "chiXuatTrinh",
    "secrecy": "doMat",
    "scope_basis": "canCu",
    "declared_pages": "soTrang",
    "sticky_notes": "trangCoGiayGhiChu",
    "scanned_by": "nguoiSaoChup",
    "scanned_at": "thoiGianSaoChup",
    "original_place": "noiLuuBanGiay",
    "component": "thanhPhanHoSo",
    "replaced_by": "giayToThayThe",
    "retention_until": "hanLuuTru",
    "state": "trangThai",
    "error": "loi",
    "action": "thaoTac",
    "proposals": "deXuat",
    "fields_to_check": "truongCanXem",
    "confidence": "doTinCay",
    "verification_link": "lienKetXacNhan",
    "digitization_code": "maSoHoa",
    "confirmed_by": "nguoiXacNhan",
    "confirmed_at": "thoiGianXacNhan",
    "copy_form": "hinhThucSao",
    "legal_status": "hieuLuc",
    "original_sha256": "maBamGoc",
    "content_sha256": "maBam",
}
DOSSIER_PROPERTIES: Mapping[str, str] = {
    "dossier_code": "maHoSo",
    "procedure_code": "maTTHC",
    "dossier_owner": "chuHoSo",
    "paper_count": "soGiayTo",
    "result": "ketQua",
    "notice_number": "soThongBao",
    "notice_date": "ngayThongBao",
    "result_channel": "kenhTraKetQua",
    "result_returned_at": "thoiGianTraKetQua",
    "reuse_notice": "taiSuDung",
    "action": "thaoTac",
    "error": "loi",
}
# What people write; every other property of a paper is a displayed copy, put back when it differs.
WRITTEN_BY_PEOPLE = frozenset(
    {*ARTICLE_9_FIELDS, "extra", "action"}
    | {
        "is_result",
        "submission_form",
        "show_only",
        "secrecy",
        "scope_basis",
        "declared_pages",
        "sticky_notes",
    }
    | {"scanned_by", "scanned_at", "original_place", "component", "replaced_by"}
)


def clean(text: str) -> str:
    """NFC, the two look-alike capitals Đ folded to U+0110, white space collapsed."""
    folded = unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110")
    return " ".join(folded.split())


def iso_date(text: str) -> str:
    """The ISO form of a date an official typed: 2025-01-06, 06/01/2025 or 6-1-2025.

    Raises InvalidFieldValue when it is no day of the calendar.
    """
    value = clean(text)
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(value[:10] if "T" in value else value, pattern).date().isoformat()
        except ValueError:
            continue
    raise InvalidFieldValue("a date is neither YYYY-MM-DD nor DD/MM/YYYY")


def sector_fields(text: str) -> dict[str, str]:
    """What an official typed into `bhxh:duLieuChuyenNganh`: "Số tháng đóng: 240; Mức hưởng: 75 %" (Art. 9.2.k).

    A part without a name is kept as it is, under "Ghi chú".
    """
    fields: dict[str, str] = {}
    for part in re.split(r"[;\n]", text):
        name, separator, value = part.partition(":")
        if clean(part):
            named = (clean(name), clean(value)) if separator and clean(name) else (_UNNAMED, clean(part))
            fields[named[0]] = f"{fields[named[0]]}; {named[1]}" if named[0] in fields else named[1]
    return fields


def _year(text: str) -> str:
    """Raises InvalidFieldValue unless ``text`` is a year of four digits."""
    if not re.fullmatch(r"(18|19|20)\d\d", text):
        raise InvalidFieldValue("a year is not one of four digits since 1800")
    return text


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The Article 9.2 values of one paper; None where the paper has none.

    ``issue_date`` is an ISO date, ``owner_birth_date`` an ISO date or a bare year where no more is known.
    """

    document_type_code: str | None = None
    owner_id: str | None = None
    owner_id_kind: str | None = None
    owner_name: str | None = None
    owner_birth_date: str | None = None
    owner_founding_year: str | None = None
    document_name: str | None = None
    document_number: str | None = None
    issue_date: str | None = None
    issuing_authority: str | None = None
    abstract: str | None = None
    validity: str | None = None
    validity_scope: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_values(cls, values: Mapping[str, Value], extra: Mapping[str, str] | None = None) -> Metadata:
        """Metadata from repository values: cleaned, empty text as None, dates in ISO form.

        Raises InvalidFieldValue for what is no date, or no year.
        """
        texts = {name: clean(str(values[name])) or None for name in ARTICLE_9_FIELDS if values.get(name) is not None}
        metadata = cls(**texts, extra=dict(extra or {}))
        if metadata.issue_date:
            metadata = replace(metadata, issue_date=iso_date(metadata.issue_date))
        if birth := metadata.owner_birth_date:
            metadata = replace(metadata, owner_birth_date=_year(birth) if birth.isdigit() else iso_date(birth))
        if metadata.owner_founding_year:
            _year(metadata.owner_founding_year)
        return metadata

    def later_than(self, day: dt.date) -> tuple[str, ...]:
        """The date fields that lie after ``day``: no paper is issued, and nobody born, tomorrow."""
        dates = {
            "owner_birth_date": self.owner_birth_date,
            "owner_founding_year": self.owner_founding_year,
            "issue_date": self.issue_date,
        }
        # an ISO date and a bare year both compare as text with as many characters of the day
        return tuple(name for name, value in dates.items() if value and value > day.isoformat()[: len(value)])

    def missing(self) -> tuple[str, ...]:
        """The mandatory fields that are empty: Article 9.2 a, c, d, đ, e, g, and b or its substitutes."""
        empty = [name for name in MANDATORY_FIELDS if not getattr(self, name)]
        if not self.owner_id and not self._has_owner_substitute():
            empty.append("owner_id")
        return tuple(empty)

    def _has_owner_substitute(self) -> bool:
        return bool(self.owner_name and (self.owner_birth_date or self.owner_founding_year))

    def as_dict(self) -> dict[str, str | dict[str, str] | None]:
        """Plain values, for JSON."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**plain, "extra": dict(self.extra)}
