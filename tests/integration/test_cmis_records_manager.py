"""A records manager's day, through CMIS alone, on the real OpenCMIS server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.demo.records_manager import HandedIn, RecordsManager
from connector.domain.metadata import DossierResult

pytestmark = pytest.mark.integration


def test_a_dossier_is_deposited_confirmed_and_approved_under_each_persons_name(
    cmis: CmisRepository, as_login: Callable[[str], CmisRepository], dossier_folder: str, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    reception, settling = RecordsManager(as_login("tiep.nhan")), RecordsManager(as_login("giai.quyet"))
    above = cmis.folder_at("/Hồ sơ").object_id

    dossier = reception.deposit(
        above,
        f"Hồ sơ {dossier_folder}",
        {"procedure_code": "1.001939", "paper_count": 1},
        [HandedIn(file=scan, name="Giấy chứng sinh.pdf", properties={"submission_form": "BAN_CHINH"})],
    )
    (paper,) = reception.papers(dossier)
    cmis.update(
        paper,
        {
            "state": "CHO_XAC_NHAN",
            "abstract": "trích yếu",
            "proposals": ("soKyHieu = 12/QĐ (72 %, trang 1, viết tay)",),
            "fields_to_check": ("soKyHieu",),
        },
    )

    (waiting,) = settling.waiting(dossier)
    reading = settling.reading(waiting)
    pressed = settling.confirm(waiting, {"document_number": "12/QĐ-BHXH"})
    settled = settling.set_result(dossier, DossierResult.THANH_CONG)
    approved = RecordsManager(as_login("van.thu")).approve(dossier)

    assert paper.created_by == "tiep.nhan"
    assert reading.values == {"abstract": "trích yếu"}
    assert reading.fields_to_check == ("document_number",)
    assert (pressed.properties["action"], pressed.properties["document_number"]) == ("XAC_NHAN", "12/QĐ-BHXH")
    assert (pressed.modified_by, settled.modified_by, approved.modified_by) == ("giai.quyet", "giai.quyet", "van.thu")
    assert (settled.properties["result"], approved.properties["action"]) == ("THANH_CONG", "KY_CO_QUAN")
