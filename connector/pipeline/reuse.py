"""KIEM_TRA_KHO: what a store holds of an owner already need not be handed in again (Art. 13.3.b)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from connector.domain.errors import MandatoryFieldMissing, PortalError
from connector.domain.metadata import LegalStatus, Value
from connector.domain.other_stores import OtherStore, PaperElsewhere
from connector.domain.paper import Dossier
from connector.domain.publication import PublishedPaper
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def look_into_store(dossier: Dossier, place: Workplace) -> dict[str, Value]:
    """What the folder shows then: one line a paper in force, ours first, then what the other stores offer, then what
    the procedure's components still lack (Art. 13.3.a).

    A store that does not answer in time is named, and hides nothing of the others. Raises MandatoryFieldMissing
    without the dossier's owner.
    """
    if not dossier.owner_id:
        raise MandatoryFieldMissing("dossier_owner", sentence="Nhập chuHoSo rồi chọn KIEM_TRA_KHO lại.")
    stored = place.registry.published_of_owner(dossier.owner_id)
    found = [_Found(_shown(paper)) for paper in stored if paper.legal_status is LegalStatus.HIEU_LUC]
    found += _elsewhere(dossier.owner_id, place.other_stores)
    lines = [each.line for each in found] or ["Kho chưa có giấy tờ nào của chủ hồ sơ."]
    return {"reuse_notice": (*lines, *_still_to_scan(dossier, found, place))}


@dataclass(frozen=True)
class _Found:
    """A paper that a store has, or what is to be said of a store that gave none."""

    paper: PaperElsewhere | None
    store: str | None = None
    told: str = ""

    @property
    def line(self) -> str:
        text = _line(self.paper) if self.paper else self.told
        return f"{self.store}: {text}" if self.store else text


def _still_to_scan(dossier: Dossier, found: Sequence[_Found], place: Workplace) -> Iterator[str]:
    """The components of which no paper in force was found; nothing where the procedure lists none."""
    today = place.today()
    procedure = place.office.procedures.named(dossier.procedure_code, today)
    held = {each.paper.document_type_code for each in found if each.paper}
    for code in procedure.components if procedure else ():
        if code not in held:
            listed = place.office.types.named(code, today)
            yield f"Còn phải tiếp nhận, sao chụp: {listed.name if listed else code}"


def _elsewhere(owner_id: str, stores: tuple[OtherStore, ...]) -> Iterator[_Found]:
    """All are asked at once: an official waits."""
    if not stores:
        return
    with ThreadPoolExecutor(len(stores)) as askers:
        for found in askers.map(lambda store: _of_store(owner_id, store), stores):
            yield from found


def _of_store(owner_id: str, store: OtherStore) -> list[_Found]:
    try:
        return [_Found(paper, store.name) for paper in store.in_force_of(owner_id)]
    except PortalError as error:
        log.warning("a store that KIEM_TRA_KHO asks: %s", error)
        told = "chưa trả lời; chọn KIEM_TRA_KHO lại sau." if error.transient else "từ chối; báo quản trị hệ thống."
        return [_Found(None, store.name, told)]


def _shown(paper: PublishedPaper) -> PaperElsewhere:
    metadata = paper.record.metadata
    return PaperElsewhere(
        digitization_code=paper.record.digitization_code,
        document_type_code=metadata.document_type_code,
        document_name=metadata.document_name,
        document_number=metadata.document_number,
        issue_date=metadata.issue_date,
        issuing_authority=metadata.issuing_authority,
    )


def _line(paper: PaperElsewhere) -> str:
    return (
        f"{paper.document_name} số {paper.document_number} ngày {paper.issue_date}, "
        f"{paper.issuing_authority} (mã số hóa {paper.digitization_code})"
    )
