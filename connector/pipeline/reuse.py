"""KIEM_TRA_KHO: what an owner's store holds already need not be handed in again (Art. 13.3.b)."""

from __future__ import annotations

from connector.domain.errors import MandatoryFieldMissing
from connector.domain.metadata import LegalStatus, Value
from connector.domain.paper import Dossier
from connector.domain.publication import PublishedPaper
from connector.pipeline.workplace import Workplace


def look_into_store(dossier: Dossier, place: Workplace) -> dict[str, Value]:
    """What the folder shows then: one line a stored paper that is in force; only the agency's own store is asked.

    Raises MandatoryFieldMissing without the dossier's owner.
    """
    if not dossier.owner_id:
        raise MandatoryFieldMissing("dossier_owner", sentence="Nhập chuHoSo rồi chọn KIEM_TRA_KHO lại.")
    stored = place.registry.published_of_owner(dossier.owner_id)
    lines = tuple(_line(paper) for paper in stored if paper.legal_status is LegalStatus.HIEU_LUC)
    return {"reuse_notice": lines or ("Kho chưa có giấy tờ nào của chủ hồ sơ.",)}


def _line(paper: PublishedPaper) -> str:
    metadata = paper.record.metadata
    return (
        f"{metadata.document_name} số {metadata.document_number} ngày {metadata.issue_date}, "
        f"{metadata.issuing_authority} (mã số hóa {paper.record.digitization_code})"
    )
