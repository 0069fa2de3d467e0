"""The tables of Decree 30/2020/NĐ-CP, Appendix VI: one row for the dossier, one for each of its papers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from connector.domain.document_number import parted
from connector.domain.metadata import VIETNAM
from connector.domain.paper import Dossier, Paper
from connector.domain.states import Stage
from connector.pipeline.workplace import Workplace

FILE_TABLE, DOCUMENT_TABLE = "nd30-ho-so.csv", "nd30-van-ban.csv"
# the names of the appendix; columns that nobody here knows (the fonds' catalogue, rights) stay empty for the archive
_FILE_COLUMNS = (
    "FileCode.OrganId", "FileCode.FileCatalog", "FileCode.FileNotation", "Title", "Maintenance", "Rights", "Creator",
    "StartDate", "EndDate", "DocTotal", "PageTotal",
)  # fmt: skip
_DOCUMENT_COLUMNS = (
    "FileCode.OrganId", "FileCode.FileCatalog", "FileCode.FileNotation", "DocOrdinal", "TypeName", "CodeNumber",
    "CodeNotation", "IssuedDate", "OrganName", "Subject", "Language", "PageAmount", "Description", "MaTaiLieu",
)  # fmt: skip


def archive_tables(dossier: Dossier, papers: Sequence[Paper], place: Workplace) -> Mapping[str, bytes]:
    """File names and contents, CSV in UTF-8; papers without confirmed data have only their ordinal."""
    pages = [_pages(paper, place) for paper in papers]
    dates = sorted(date for paper in papers if (date := _issue_date(paper)))
    ended = dossier.result_at.astimezone(VIETNAM).date().isoformat() if dossier.result_at else ""
    procedure = place.office.procedures.named(dossier.procedure_code, place.today())
    file_row = {
        "FileCode.FileNotation": dossier.dossier_code,
        "Title": procedure.name if procedure else f"Hồ sơ thủ tục hành chính {dossier.procedure_code}",
        "Maintenance": _kept_until(papers),
        "Creator": place.office.agency_name,
        "StartDate": dates[0] if dates else "",
        "EndDate": ended or (dates[-1] if dates else ""),
        "DocTotal": len(papers),
        "PageTotal": sum(filter(None, pages)) or "",
    }
    document_rows = [
        _document_row(dossier, number, paper, count)
        for number, (paper, count) in enumerate(zip(papers, pages, strict=True), start=1)
    ]
    return {FILE_TABLE: _csv(_FILE_COLUMNS, [file_row]), DOCUMENT_TABLE: _csv(_DOCUMENT_COLUMNS, document_rows)}


def _document_row(dossier: Dossier, number: int, paper: Paper, pages: int | None) -> dict[str, object]:
    row: dict[str, object] = {
        "FileCode.FileNotation": dossier.dossier_code,
        "DocOrdinal": number,
        "PageAmount": pages or "",
        "MaTaiLieu": paper.paper_id,
    }
    if (data := paper.metadata) is None:
        return row
    code_number, notation = parted(data.document_number)
    return row | {
        "TypeName": data.document_name,
        "CodeNumber": code_number,
        "CodeNotation": notation,
        "IssuedDate": data.issue_date,
        "OrganName": data.issuing_authority,
        "Subject": data.abstract,
        "Description": "; ".join(f"{name}: {value}" for name, value in data.extra.items()),
    }


def _issue_date(paper: Paper) -> str | None:
    return paper.metadata.issue_date if paper.metadata else None


def _pages(paper: Paper, place: Workplace) -> int | None:
    """As counted at the capture; an electronic paper's as read."""
    for stage in (Stage.CAPTURE, Stage.EXTRACTION):
        pages = (place.registry.result(paper.paper_id, stage) or {}).get("pages")
        if isinstance(pages, int):
            return pages
    return None


def _kept_until(papers: Sequence[Paper]) -> str:
    """The dossier is kept as long as the paper that is kept longest."""
    days = [str(paper.displayed["retention_until"]) for paper in papers if paper.displayed.get("retention_until")]
    return max(days, default="")


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # as spreadsheets recognise Vietnamese letters
