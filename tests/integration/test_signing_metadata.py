"""The metadata of a paper is signed with XAdES that validates offline, and stays tied to its PDF."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from connector.demo.pki import AGENCY_NAME
from connector.domain.errors import CertificateInvalid, InvalidFieldValue, SohoaError
from connector.domain.metadata import CopyForm
from connector.domain.publication import Record
from connector.domain.signatures import Level, SignatureRole
from signing.keys import Pkcs11Key, Pkcs12Key
from signing.signer import PaperSigner, verify_file
from signing.trust import Trust
from signing.verify_record import verify_record
from tests.integration.signed_paper import SignedPaper, a_record, sign_paper

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def signed(signer: PaperSigner, tmp_path_factory: pytest.TempPathFactory) -> SignedPaper:
    return sign_paper(signer, tmp_path_factory.mktemp("signed"))


@pytest.fixture(scope="module")
def paper(signed: SignedPaper) -> Path:
    """The PDF with both signatures."""
    return signed.paper


@pytest.fixture(scope="module")
def metadata(signed: SignedPaper) -> Path:
    """Its signed metadata."""
    return signed.metadata


@pytest.fixture(scope="module")
def record(signer: PaperSigner, paper: Path) -> Record:
    return a_record(signer.agency_prefix(paper))


def test_signed_metadata_verifies_offline_at_the_long_term_level(metadata: Path, offline: Trust) -> None:
    (report,) = verify_file(metadata, offline)

    assert (report.signer, report.role, report.level) == (AGENCY_NAME, SignatureRole.AGENCY, Level.B_LT)
    assert report.is_valid
    assert report.covers_whole_file


def test_signed_metadata_is_believed_after_the_certificate_has_lapsed(metadata: Path, offline: Trust) -> None:
    in_five_years = dt.datetime.now(dt.UTC) + dt.timedelta(days=5 * 365)

    assert [report.is_valid for report in verify_file(metadata, offline.at(in_five_years))] == [True]


def test_the_level_is_what_was_reached(signer: PaperSigner, record: Record, tmp_path: Path, offline: Trust) -> None:
    assert (
        signer.sign_record(record, tmp_path / "metadata.xml")
        is verify_file(tmp_path / "metadata.xml", offline)[0].level
    )


def test_a_stranger_s_metadata_is_not_trusted(metadata: Path) -> None:
    (report,) = verify_file(metadata, Trust((), fetch=False))

    assert not report.trusted
    assert not report.is_valid


def test_a_letter_changed_in_the_signed_part_is_found(metadata: Path, offline: Trust, tmp_path: Path) -> None:
    content = metadata.read_bytes()
    signed_part = (
        content.index(b"<xades:UnsignedProperties") if b"<xades:UnsignedProperties" in content else len(content)
    )
    start = content.index(b"MaTaiLieu")
    unnoticed = []
    for place in range(start, signed_part, max(1, (signed_part - start) // 80)):
        changed = tmp_path / "changed.xml"
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            reports = verify_file(changed, offline)
        except SohoaError:
            continue
        if reports and all(report.is_valid for report in reports):
            unnoticed.append(content[place - 20 : place + 20])

    assert unnoticed == []


def test_a_signature_moved_around_other_metadata_is_found(metadata: Path, offline: Trust, tmp_path: Path) -> None:
    signed = etree.parse(metadata).getroot()
    forged = etree.fromstring(etree.tostring(signed))
    forged[1].text = "KQ.0001"
    wrapper = etree.SubElement(forged, "Goc")
    wrapper.append(signed)
    (tmp_path / "forged.xml").write_bytes(etree.tostring(forged))

    assert not all(report.is_valid for report in verify_file(tmp_path / "forged.xml", offline))


def test_metadata_without_a_signature_has_no_verdict(metadata: Path, offline: Trust, tmp_path: Path) -> None:
    root = etree.parse(metadata).getroot()
    root.remove(root[-1])
    (tmp_path / "unsigned.xml").write_bytes(etree.tostring(root))

    assert verify_file(tmp_path / "unsigned.xml", offline) == []


def test_entities_are_not_expanded(offline: Trust, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "evil.xml").write_text(f'<!DOCTYPE a [<!ENTITY e SYSTEM "{tmp_path}/secret">]><a>&e;</a>')

    assert verify_file(tmp_path / "evil.xml", offline) == []


def test_the_record_holds_for_its_paper(metadata: Path, paper: Path, offline: Trust) -> None:
    verdict = verify_record(metadata, paper, offline)

    assert verdict.holds
    assert verdict.later == "validation-data"


def test_the_record_does_not_hold_for_another_revision(metadata: Path, paper: Path, offline: Trust) -> None:
    verdict = verify_record(metadata, paper.with_name("personal.pdf"), offline)

    assert not verdict.prefix_matches
    assert not verdict.holds


@pytest.mark.parametrize("signed_byte", [-3000, 2000])
def test_the_record_does_not_hold_for_a_changed_paper(
    metadata: Path, paper: Path, offline: Trust, signed_byte: int, tmp_path: Path
) -> None:
    content = bytearray(paper.read_bytes())
    content[signed_byte] ^= 1
    (tmp_path / "changed.pdf").write_bytes(content)

    assert not verify_record(metadata, tmp_path / "changed.pdf", offline).holds


def test_the_record_of_a_paper_born_digital_is_over_the_whole_file(
    signer: PaperSigner, record: Record, paper: Path, tmp_path: Path, offline: Trust
) -> None:
    length = paper.stat().st_size
    whole = replace(
        record,
        copy_form=CopyForm.KHONG,
        prefix=replace(record.prefix, length=length, sha256=hashlib.sha256(paper.read_bytes()).hexdigest()),
    )
    signer.sign_record(whole, tmp_path / "metadata.xml")

    verdict = verify_record(tmp_path / "metadata.xml", paper, offline)

    assert verdict.holds
    assert verdict.later == "none"


def test_metadata_that_breaks_its_schema_is_refused_without_its_value(
    signer: PaperSigner, record: Record, tmp_path: Path
) -> None:
    wrong = replace(record, metadata=replace(record.metadata, issue_date="02/01/2026"))

    with pytest.raises(InvalidFieldValue) as raised:
        signer.sign_record(wrong, tmp_path / "metadata.xml")
    assert "02/01/2026" not in str(raised.value)
    assert not (tmp_path / "metadata.xml").exists()


@pytest.mark.parametrize("holder", ["agency-file", "scanner-curve"])
def test_keys_in_files_sign_metadata(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    holder: str,
    record: Record,
    tmp_path: Path,
    offline: Trust,
) -> None:
    office_of(agency_key=key_file(holder)).sign_record(record, tmp_path / "metadata.xml")

    assert verify_file(tmp_path / "metadata.xml", offline)[0].is_valid


def test_a_p256_key_on_the_token_signs_metadata(
    office_of: Callable[..., PaperSigner],
    token_key: Callable[[str], Pkcs11Key],
    record: Record,
    tmp_path: Path,
    offline: Trust,
) -> None:
    office_of(agency_key=token_key("agency-curve")).sign_record(record, tmp_path / "metadata.xml")

    assert verify_file(tmp_path / "metadata.xml", offline)[0].is_valid


def test_a_revoked_key_signs_no_metadata(
    office_of: Callable[..., PaperSigner], key_file: Callable[[str], Pkcs12Key], record: Record, tmp_path: Path
) -> None:
    with pytest.raises(CertificateInvalid):
        office_of(agency_key=key_file("revoked")).sign_record(record, tmp_path / "metadata.xml")
    assert list(tmp_path.iterdir()) == []


def test_metadata_without_a_time_stamp_says_so_and_is_completed_later(
    office_of: Callable[..., PaperSigner], signer: PaperSigner, record: Record, offline: Trust, tmp_path: Path
) -> None:
    metadata = tmp_path / "metadata.xml"
    level = office_of(timestamp_url="http://127.0.0.1:9/").sign_record(record, metadata)
    signed_value = re.findall(rb"<ds:SignatureValue>[^<]+", metadata.read_bytes())

    renewed = signer.renew(metadata, metadata, lapsing_before=dt.datetime.now(dt.UTC))

    assert (level, renewed) == (Level.B_B, True)
    assert [(report.level, report.is_valid) for report in verify_file(metadata, offline)] == [(Level.B_LT, True)]
    assert re.findall(rb"<ds:SignatureValue>[^<]+", metadata.read_bytes()) == signed_value
