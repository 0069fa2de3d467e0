"""A dossier's package: complete, and checked by whoever gets it without asking anybody."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509

from connector.cli.main import main
from connector.demo.pki import DemoPki
from connector.domain.errors import ExitCode
from connector.pipeline.archive_tables import DOCUMENT_TABLE, FILE_TABLE
from connector.pipeline.export import export_dossier
from tests.fixtures.pipelines import PlayedOffice

pytestmark = pytest.mark.integration


def findings(package: Path, pki: DemoPki) -> tuple[int, dict[str, str]]:
    """The exit code, and what is wrong with which file."""
    done = CliRunner().invoke(main, ["verify", "--json", "--trust", str(pki.roots), str(package)])
    lines = [json.loads(line) for line in done.output.splitlines()]
    assert lines
    return done.exit_code, {Path(line["file"]).name: line["finding"] for line in lines if line["finding"]}


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_package_carries_its_evidence_and_tables_and_checks_without_network(
    signing_office: PlayedOffice, pki: DemoPki, tmp_path: Path
) -> None:
    _, [document] = signing_office.stored("12/QĐ-BHXH")
    paper, package = signing_office.paper(document), tmp_path / "package"
    export_dossier(paper.dossier_id, signing_office.place, package)

    assert findings(package, pki) == (ExitCode.OK, {})

    evidence = list((package / "evidence").iterdir())
    certificates = [x509.load_pem_x509_certificate(each.read_bytes()) for each in evidence if each.suffix == ".pem"]
    assert len({each.subject for each in certificates}) >= 3  # scanner, agency, time stamps
    assert {".crl", ".ocsp"} & {each.suffix for each in evidence}
    [row] = rows(package / DOCUMENT_TABLE)
    assert (row["DocOrdinal"], row["CodeNumber"], row["CodeNotation"]) == ("1", "12", "QĐ-BHXH")
    [file_row] = rows(package / FILE_TABLE)
    assert (file_row["FileCode.FileNotation"], file_row["DocTotal"], file_row["PageTotal"]) == ("HS-1", "1", "1")

    folder = package / str(paper.paper_id)
    (folder / "metadata.xml").write_bytes((folder / "metadata.xml").read_bytes().replace(b"12/Q", b"13/Q"))
    (folder / "capture.pdf").unlink()
    (folder / "la.pdf").write_bytes(b"%PDF")
    code, found = findings(package, pki)
    assert code == ExitCode.INVALID_SIGNATURE
    assert found == {
        "metadata.xml": "has been changed", "capture.pdf": "is missing", "la.pdf": "stands in no manifest",
    }  # fmt: skip


def test_a_manifest_that_was_written_anew_does_not_hide_a_foreign_file(
    signing_office: PlayedOffice, pki: DemoPki, tmp_path: Path
) -> None:
    _, documents = signing_office.stored("1/QĐ-BHXH", "2/QĐ-BHXH")
    papers, package = [signing_office.paper(each) for each in documents], tmp_path / "package"
    export_dossier(papers[0].dossier_id, signing_office.place, package)
    one, other = (package / str(paper.paper_id) / "metadata.xml" for paper in papers)
    one.write_bytes(other.read_bytes())  # signed by the agency, but of another paper
    files = sorted(each for each in package.rglob("*") if each.is_file() and not each.name.startswith("manifest"))
    lines = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(package)}" for each in files]
    (package / "manifest-sha256.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    code, found = findings(package, pki)

    assert (code, found) == (ExitCode.INVALID_SIGNATURE, {"metadata.xml": "is not the metadata of signed.pdf"})


def test_a_folder_that_is_no_package_is_refused(pki: DemoPki, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["verify", "--trust", str(pki.roots), str(tmp_path)])

    assert done.exit_code == ExitCode.FAILED
