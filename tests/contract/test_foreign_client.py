"""Apache Chemistry's Java client reads back what we wrote."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.demo.ecm import DemoEcm
from connector.domain.metadata import VIETNAM

pytestmark = [pytest.mark.slow, pytest.mark.integration]

CLIENT = Path(__file__).parents[1] / "data" / "cmis_client"


@pytest.fixture(scope="module")
def libraries() -> Path:
    """The client's libraries, fetched once."""
    folder = Path(__file__).parents[2] / "build" / "cmis-client"
    if not list(folder.glob("chemistry-opencmis-client-impl-*.jar")):
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        subprocess.run(["mvn", "-q", "-B", "-f", str(CLIENT / "pom.xml"), *goal], check=True)
    return folder


def read_back(libraries: Path, binding: str, url: str, object_id: str) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory() as temporary:
        command = ["java", "-Dfile.encoding=UTF-8", f"-Djava.io.tmpdir={temporary}", "-XX:-UsePerfData"]
        arguments = [str(CLIENT / "ReadBack.java"), binding, url, "A1", object_id]
        said = subprocess.run(
            [*command, "-cp", f"{libraries}/*", *arguments], check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
    return dict(line.split(" = ", 1) for line in said.stdout.splitlines())


@pytest.mark.parametrize("binding", ["browser", "atompub"])
def test_another_client_reads_what_was_written(
    ecm: DemoEcm, cmis: CmisRepository, dossier_folder: str, libraries: Path, tmp_path: Path, binding: str
) -> None:
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7 \x00\xff")
    paper = cmis.create_document(
        dossier_folder, "Giấy chứng sinh số 1.pdf", content, content_type="application/pdf", kind="paper",
        properties={"abstract": "Về việc \"thử\" \\ 'nghiệm' <đ>", "is_result": False, "declared_pages": 0},
    )  # fmt: skip
    content.write_bytes(b"%PDF-1.7 \x00\xff signature")
    signed = cmis.check_in(paper, content, comment="ký số")
    moment = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=VIETNAM)
    cmis.update(signed, {"proposals": ("một", "hai"), "confidence": ("x=1.00",), "scanned_at": moment})

    found = read_back(libraries, binding, ecm.browser_url if binding == "browser" else ecm.atom_url, signed.object_id)

    expected = {
        "cmis:name": "Giấy chứng sinh số 1.pdf",
        "cmis:contentStreamMimeType": "application/pdf",
        "cmis:versionLabel": "2.0",
        "bhxh:trichYeu": "Về việc \"thử\" \\ 'nghiệm' <đ>",
        "bhxh:laKetQua": "false",
        "bhxh:soTrang": "0",
        "bhxh:deXuat": "một | hai",
        "bhxh:doTinCay": "x=1.00",
        "bhxh:thoiGianSaoChup": "2024-05-06T00:08:09Z",
        "bhxh:trangThai": "",
        "versions": "2",
        "sha256": hashlib.sha256(content.read_bytes()).hexdigest(),
    }
    assert {name: found[name] for name in expected} == expected
    assert "bhxh:giayTo" in found["cmis:secondaryObjectTypeIds"]
