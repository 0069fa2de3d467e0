"""A paper as it leaves the pipeline: scan, personal signature, agency signature, signed metadata."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from connector.demo.pki import AGENCY_NAME, SCANNER_NAME
from connector.domain.metadata import CopyForm, Metadata
from connector.domain.publication import Record
from connector.domain.signatures import AgencyStamp, ScannerStamp, SignedPrefix
from signing.signer import PaperSigner
from tests.fixtures.sheets import sheet

SCANNED = dt.datetime(2026, 3, 5, 1, 2, 3, tzinfo=dt.UTC)
PERSONAL = ScannerStamp(full_name=SCANNER_NAME, scanned_at=SCANNED)
COPY = AgencyStamp(copy_form=CopyForm.SAO_Y, agency_name=AGENCY_NAME)


@dataclass(frozen=True)
class SignedPaper:
    """The files of one paper."""

    scan: Path
    personal: Path
    paper: Path
    metadata: Path


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def a_record(prefix: SignedPrefix) -> Record:
    return Record(
        paper_id=UUID("6f1c0f0e-4a53-4a8e-9d9e-0a1b2c3d4e5f"),
        digitization_code="001090000012.MAU-QD.12/QĐ-BHXH",
        is_result=True,
        procedure_code="1.001939",
        dossier_code="HS-1",
        metadata=Metadata(
            document_type_code="MAU-QD",
            owner_id="001090000012",
            document_name="Quyết định",
            document_number="12/QĐ-BHXH",
            issue_date="2026-01-02",
            issuing_authority="Bảo hiểm xã hội tỉnh Quảng Ngãi",
            abstract="Về việc hưởng lương hưu hằng tháng",
            extra={"so_so": "5100"},
        ),
        extracted_at=SCANNED,
        confirmed_by="Nguyễn Thị Hà",
        confirmed_at=SCANNED,
        approved_by="Lê Văn Thư",
        authority_basis=None,
        copy_form=CopyForm.SAO_Y,
        prefix=prefix,
    )


def sign_paper(signer: PaperSigner, folder: Path) -> SignedPaper:
    names = ("scan.pdf", "personal.pdf", "paper.pdf", "metadata.xml")
    signed = SignedPaper(*(folder / name for name in names))
    signer.sign_scan(sheet(signed.scan), signed.personal, identity="hà", stamp=PERSONAL)
    prefix = signer.sign_copy(signed.personal, signed.paper, stamp=COPY)
    signer.sign_record(a_record(prefix), signed.metadata)
    return signed
