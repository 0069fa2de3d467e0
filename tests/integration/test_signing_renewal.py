"""Evidence is renewed before it lapses; what was signed stays, and the metadata still speaks of its paper."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from connector.demo.pki import DemoPki
from connector.domain.errors import SignatureInvalid, TimestampUnavailable, UnreadableFile
from connector.domain.signatures import Level
from signing.renewal import lapses_at, renew_pdf, renew_xml
from signing.signer import PaperSigner, verify_file
from signing.timestamp import time_stamper
from signing.trust import Trust, load_trust
from signing.verify_record import verify_record
from tests.fixtures.sheets import sheet
from tests.integration.signed_paper import PERSONAL, SignedPaper, names, sign_paper

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def signed(signer: PaperSigner, tmp_path_factory: pytest.TempPathFactory) -> SignedPaper:
    return sign_paper(signer, tmp_path_factory.mktemp("signed"))


@pytest.fixture(scope="module")
def trust(pki: DemoPki) -> Trust:
    return load_trust([pki.roots])


def test_a_renewed_paper_gains_a_stamp_and_its_metadata_still_holds(
    pki: DemoPki, signed: SignedPaper, trust: Trust, offline: Trust, tmp_path: Path
) -> None:
    timestamper = time_stamper(pki.timestamp_url, seconds=20)
    paper, metadata = tmp_path / "paper.pdf", tmp_path / "metadata.xml"
    renew_pdf(signed.paper, paper, timestamper=timestamper, trust=trust)
    renew_pdf(paper, paper, timestamper=timestamper, trust=trust)
    renew_xml(signed.metadata, metadata, timestamper=timestamper, trust=trust)
    renew_xml(metadata, metadata, timestamper=timestamper, trust=trust)

    verdict = verify_record(metadata, paper, offline)

    assert paper.read_bytes().startswith(signed.paper.read_bytes())
    assert verdict.holds
    assert [report.level for report in (*verdict.document, *verdict.metadata)] == [Level.B_LTA] * 3


def test_the_moment_evidence_lapses_is_that_of_the_last_stamp_s_certificate(
    pki: DemoPki, signed: SignedPaper, trust: Trust, tmp_path: Path
) -> None:
    in_nine_years = dt.datetime.now(dt.UTC) + dt.timedelta(days=9 * 365)
    renew_xml(
        signed.metadata, tmp_path / "metadata.xml", timestamper=time_stamper(pki.timestamp_url, seconds=20), trust=trust
    )

    assert (lapses_at(signed.paper) or in_nine_years) > in_nine_years
    assert lapses_at(signed.personal) is None
    assert (lapses_at(signed.metadata) or in_nine_years) > in_nine_years
    assert (lapses_at(tmp_path / "metadata.xml") or in_nine_years) > in_nine_years


def test_only_what_lapses_is_renewed(signer: PaperSigner, signed: SignedPaper, tmp_path: Path) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=365)
    late = soon + dt.timedelta(days=10 * 365)

    assert not signer.renew(signed.paper, tmp_path / "paper.pdf", lapsing_before=soon)
    assert signer.renew(signed.paper, tmp_path / "paper.pdf", lapsing_before=late)
    assert not signer.renew(signed.metadata, tmp_path / "metadata.xml", lapsing_before=soon)
    assert signer.renew(signed.metadata, tmp_path / "metadata.xml", lapsing_before=late)
    assert names(tmp_path) == ["metadata.xml", "paper.pdf"]


def test_a_signature_without_validation_data_gets_it(
    pki: DemoPki, signer: PaperSigner, trust: Trust, offline: Trust, tmp_path: Path
) -> None:
    signer.sign_scan(sheet(tmp_path / "scan.pdf"), tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    timestamper = time_stamper(pki.timestamp_url, seconds=20)

    renew_pdf(tmp_path / "personal.pdf", tmp_path / "renewed.pdf", timestamper=timestamper, trust=trust)

    assert [(each.level, each.is_valid) for each in verify_file(tmp_path / "renewed.pdf", offline)] == [
        (Level.B_LTA, True)
    ]


def test_a_byte_changed_in_renewed_metadata_is_found_everywhere(
    pki: DemoPki, signed: SignedPaper, trust: Trust, offline: Trust, tmp_path: Path
) -> None:
    renewed = tmp_path / "metadata.xml"
    renew_xml(signed.metadata, renewed, timestamper=time_stamper(pki.timestamp_url, seconds=20), trust=trust)
    content = renewed.read_bytes()
    certificates = content.index(b"<xades:EncapsulatedX509Certificate")

    unnoticed = []
    for place in range(certificates + 60, content.index(b"xades141"), 900):
        (tmp_path / "changed.xml").write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            reports = verify_file(tmp_path / "changed.xml", offline)
        except UnreadableFile:
            continue
        if all(report.is_valid for report in reports):
            unnoticed.append(place)

    assert unnoticed == []


def test_what_does_not_hold_any_more_is_not_renewed(
    pki: DemoPki, signed: SignedPaper, trust: Trust, tmp_path: Path
) -> None:
    timestamper = time_stamper(pki.timestamp_url, seconds=20)
    content = bytearray(signed.paper.read_bytes())
    content[3000] ^= 1
    (tmp_path / "changed.pdf").write_bytes(content)
    text = signed.metadata.read_text().replace("lương hưu", "trợ cấp")
    (tmp_path / "changed.xml").write_text(text)

    with pytest.raises(SignatureInvalid):
        renew_pdf(tmp_path / "changed.pdf", tmp_path / "renewed", timestamper=timestamper, trust=trust)
    with pytest.raises(SignatureInvalid):
        renew_xml(tmp_path / "changed.xml", tmp_path / "renewed", timestamper=timestamper, trust=trust)
    assert not (tmp_path / "renewed").exists()


def test_renewal_without_a_time_stamp_leaves_the_file_as_it_is(
    signed: SignedPaper, trust: Trust, tmp_path: Path
) -> None:
    shutil.copy(signed.paper, tmp_path / "paper.pdf")
    dead = time_stamper("http://127.0.0.1:9/", seconds=1)

    with pytest.raises(TimestampUnavailable):
        renew_pdf(tmp_path / "paper.pdf", tmp_path / "paper.pdf", timestamper=dead, trust=trust)
    assert (tmp_path / "paper.pdf").read_bytes() == signed.paper.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["paper.pdf"]
