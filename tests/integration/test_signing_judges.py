"""Others judge what we sign: EU DSS without network, poppler's pdfsig, veraPDF for archival PDF."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from PIL import ImageCms

from connector.demo.born_digital import sign_result
from connector.demo.pki import SOFTHSM, TOKEN, DemoPki
from connector.domain.errors import SignatureAwaited
from connector.domain.signatures import SignedPrefix
from connector.domain.states import Stage
from connector.domain.token_signing import SigningTask
from signing.hsm_session import open_session
from signing.keys import DeskKey, Pkcs11Key, Pkcs12Key, open_key
from signing.renewal import renew_pdf, renew_xml
from signing.signer import PaperSigner
from signing.timestamp import time_stamper
from signing.token_key import TokenKey
from signing.trust import load_trust
from tests.fakes.desk import PromptDesk
from tests.fixtures.sheets import sheet
from tests.integration.signed_paper import COPY, PERSONAL, a_record, sign_paper

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
Verdict = tuple[str, str]  # indication, format


def java(name: str, *arguments: str) -> str:
    """Run a judge; its parts are fetched the first time."""
    if not (ROOT / "build" / name).is_dir():
        pom = str(ROOT / "tests" / "judges" / name / "pom.xml")
        subprocess.run(["mvn", "-q", "-B", "-f", pom, "package"], check=True, capture_output=True)
    command = ["java", "-cp", str(ROOT / "build" / name / "*"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def dss(pki: DemoPki) -> Callable[..., list[Verdict]]:
    """EU DSS's verdict on every signature: it knows the root and what is in the file, and asks nobody."""

    def judge(*files: Path) -> list[Verdict]:
        lines = java("dss", "judge.Judge", str(pki.roots), *map(str, files)).splitlines()
        return [(line.split("\t")[1], line.split("\t")[3]) for line in lines]

    return judge


def archival(path: Path) -> Path:
    """A scan as PDF/A-2b: an output intent, and metadata that says so."""
    sheet(path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        profile = document.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name.GTS_PDFA1,
            OutputConditionIdentifier="sRGB",
            DestOutputProfile=profile,
        )
        document.Root.OutputIntents = pikepdf.Array([intent])
        del document.docinfo
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
        document.save(path, linearize=False)
    return path


def is_pdf_a(*files: Path) -> list[bool]:
    report = java("verapdf", "org.verapdf.apps.GreenfieldCliWrapper", "-f", "2b", "--format", "text", *map(str, files))
    verdicts = {line.split()[1]: line.startswith("PASS") for line in report.splitlines()}
    return [verdicts.get(str(file), False) for file in files]


@pytest.mark.parametrize(
    ("scanner", "agency"),
    [("scanner", "agency"), ("scanner-curve", "agency-curve")],
    ids=["RSA", "P-256"],
)
def test_dss_passes_both_signatures_and_the_metadata_without_network(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    token_key: Callable[[str], Pkcs11Key],
    dss: Callable[..., list[Verdict]],
    scanner: str,
    agency: str,
    tmp_path: Path,
) -> None:
    office = office_of(identities={"hà": key_file(scanner)}, agency_key=token_key(agency))
    signed = sign_paper(office, tmp_path)

    assert dss(signed.paper, signed.metadata) == [
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "XAdES-BASELINE-LT"),
    ]


def test_dss_passes_renewed_evidence_without_network(
    signer: PaperSigner, pki: DemoPki, dss: Callable[..., list[Verdict]], tmp_path: Path
) -> None:
    signed, trust = sign_paper(signer, tmp_path), load_trust([pki.roots])
    for _ in range(2):
        timestamper = time_stamper(pki.timestamp_url, seconds=20)
        renew_pdf(signed.paper, signed.paper, timestamper=timestamper, trust=trust)
        renew_xml(signed.metadata, signed.metadata, timestamper=timestamper, trust=trust)

    assert dss(signed.paper, signed.metadata) == [
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "XAdES-BASELINE-LTA"),
    ]


@pytest.mark.parametrize(
    ("scanner", "agency"), [("scanner-token", "agency"), ("agency-curve", "agency-curve")], ids=["RSA", "P-256"]
)
def test_dss_passes_what_tokens_on_desks_have_signed(
    office_of: Callable[..., PaperSigner],
    pki: DemoPki,
    dss: Callable[..., list[Verdict]],
    scanner: str,
    agency: str,
    tmp_path: Path,
) -> None:
    session = open_session(SOFTHSM, TOKEN, pki.pin)
    keys = {name: DeskKey(identity=name, certificate=pki.certificates(name)) for name in (scanner, agency)}
    desk = PromptDesk(
        {name: TokenKey(session, open_key(key).certificate, label=name) for name, key in keys.items()}
    )  # fmt: skip
    office = office_of(requests=desk, identities={"hà": keys[scanner]}, agency_key=keys[agency])
    task = SigningTask(paper_id=UUID(int=1), stage=Stage.PERSONAL_SIGNATURE, title="giấy tờ")
    personal, paper, metadata = (tmp_path / name for name in ("personal.pdf", "paper.pdf", "metadata.xml"))
    scan = sheet(tmp_path / "scan.pdf")

    def twice(sign: Callable[[], Any]) -> Any:
        with pytest.raises(SignatureAwaited):
            sign()
        return sign()

    twice(lambda: office.sign_scan(scan, personal, identity="hà", stamp=PERSONAL, task=task))
    prefix = twice(lambda: office.sign_copy(personal, paper, stamp=COPY, task=task))
    twice(lambda: office.sign_record(a_record(prefix), metadata, task=task))

    assert dss(paper, metadata) == [
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA"),
        ("TOTAL_PASSED", "XAdES-BASELINE-LT"),
    ]


def test_dss_passes_metadata_that_was_completed_later(
    office_of: Callable[..., PaperSigner], signer: PaperSigner, dss: Callable[..., list[Verdict]], tmp_path: Path
) -> None:
    metadata, record = tmp_path / "metadata.xml", a_record(SignedPrefix(length=1, sha256="ab" * 32))
    office_of(timestamp_url="http://127.0.0.1:9/").sign_record(record, metadata)
    signer.renew(metadata, metadata, lapsing_before=dt.datetime.now(dt.UTC))

    assert dss(metadata) == [("TOTAL_PASSED", "XAdES-BASELINE-LT")]


def test_dss_passes_a_result_born_digital(pki: DemoPki, dss: Callable[..., list[Verdict]], tmp_path: Path) -> None:
    sign_result(sheet(tmp_path / "drafted.pdf"), tmp_path / "result.pdf", pki)

    assert dss(tmp_path / "result.pdf") == [("TOTAL_PASSED", "PAdES-BASELINE-LTA")] * 2


def test_dss_and_we_find_the_same_changed_byte(
    signer: PaperSigner, dss: Callable[..., list[Verdict]], tmp_path: Path
) -> None:
    signer.sign_copy(sheet(tmp_path / "scan.pdf"), tmp_path / "signed.pdf", stamp=COPY)
    content = bytearray((tmp_path / "signed.pdf").read_bytes())
    content[content.index(b"/Producer") + 12] ^= 1
    (tmp_path / "changed.pdf").write_bytes(content)

    assert [indication for indication, _ in dss(tmp_path / "changed.pdf")] == ["TOTAL_FAILED"]
    assert [report.intact for report in signer.verify(tmp_path / "changed.pdf")] == [False]


def test_pdfsig_finds_both_signatures_valid(signer: PaperSigner, tmp_path: Path) -> None:
    signer.sign_scan(sheet(tmp_path / "scan.pdf"), tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    signer.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)

    command = ["pdfsig", "-nocert", str(tmp_path / "signed.pdf")]
    report = subprocess.run(command, check=False, capture_output=True, text=True).stdout

    assert report.count("Signature Validation: Signature is Valid.") == 2


def test_archival_pdf_stays_archival_pdf(signer: PaperSigner, tmp_path: Path) -> None:
    scan, personal, signed = archival(tmp_path / "scan.pdf"), tmp_path / "personal.pdf", tmp_path / "signed.pdf"
    signer.sign_scan(scan, personal, identity="hà", stamp=PERSONAL)
    signer.sign_copy(personal, signed, stamp=COPY)

    assert is_pdf_a(scan, personal, signed) == [True, True, True]
