"""What a person sees of the signatures: upright, readable, in the corners, over nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import tesserocr
from PIL import Image

from connector.demo.pki import AGENCY_NAME, SCANNER_NAME
from connector.domain.metadata import CopyForm
from connector.domain.signatures import AgencyStamp, ScannerStamp
from ocr_worker.recognition.recognize import TESSDATA
from signing.signer import PaperSigner
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration

SCANNED = dt.datetime(2026, 3, 5, 1, 2, 3, tzinfo=dt.UTC)


def drawn(pdf: Path) -> Image.Image:
    """Page 1 as a reader sees it, 200 dpi."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        page = document[0].render(scale=200 / 72, may_draw_forms=True, draw_annots=True)
        return page.to_pil().convert("RGB").copy()


def read(picture: Image.Image) -> str:
    with tesserocr.PyTessBaseAPI(path=str(TESSDATA), lang="vie", psm=tesserocr.PSM.SINGLE_BLOCK) as engine:
        engine.SetImage(picture.resize((picture.width * 2, picture.height * 2)))
        return " ".join(engine.GetUTF8Text().split())


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"rotation": 90},
        {"rotation": 180},
        {"crop": (40.0, 30.0, 560.0, 800.0), "rotation": 270},
        {"size": (420.0, 595.0)},
    ],
    ids=["A4", "90", "180", "cropped and turned", "A5"],
)
def test_both_signatures_are_upright_readable_and_cover_nothing(
    signer: PaperSigner, geometry: dict[str, Any], tmp_path: Path
) -> None:
    scan = sheet(tmp_path / "scan.pdf", **geometry)
    stamp = ScannerStamp(full_name=SCANNER_NAME, scanned_at=SCANNED)
    signer.sign_scan(scan, tmp_path / "personal.pdf", identity="hà", stamp=stamp)
    agency = AgencyStamp(copy_form=CopyForm.SAO_LUC, agency_name=AGENCY_NAME)
    signer.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=agency)

    before, after = drawn(scan), drawn(tmp_path / "signed.pdf")

    changed = (np.abs(np.asarray(before, np.int16) - np.asarray(after, np.int16)) > 60).any(axis=2)
    assert np.asarray(before)[changed].min() > 200, "a signature stands on ink"
    rows, columns = np.nonzero(changed)
    height, middle = int(rows.max()) + 12, after.width // 2
    assert rows.max() < after.height * 0.25
    left = read(after.crop((0, 0, int(columns[columns < middle].max()) + 12, height)))
    right = read(after.crop((int(columns[columns > middle].min()) - 12, 0, after.width, height)))
    assert f"Người sao chụp: {SCANNER_NAME}" in left
    assert "05/03/2026 08:02:03" in left
    assert "SAO LỤC" in right
    assert AGENCY_NAME in right
