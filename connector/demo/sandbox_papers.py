"""The made-up papers of the sandbox."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pikepdf
from lxml import etree

from connector.domain.errors import ObjectNotFound, RepositoryUnavailable
from connector.domain.metadata import CopyForm, LegalStatus, Metadata
from connector.domain.paper import Artifact, ArtifactKind
from connector.domain.publication import ChangeKind, PublishedPaper, Record
from connector.domain.signatures import Level, SignedPrefix
from connector.domain.states import State
from signing.metadata_xml import build_metadata_xml

OWNER = "001090000012"
_MADE = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC)
_CHUNK = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Case:
    """One paper and the answer it brings about."""

    code: str
    shows: str
    document_type: str = "MAU-QD"
    issue_date: str = "2024-03-15"
    published: bool = True
    state: State = State.DA_LUU
    status: LegalStatus = LegalStatus.HIEU_LUC
    replaced_by: str | None = None
    versions: int = 1
    change: ChangeKind = ChangeKind.PHIEN_BAN
    padding: int = 0  # bytes, to make a large file
    trouble: str = ""  # away, gone, replaced


_CONFLICT = f"{OWNER}.MAU-QD.15/QĐ-MAU"
CASES = (
    Case(code=f"{OWNER}.MAU-QD.10/QĐ-MAU", shows="a paper in force / giấy tờ còn hiệu lực"),
    Case(code=f"{OWNER}.MAU-CV.11/CV-MAU", shows="another type / loại khác", document_type="MAU-CV"),
    Case(code=f"{OWNER}.MAU-QD.12/QĐ-MAU", shows="two versions / hai phiên bản", versions=2),
    Case(
        code=f"{OWNER}.MAU-QD.13/QĐ-MAU",
        shows="replaced: THAY_THE / bị thay thế",
        status=LegalStatus.THAY_THE,
        replaced_by=f"{OWNER}.MAU-QD.10/QĐ-MAU",
        versions=2,
        change=ChangeKind.THAY_THE,
    ),
    Case(
        code=f"{OWNER}.MAU-QD.14/QĐ-MAU",
        shows="withdrawn: THU_HOI / bị thu hồi",
        status=LegalStatus.THU_HOI,
        versions=2,
        change=ChangeKind.THU_HOI,
    ),
    Case(code=_CONFLICT, shows="Conflict: two papers of one code / hai giấy tờ cùng mã", issue_date="2023-03-15"),
    Case(code=_CONFLICT, shows="the other of the two / giấy tờ thứ hai cùng mã"),
    Case(code=f"{OWNER}.MAU-QD.16/QĐ-MAU", shows="50 MB: use MTOM / tệp 50 MB", padding=50_000_000),
    Case(code=f"{OWNER}.MAU-QD.17/QĐ-MAU", shows="GetDocument: Unavailable / kho tạm ngừng", trouble="away"),
    Case(code=f"{OWNER}.MAU-QD.18/QĐ-MAU", shows="GetDocument: Withheld, file gone / mất tệp", trouble="gone"),
    Case(
        code=f"{OWNER}.MAU-QD.19/QĐ-MAU", shows="GetDocument: Withheld, file replaced / tệp bị thay", trouble="replaced"
    ),
    Case(code="-", shows="NotReady: on its way / đang số hóa", published=False, state=State.CHO_XAC_NHAN),
    Case(code="-", shows="Withheld: quarantined / cách ly", published=False, state=State.CACH_LY),
)


@dataclass
class Shelf:
    """The contents, where a repository would be."""

    _contents: dict[str, bytes] = field(default_factory=dict)
    _troubles: dict[str, str] = field(default_factory=dict)

    def read(self, repository_id: str, object_id: str) -> Iterator[bytes]:
        """A file in chunks; raises what a repository in trouble would raise."""
        trouble = self._troubles.get(object_id)
        if trouble == "away":
            raise RepositoryUnavailable("sandbox")
        if trouble == "gone":
            raise ObjectNotFound("sandbox")
        content = self._contents[object_id]
        if trouble == "replaced":
            content = content[::-1]
        for start in range(0, len(content), _CHUNK):
            yield content[start : start + _CHUNK]

    def put(self, case: Case, paper_id: UUID, version: int) -> PublishedPaper:
        """Make a version's files and say what is published of it."""
        pdf = _pdf(f"{paper_id} v{version}", case.padding)
        prefix = SignedPrefix(length=len(pdf), sha256=hashlib.sha256(pdf).hexdigest())
        record = _record(case, paper_id, prefix)
        document = self._keep(ArtifactKind.AGENCY, f"{paper_id};{version}", pdf)
        self._troubles[document.object_id] = case.trouble
        xml = etree.tostring(build_metadata_xml(record), encoding="utf-8", xml_declaration=True)
        last = version == case.versions
        return PublishedPaper(
            record=record,
            repository_id="sandbox",
            version=version,
            legal_status=case.status if last else LegalStatus.HIEU_LUC,
            replaced_by=case.replaced_by if last else None,
            document=document,
            signed_metadata=self._keep(ArtifactKind.METADATA, f"{paper_id};{version}.xml", xml),
            level=Level.B_LTA,
            published_at=_MADE + dt.timedelta(days=version),
        )

    def _keep(self, kind: ArtifactKind, object_id: str, content: bytes) -> Artifact:
        self._contents[object_id] = content
        return Artifact(kind=kind, object_id=object_id, sha256=hashlib.sha256(content).hexdigest(), length=len(content))


def _record(case: Case, paper_id: UUID, prefix: SignedPrefix) -> Record:
    number = case.code.rsplit(".", 1)[-1]
    metadata = Metadata(
        document_type_code=case.document_type,
        owner_id=OWNER,
        owner_id_kind="CCCD",
        owner_name="Nguyễn Văn Mẫu",
        owner_birth_date="1990-05-19",
        document_name="Công văn" if case.document_type == "MAU-CV" else "Quyết định",
        document_number=number,
        issue_date=case.issue_date,
        issuing_authority="Cơ quan mẫu",
        abstract="Giấy tờ tổng hợp để thử nghiệm, không có giá trị pháp lý",
        extra={"ghi_chu": "dữ liệu thử"},
    )
    return Record(
        paper_id=paper_id,
        digitization_code=case.code,
        is_result=False,
        procedure_code="1.001939",
        dossier_code="HS-THU-1",
        metadata=metadata,
        extracted_at=_MADE,
        confirmed_by="Trần Thị Thử",
        confirmed_at=_MADE,
        approved_by="Lê Văn Thư",
        authority_basis=None,
        copy_form=CopyForm.SAO_Y,
        prefix=prefix,
    )


def _pdf(text: str, padding: int) -> bytes:
    """One page that says what it is; unsigned."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    drawing = f"BT /F1 14 Tf 60 760 Td (SANDBOX - NOT A REAL PAPER) Tj 0 -24 Td ({text}) Tj ET"
    page.Contents = pdf.make_stream(drawing.encode())
    if padding:
        pdf.Root.SohoaPadding = pdf.make_indirect(pdf.make_stream(bytes(padding)))
    buffer = io.BytesIO()
    pdf.save(buffer, compress_streams=False, deterministic_id=True)
    return buffer.getvalue()
