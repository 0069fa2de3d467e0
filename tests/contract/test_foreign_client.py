"""Clients that are not ours read back what we wrote: Apache Chemistry's in Java, libcmis in C++."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.demo.ecm import DemoEcm
from connector.domain.metadata import VIETNAM

pytestmark = [pytest.mark.slow, pytest.mark.integration]

# `Trích yếu nội dung( bhxh:trichYeu ): `, then one line for each value
_PRINTED = re.compile(r"\( (\S+) \): \n((?:\t.*\n)*)")
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


def test_a_client_in_another_language_reads_what_was_written(
    ecm: DemoEcm, cmis: CmisRepository, dossier_folder: str, tmp_path: Path
) -> None:
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7 \x00\xff")
    properties = {"abstract": 'Về việc "thử" <đ>', "declared_pages": 0, "proposals": ("một", "hai")}
    paper = cmis.create_document(
        dossier_folder, "Giấy số 1.pdf", content, content_type="application/pdf", kind="paper", properties=properties
    )
    command = ["cmis-client", "--url", ecm.atom_url, "-u", "kiem.tra", "-p", "x", "-r", "A1"]
    fetched = tmp_path / "fetched"
    fetched.mkdir()

    shown = subprocess.run(
        [*command, "show-by-id", paper.object_id], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    subprocess.run([*command, "get-content", paper.object_id], check=True, cwd=fetched)

    found = {name: values.strip().splitlines() for name, values in _PRINTED.findall(shown.stdout)}
    assert found["bhxh:trichYeu"] == ['Về việc "thử" <đ>']
    assert found["bhxh:soTrang"] == ["0"]
    assert [line.strip() for line in found["bhxh:deXuat"]] == ["một", "hai"]
    assert found["cmis:secondaryObjectTypeIds"] == ["bhxh:giayTo"]
    assert [file.read_bytes() for file in fetched.iterdir()] == [content.read_bytes()]
