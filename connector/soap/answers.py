"""Values of the domain as the contract names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from connector.domain.metadata import VIETNAM
from connector.domain.publication import Delivery, FeedPage, PublishedPaper, Record, SearchPage
from connector.domain.signatures import SignatureReport, SignatureRole
from connector.soap.faults import Fault

Values = dict[str, object]
_ROLES: Mapping[SignatureRole, str] = MappingProxyType(
    {SignatureRole.SCANNER: "NGUOI_SAO_CHUP", SignatureRole.AGENCY: "CO_QUAN", SignatureRole.OTHER: "KHAC"}
)


def moment(value: dt.datetime) -> dt.datetime:
    """A time as people in Việt Nam read it, to the second."""
    return value.astimezone(VIETNAM).replace(microsecond=0)


def state_of(paper: PublishedPaper) -> Values:
    """The paper, its status and its file."""
    return {
        "MaTaiLieu": str(paper.record.paper_id),
        "MaSoHoa": paper.record.digitization_code,
        "PhienBan": paper.version,
        "TrangThaiHieuLuc": str(paper.legal_status),
        "MaSoHoaThayThe": paper.replaced_by,
        "MucChuKy": str(paper.level),
        "LoaiNoiDung": "application/pdf",
        "KichThuoc": paper.document.length,
        "SHA256": paper.document.sha256,
    }


def summary_of(paper: PublishedPaper) -> Values:
    """The paper as a list shows it."""
    metadata = paper.record.metadata
    return {
        **state_of(paper),
        "MaLoaiGiayTo": metadata.document_type_code,
        "TenGiayTo": metadata.document_name,
        "SoKyHieu": metadata.document_number,
        "NgayCap": _day(metadata.issue_date),
        "CoQuanCap": metadata.issuing_authority,
        "ThoiGianCongBo": moment(paper.published_at),
    }


def metadata_of(record: Record) -> Values:
    """``DuLieuDacTa`` without its signature: the same values as the signed XML."""
    data = record.metadata
    extra = [{"_value_1": value, "ten": name} for name, value in sorted(data.extra.items())]
    values: Values = {
        "MaTaiLieu": str(record.paper_id),
        "MaSoHoa": record.digitization_code,
        "MaLoaiGiayTo": data.document_type_code,
        "LaKetQua": record.is_result,
        "MaTTHC": record.procedure_code,
        "MaHoSo": record.dossier_code,
        "MaChuGiayTo": data.owner_id,
        "LoaiDinhDanh": data.owner_id_kind,
        "TenChuGiayTo": data.owner_name,
        "NgaySinh": data.owner_birth_date,
        "NamThanhLap": data.owner_founding_year,
        "TenGiayTo": data.document_name,
        "SoKyHieu": data.document_number,
        "NgayCap": _day(data.issue_date),
        "CoQuanCap": data.issuing_authority,
        "TrichYeuNoiDung": data.abstract,
        "ThoiHanHieuLuc": data.validity,
        "PhamViHieuLuc": data.validity_scope,
        "DuLieuChuyenNganh": {"Truong": extra} if extra else None,
        "ThoiGianBocTach": moment(record.extracted_at),
        "NguoiXacNhan": record.confirmed_by,
        "ThoiGianXacNhan": moment(record.confirmed_at),
        "NguoiDuyetSao": record.approved_by,
        "CanCuUyQuyen": record.authority_basis,
        "HinhThucSao": str(record.copy_form),
        "TepTin": {"DoDai": record.prefix.length, "SHA256": record.prefix.sha256},
    }
    return {name: None if value == "" else value for name, value in values.items()}


def page_of(page: SearchPage) -> Values:
    """A page of papers."""
    return {
        "TongSo": page.total,
        "TaiLieu": [summary_of(paper) for paper in page.papers],
        "MaTrangTiep": page.next_token,
    }


def changes_of(page: FeedPage) -> Values:
    """A page of the feed."""
    entries = [
        {
            "ViTri": entry.position,
            "Loai": str(entry.kind),
            "MaTaiLieu": str(entry.paper_id),
            "PhienBan": entry.version,
            "ThoiGian": moment(entry.at),
        }
        for entry in page.entries
    ]
    return {"ThayDoi": entries, "DauTiep": page.next_token, "ConNua": page.more}


def receipt_of(delivery: Delivery, received_sha256: str) -> Values:
    """An acknowledged delivery."""
    return {
        "MaGiaoNhan": str(delivery.delivery_id),
        "MaTaiLieu": str(delivery.paper_id),
        "PhienBan": delivery.version,
        "KhopMaBam": received_sha256 == delivery.sha256,
        "ThoiGian": moment(delivery.acknowledged_at or delivery.at),
    }


def verdicts_of(reports: Sequence[SignatureReport]) -> list[Values]:
    """The verdict on each signature; intact means also that later revisions added nothing but validation data."""
    return [
        {
            "Truong": report.field,
            "NguoiKy": report.signer,
            "VaiTro": _ROLES[report.role],
            "MucChuKy": str(report.level),
            "ThoiGianKy": moment(report.signed_at) if report.signed_at else None,
            "NguyenVen": report.intact and report.modification != "other",
            "TinCay": report.trusted,
        }
        for report in reports
    ]


def detail_of(fault: Fault) -> Values:
    """The content of a typed fault."""
    values: Values = {"Ma": fault.code, "ThongBao": fault.vietnamese, "ThongBaoTiengAnh": fault.english}
    if fault.retry_after is not None:
        values["ThuLaiSau"] = fault.retry_after
    if fault.findings:
        values["ChiTiet"] = [{"Truong": finding.element, "NoiDung": finding.sentence} for finding in fault.findings]
    if fault.candidates:
        values["UngVien"] = [_candidate(paper) for paper in fault.candidates]
    return values


def _candidate(paper: PublishedPaper) -> Values:
    metadata = paper.record.metadata
    return {
        "MaTaiLieu": str(paper.record.paper_id),
        "PhienBan": paper.version,
        "CoQuanCap": metadata.issuing_authority,
        "NgayCap": _day(metadata.issue_date),
        "TrangThaiHieuLuc": str(paper.legal_status),
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
