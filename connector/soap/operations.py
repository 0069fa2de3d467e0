"""The ten operations; plain functions of the request, the caller and what stands behind the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from connector.domain.errors import InvalidFieldValue, ObjectNotFound
from connector.domain.metadata import DossierResult, LegalStatus, clean
from connector.domain.paper import Artifact
from connector.domain.publication import PublishedPaper, SearchCriteria
from connector.domain.published_papers import PublishedPapers
from connector.domain.signatures import SignatureReport
from connector.soap import answers
from connector.soap.answers import Values
from connector.soap.faults import Fault, FaultName, invalid
from connector.soap.lookup import as_shown_to, find_paper
from connector.soap.mtom import PLACE_HOLDER
from connector.soap.rights import feed_rights, search_limits, visible
from connector.soap.security import Client

CONTRACT_VERSION = "1.0"
_PAGE = 50


class DossierResults(Protocol):
    """Sets how a procedure ended (Art. 9.4); raises ObjectNotFound, StaleState when another result stands."""

    def __call__(
        self, dossier_code: str, *, procedure_code: str | None, result: DossierResult, reporter: str
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What the operations work with; ``verify_signatures`` reads the paper's PDF and checks every signature."""

    papers: PublishedPapers
    verify_signatures: Callable[[PublishedPaper], Sequence[SignatureReport]]
    report_result: DossierResults
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)


@dataclass(frozen=True, kw_only=True)
class ContentPlace:
    """Where the content of an answer lies."""

    repository_id: str
    artifact: Artifact


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The values of an answer; ``subject`` goes into the audit chain, ``content`` to the wire."""

    values: Values
    subject: str | None = None
    content: ContentPlace | None = None


def ping(request: Any, client: Client, backing: Backing) -> Answer:
    """Who the caller is to us."""
    values: Values = {
        "PhienBanHopDong": CONTRACT_VERSION,
        "ThoiGian": answers.moment(backing.now()),
        "BenGoi": client.name,
    }
    return Answer(values=values)


def search_documents(request: Any, client: Client, backing: Backing) -> Answer:
    """A page of published papers that fit every criterion, within the caller's rights."""
    if request.NgayCapTu and request.NgayCapDen and request.NgayCapTu > request.NgayCapDen:
        raise invalid("NgayCapDen", "sớm hơn NgayCapTu")
    criteria = SearchCriteria(
        digitization_code=_cleaned(request.MaSoHoa),
        owner_id=_cleaned(request.MaChuGiayTo),
        procedure_code=_cleaned(request.MaTTHC),
        document_type_code=_cleaned(request.MaLoaiGiayTo),
        document_number=_cleaned(request.SoKyHieu),
        issuing_authority=_cleaned(request.CoQuanCap),
        issued_from=request.NgayCapTu,
        issued_to=request.NgayCapDen,
        changed_since=request.ThayDoiTu,
        **search_limits(client),
    )
    return _page(criteria, request, client, backing)


def list_owner_documents(request: Any, client: Client, backing: Backing) -> Answer:
    """A page of one owner's store (Art. 11.2)."""
    criteria = SearchCriteria(
        owner_id=_cleaned(request.MaChuGiayTo),
        legal_status=LegalStatus.HIEU_LUC if request.ChiConHieuLuc else None,
        **search_limits(client),
    )
    return _page(criteria, request, client, backing)


def get_metadata(request: Any, client: Client, backing: Backing) -> Answer:
    """The Article 9.2 metadata, without what the caller does not see."""
    paper = find_paper(request, backing.papers, client)
    values: Values = {
        "TaiLieu": answers.summary_of(paper),
        "DuLieuDacTa": visible(answers.metadata_of(paper.record), client),
    }
    return Answer(values=values, subject=str(paper.record.paper_id))


def get_document(request: Any, client: Client, backing: Backing) -> Answer:
    """The signed PDF, noted as a delivery; left out where the caller has it already."""
    paper = find_paper(request, backing.papers, client)
    subject = str(paper.record.paper_id)
    if request.SHA256DaCo == paper.document.sha256:
        return Answer(values={"TaiLieu": answers.state_of(paper)}, subject=subject)
    delivery = backing.papers.deliver(paper, client=client.name, purpose=request.MucDich, request_id=request.MaYeuCau)
    if delivery.version != paper.version:  # the request was answered before, with what was the latest then
        earlier = backing.papers.published(delivery.paper_id, version=delivery.version) or paper
        paper = as_shown_to(client, earlier, backing.papers)
    values: Values = {
        "MaGiaoNhan": str(delivery.delivery_id),
        "TaiLieu": {**answers.state_of(paper), "NoiDung": PLACE_HOLDER},
    }
    place = ContentPlace(repository_id=paper.repository_id, artifact=paper.document)
    return Answer(values=values, subject=subject, content=place)


def get_metadata_signature(request: Any, client: Client, backing: Backing) -> Answer:
    """The metadata XML as the agency signed it."""
    paper = find_paper(request, backing.papers, client)
    file = paper.signed_metadata
    values: Values = {
        "MaTaiLieu": str(paper.record.paper_id),
        "PhienBan": paper.version,
        "LoaiNoiDung": "application/xml",
        "KichThuoc": file.length,
        "SHA256": file.sha256,
        "NoiDung": PLACE_HOLDER,
    }
    place = ContentPlace(repository_id=paper.repository_id, artifact=file)
    return Answer(values={"TepDacTa": values}, subject=str(paper.record.paper_id), content=place)


def list_changes(request: Any, client: Client, backing: Backing) -> Answer:
    """A page of the feed, within the caller's rights."""
    try:
        page = backing.papers.changes(request.TuDau, limit=request.SoLuong or _PAGE, rights=feed_rights(client))
    except InvalidFieldValue as error:
        raise invalid("TuDau", "dấu đọc không thuộc chuỗi thay đổi hiện nay; đọc lại từ đầu") from error
    return Answer(values=answers.changes_of(page))


def acknowledge_receipt(request: Any, client: Client, backing: Backing) -> Answer:
    """The caller's proof of what arrived."""
    given = request.MaGiaoNhan or request.MaTaiLieu
    if not given:
        raise invalid("MaGiaoNhan", "phải có MaGiaoNhan hoặc MaTaiLieu")
    delivery = backing.papers.acknowledge(UUID(given), client=client.name, sha256=request.SHA256)
    if delivery is None:
        raise Fault(FaultName.NOT_FOUND)
    receipt = answers.receipt_of(delivery, request.SHA256)
    return Answer(values={"GiaoNhan": receipt}, subject=str(delivery.paper_id))


def verify_document(request: Any, client: Client, backing: Backing) -> Answer:
    """Status and signatures of a paper, and whether a copy at hand is it."""
    paper = find_paper(request, backing.papers, client)
    values: Values = {
        "TaiLieu": answers.summary_of(paper),
        "KetQuaDoiChieu": _comparison(request.SHA256, paper, backing.papers) if request.SHA256 else None,
        "ChuKy": answers.verdicts_of(backing.verify_signatures(paper)),
    }
    return Answer(values=values, subject=str(paper.record.paper_id))


def _comparison(sha256: str, paper: PublishedPaper, papers: PublishedPapers) -> str:
    if sha256 == paper.document.sha256:
        return "KHOP"
    older = (papers.published(paper.record.paper_id, version=version) for version in range(paper.version - 1, 0, -1))
    return "KHOP_PHIEN_BAN_CU" if any(old and old.document.sha256 == sha256 for old in older) else "KHONG_KHOP"


def report_dossier_result(request: Any, client: Client, backing: Backing) -> Answer:
    """How the procedure ended, told by the office's software (Art. 9.4)."""
    try:
        backing.report_result(
            clean(request.MaHoSo),
            procedure_code=_cleaned(request.MaTTHC),
            result=DossierResult(request.KetQua),
            reporter=client.name,
        )
    except ObjectNotFound as error:
        raise Fault(FaultName.NOT_FOUND) from error
    return Answer(values={"HoSo": {"MaHoSo": request.MaHoSo, "KetQua": request.KetQua}})


def _page(criteria: SearchCriteria, request: Any, client: Client, backing: Backing) -> Answer:
    try:
        page = backing.papers.search(criteria, limit=request.SoLuong or _PAGE, page_token=request.MaTrang)
    except InvalidFieldValue as error:
        raise invalid("MaTrang", "dấu trang không thuộc lần tìm này") from error
    shown = [as_shown_to(client, paper, backing.papers) for paper in page.papers]
    return Answer(values=answers.page_of(replace(page, papers=shown)))


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else None


OPERATIONS: Mapping[str, Callable[[Any, Client, Backing], Answer]] = {
    "Ping": ping,
    "SearchDocuments": search_documents,
    "GetMetadata": get_metadata,
    "GetDocument": get_document,
    "GetMetadataSignature": get_metadata_signature,
    "ListChanges": list_changes,
    "AcknowledgeReceipt": acknowledge_receipt,
    "VerifyDocument": verify_document,
    "ListOwnerDocuments": list_owner_documents,
    "ReportDossierResult": report_dossier_result,
}
