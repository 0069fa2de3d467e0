"""How xsd/v1/metadata.xsd calls the Article 9 fields."""

from __future__ import annotations

from collections.abc import Mapping

NAMESPACE = "urn:vn:bhxh:sohoa:kho:1"
ROOT = "DuLieuDacTa"
METADATA_ELEMENTS: Mapping[str, str] = {
    "document_type_code": "MaLoaiGiayTo",
    "owner_id": "MaChuGiayTo",
    "owner_id_kind": "LoaiDinhDanh",
    "owner_name": "TenChuGiayTo",
    "owner_birth_date": "NgaySinh",
    "owner_founding_year": "NamThanhLap",
    "document_name": "TenGiayTo",
    "document_number": "SoKyHieu",
    "issue_date": "NgayCap",
    "issuing_authority": "CoQuanCap",
    "abstract": "TrichYeuNoiDung",
    "validity": "ThoiHanHieuLuc",
    "validity_scope": "PhamViHieuLuc",
}
