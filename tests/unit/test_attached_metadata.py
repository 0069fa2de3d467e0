"""Metadata that comes inside an electronic paper."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from connector.domain.metadata_elements import NAMESPACE
from ocr_worker.fields.attached_metadata import attached_values, joined
from tests.fakes.reader import proposal

XML = f"""<DuLieuDacTa xmlns="{NAMESPACE}"><MaLoaiGiayTo>KQ.G24.1</MaLoaiGiayTo><SoKyHieu>12/QĐ-BHXH</SoKyHieu>
<NgayCap>2025-01-06</NgayCap><CoQuanCap>Bảo hiểm xã hội tỉnh Hà Nam</CoQuanCap></DuLieuDacTa>"""


def paper(folder: Path, *attached: bytes) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for number, content in enumerate(attached):
            pdf.attachments[f"{number}.xml"] = content
        pdf.save(folder / "paper.pdf")
    return folder / "paper.pdf"


def test_the_values_of_an_attached_xml_are_read_but_for_anothers_type_code(tmp_path: Path) -> None:
    values = attached_values(paper(tmp_path, b"not xml", XML.encode()))

    assert values == {
        "document_number": "12/QĐ-BHXH", "issue_date": "2025-01-06",
        "issuing_authority": "Bảo hiểm xã hội tỉnh Hà Nam",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"", b"<x/>", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', b"<DuLieuDacTa/>" * 2],
)
def test_anything_else_attached_gives_nothing(tmp_path: Path, content: bytes) -> None:
    assert attached_values(paper(tmp_path, content)) == {}


def test_a_file_without_attachments_or_no_pdf_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x")

    assert attached_values(paper(tmp_path)) == attached_values(tmp_path / "other") == {}


def test_page_and_attachment_are_sure_together_and_a_question_apart() -> None:
    read = {"document_number": proposal("12/QĐ-BHXH", needs_review=True), "issue_date": proposal("2025-01-07")}
    attached = {"document_number": "12/QĐ-BHXH", "issue_date": "2025-01-06", "validity": "12 tháng"}

    fields = joined(read, attached)

    assert (fields["document_number"].value, fields["document_number"].needs_review) == ("12/QĐ-BHXH", False)
    for name in ("issue_date", "validity"):
        assert (fields[name].value, fields[name].needs_review) == (attached[name], True)
    assert fields["issue_date"].text == "2025-01-07"
