"""What a demo leaves behind: one table, and a folder for those who check it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from connector.demo.followed import Followed
from connector.demo.site import PORTAL, SERVICE, Site
from connector.domain.metadata import PAPER_PROPERTIES
from ocr_worker.pages.render import preview

_PICTURE_DPI = 110
_COLUMNS = ("Giấy tờ", "Mã số hóa", "Trạng thái", "Đúng/sửa/sai lọt", "Chữ ký", "Cổng nhận", "Giây")


def table(papers: Sequence[Followed]) -> str:
    """One row a paper: name, code, state, fields proposed right/corrected/silently wrong, signatures, pull, seconds."""
    rows = [_COLUMNS, *(_row(paper) for paper in papers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(paper: Followed) -> tuple[str, ...]:
    seen, pulled = paper.comparison, paper.pulled
    return (
        paper.submission.name.removesuffix(".pdf"),
        pulled.digitization_code if pulled else "-",
        str(paper.state),
        f"{seen.right}/{seen.corrected}/{seen.silently_wrong}" if seen else "-",
        _yes_or_no(pulled.signatures_valid, "hợp lệ", "SAI") if pulled else "-",
        _yes_or_no(pulled.unchanged, "nguyên vẹn", "KHÁC") if pulled else "-",
        f"{paper.seconds:.0f}" if paper.seconds is not None else "-",
    )


def _yes_or_no(value: bool, yes: str, no: str) -> str:
    return yes if value else no


class OutFolder:
    """``--out DIR``: signed files, pictures of their first pages, trust anchors, result.json."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("signed", "trust", "pages"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def signed_pdf(self, paper_id: str) -> Path:
        """Where the pulled paper goes."""
        return self.folder / "signed" / f"{paper_id}.pdf"

    def signed_xml(self, paper_id: str) -> Path:
        """Where the pulled metadata goes."""
        return self.folder / "signed" / f"{paper_id}.xml"

    def draw_first_page(self, paper_id: str) -> None:
        """Page 1 as a reader sees it, with the visible signatures."""
        picture = Image.fromarray(preview(self.signed_pdf(paper_id), 1, _PICTURE_DPI))
        picture.save(self.folder / "pages" / f"{paper_id}.png")

    def write(self, papers: Sequence[Followed], site: Site) -> None:
        """result.json, renamed into place when everything else is there."""
        shutil.copy(site.pki.roots, self.folder / "trust" / "root.pem")
        result = {
            "documents": [_document(paper, site) for paper in papers if paper.pulled],
            "others": [_other(paper) for paper in papers if not paper.pulled],
            "soap": {"url": site.soap_url, "username": PORTAL, "password": site.portal_password},
            "ecm": {
                "browser_url": site.ecm.browser_url,
                "repository_id": site.ecm.repository_id,
                "username": SERVICE,
                "password": SERVICE,
            },
        }
        unfinished = self.folder / ".result.json"
        unfinished.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        unfinished.rename(self.folder / "result.json")


def _document(paper: Followed, site: Site) -> dict[str, object]:
    pulled = paper.pulled
    assert pulled is not None
    return {
        "id": pulled.paper_id,
        "name": paper.submission.name,
        "state": str(paper.state),
        "digitization_code": pulled.digitization_code,
        "properties": _repository_properties(paper.shown.properties, site),
        "stored_sha256": pulled.stored_sha256,
        "pulled_sha256": pulled.pulled_sha256,
        "signatures": [report.as_dict() for report in pulled.signatures],
        "metadata_signatures": [report.as_dict() for report in pulled.metadata_signatures],
        "seconds": round(paper.seconds or 0.0, 1),
    }


def _other(paper: Followed) -> dict[str, object]:
    return {
        "id": paper.shown.version_series_id,
        "name": paper.submission.name,
        "state": str(paper.state),
        "reason": paper.reason,
    }


def _repository_properties(properties: Mapping[str, object], site: Site) -> dict[str, object]:
    """Under the names the repository gives them."""
    return {
        site.mapping.property_id("paper", name): _plain(properties[name])
        for name in PAPER_PROPERTIES
        if properties.get(name) not in (None, (), "")
    }


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
