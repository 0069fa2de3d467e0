"""A scan is signed by the person who scanned it, then by the agency; both verify offline."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from connector.demo.born_digital import sign_result
from connector.demo.pki import AGENCY_NAME, DIRECTOR_NAME, SCANNER_NAME, DemoPki
from connector.domain.errors import (
    CertificateInvalid,
    ConfigurationError,
    SigningForbidden,
    SohoaError,
    TimestampUnavailable,
)
from connector.domain.signatures import Level, SignatureRole
from signing.keys import Pkcs11Key, Pkcs12Key, open_key
from signing.pades import AGENCY_FIELD, SCANNER_FIELD
from signing.revocation import Revocations
from signing.signer import PaperSigner, verify_file
from signing.trust import Trust
from tests.fixtures.sheets import sheet
from tests.integration.signed_paper import COPY, PERSONAL, names

pytestmark = pytest.mark.integration


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return sheet(tmp_path / "scan.pdf")


@pytest.fixture(scope="module")
def personal(signer: PaperSigner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan that its scanner has signed."""
    folder = tmp_path_factory.mktemp("personal")
    signer.sign_scan(sheet(folder / "scan.pdf"), folder / "personal.pdf", identity="hà", stamp=PERSONAL)
    return folder / "personal.pdf"


@pytest.fixture(scope="module")
def signed(signer: PaperSigner, personal: Path) -> Path:
    """A scan with both signatures."""
    signer.sign_copy(personal, personal.with_name("signed.pdf"), stamp=COPY)
    return personal.with_name("signed.pdf")


def sign_as_stranger(source: Path, target: Path) -> None:
    """As many papers of before 2020 come: SHA-1, and a certificate long expired, from nobody we know."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cơ quan lạ")])
    since = dt.datetime(2014, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, since, since + dt.timedelta(days=365))
    packed = pkcs12.serialize_key_and_certificates(b"x", key, builder.sign(key, hashes.SHA256()), None, NoEncryption())
    signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[])
    with source.open("rb") as file, target.open("wb") as output:
        details = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha1")
        sign_pdf(IncrementalPdfFileWriter(file), details, signer, output=output)


def test_the_personal_signature_carries_a_time_stamp_when_the_service_answers(
    signer: PaperSigner, scan: Path, tmp_path: Path
) -> None:
    reports = signer.sign_scan(scan, tmp_path / "signed.pdf", identity="hà", stamp=PERSONAL)

    assert [(report.signer, report.role, report.level, report.is_valid) for report in reports] == [
        (SCANNER_NAME, SignatureRole.SCANNER, Level.B_T, True)
    ]
    assert reports[0].covers_whole_file
    assert (tmp_path / "signed.pdf").read_bytes().startswith(scan.read_bytes())


def test_both_signatures_verify_offline_at_the_long_term_levels(signed: Path, offline: Trust) -> None:
    personal, agency = verify_file(signed, offline)

    assert (personal.signer, personal.role, personal.is_valid) == (SCANNER_NAME, SignatureRole.SCANNER, True)
    # the agency's archive time stamp is over the scanner's signature too
    assert (personal.level, personal.modification) == (Level.B_LTA, "signature")
    assert (agency.signer, agency.role, agency.is_valid) == (AGENCY_NAME, SignatureRole.AGENCY, True)
    assert (agency.level, agency.modification) == (Level.B_LTA, "validation-data")


def test_signatures_are_believed_after_their_certificates_have_lapsed(signed: Path, offline: Trust) -> None:
    in_five_years = dt.datetime.now(dt.UTC) + dt.timedelta(days=5 * 365)

    assert all(report.is_valid for report in verify_file(signed, offline.at(in_five_years)))


def test_nothing_is_believed_after_the_time_stamp_has_lapsed(signed: Path, offline: Trust) -> None:
    in_eleven_years = dt.datetime.now(dt.UTC) + dt.timedelta(days=11 * 365)

    reports = verify_file(signed, offline.at(in_eleven_years))

    assert [(report.intact, report.trusted) for report in reports] == [(True, False), (True, False)]


def test_signatures_of_strangers_are_intact_and_not_trusted(signed: Path) -> None:
    reports = verify_file(signed, Trust((), fetch=False))

    assert [(report.intact, report.trusted) for report in reports] == [(True, False), (True, False)]


def test_a_byte_changed_anywhere_is_found(signed: Path, offline: Trust, tmp_path: Path) -> None:
    content = signed.read_bytes()
    # all over the file, and closely in the time stamp at its end: nothing later vouches for that
    places = {*range(7, len(content), len(content) // 40), *range(len(content) - 540, len(content), 13)}
    unnoticed = []
    for place in sorted(places):
        changed = tmp_path / "changed.pdf"
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            reports = verify_file(changed, offline)
        except SohoaError:
            continue
        if len(reports) == 2 and all(report.is_valid for report in reports):
            unnoticed.append(place)

    assert unnoticed == []


def test_a_page_changed_after_signing_is_no_valid_signature(signed: Path, offline: Trust, tmp_path: Path) -> None:
    forged = tmp_path / "forged.pdf"
    shutil.copyfile(signed, forged)
    with forged.open("rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        del page["/Contents"]
        writer.update_container(page)
        writer.write_in_place()

    reports = verify_file(forged, offline)

    assert [report.modification for report in reports] == ["other", "other"]
    assert not any(report.is_valid for report in reports)


def test_without_time_stamp_and_services_a_signature_is_intact_and_not_trusted(personal: Path, offline: Trust) -> None:
    assert [(each.intact, each.trusted) for each in verify_file(personal, offline)] == [(True, False)]


def test_signing_a_scan_twice_leaves_one_signature(signer: PaperSigner, personal: Path, tmp_path: Path) -> None:
    signer.sign_scan(personal, tmp_path / "again.pdf", identity="hà", stamp=PERSONAL)

    assert (tmp_path / "again.pdf").read_bytes() == personal.read_bytes()


def test_signing_a_copy_twice_leaves_one_signature(signer: PaperSigner, signed: Path, tmp_path: Path) -> None:
    prefix = signer.sign_copy(signed, tmp_path / "again.pdf", stamp=COPY)

    assert (tmp_path / "again.pdf").read_bytes() == signed.read_bytes()
    assert prefix == signer.agency_prefix(signed)


def test_the_agency_prefix_ends_with_its_revision(signer: PaperSigner, personal: Path, signed: Path) -> None:
    prefix = signer.agency_prefix(signed)

    assert personal.stat().st_size < prefix.length < signed.stat().st_size
    assert signed.read_bytes()[: prefix.length].rstrip().endswith(b"%%EOF")


def test_a_field_that_somebody_else_has_signed_is_refused(
    signer: PaperSigner,
    office_of: Callable[..., PaperSigner],
    personal: Path,
    tmp_path: Path,
    key_file: Callable[[str], Pkcs12Key],
) -> None:
    impostor = office_of(identities={"hà": key_file("director")})

    with pytest.raises(SigningForbidden):
        impostor.sign_scan(personal, tmp_path / "again.pdf", identity="hà", stamp=PERSONAL)
    assert names(tmp_path) == []


@pytest.mark.parametrize("holder", ["expired", "not-yet", "revoked"])
def test_a_certificate_that_is_no_longer_good_makes_no_agency_signature(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    holder: str,
    personal: Path,
    tmp_path: Path,
) -> None:
    office = office_of(agency_key=key_file(holder))

    with pytest.raises(CertificateInvalid):
        office.sign_copy(personal, tmp_path / "signed.pdf", stamp=COPY)
    assert names(tmp_path) == []


@pytest.mark.parametrize("holder", ["expired", "not-yet", "revoked"])
def test_a_certificate_that_is_not_good_makes_no_personal_signature(
    office_of: Callable[..., PaperSigner], key_file: Callable[[str], Pkcs12Key], holder: str, scan: Path, tmp_path: Path
) -> None:
    office = office_of(identities={"hà": key_file(holder)})

    with pytest.raises(CertificateInvalid):
        office.sign_scan(scan, tmp_path / "signed.pdf", identity="hà", stamp=PERSONAL)
    assert names(tmp_path) == ["scan.pdf"]


def test_nothing_is_signed_before_it_is_known_whether_the_certificate_was_revoked(
    key_file: Callable[[str], Pkcs12Key], signer: PaperSigner, offline: Trust
) -> None:
    nobody_answers = Revocations(offline)

    with pytest.raises(TimestampUnavailable):
        nobody_answers.refuse_revoked(open_key(key_file("scanner")))


def test_an_official_without_a_key_is_a_matter_of_configuration(
    signer: PaperSigner, scan: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError):
        signer.sign_scan(scan, tmp_path / "signed.pdf", identity="ai đó", stamp=PERSONAL)


def test_keys_on_the_curve_p256_sign_from_file_and_token(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    token_key: Callable[[str], Pkcs11Key],
    scan: Path,
    tmp_path: Path,
    offline: Trust,
) -> None:
    office = office_of(identities={"hà": key_file("scanner-curve")}, agency_key=token_key("agency-curve"))

    office.sign_scan(scan, tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)
    office.sign_copy(tmp_path / "personal.pdf", tmp_path / "signed.pdf", stamp=COPY)

    assert all(report.is_valid for report in verify_file(tmp_path / "signed.pdf", offline))


def test_an_agency_key_in_a_file_signs_as_well(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    personal: Path,
    tmp_path: Path,
    offline: Trust,
) -> None:
    office_of(agency_key=key_file("agency-file")).sign_copy(personal, tmp_path / "signed.pdf", stamp=COPY)

    assert [report.level for report in verify_file(tmp_path / "signed.pdf", offline)] == [Level.B_LTA, Level.B_LTA]


def test_signatures_that_came_with_a_paper_stay_as_they_were(
    office_of: Callable[..., PaperSigner], pki: DemoPki, signed: Path, scan: Path, tmp_path: Path, offline: Trust
) -> None:
    sign_result(scan, tmp_path / "foreign.pdf", pki)
    before = (tmp_path / "foreign.pdf").read_bytes()
    office_of().sign_scan(tmp_path / "foreign.pdf", tmp_path / "personal.pdf", identity="hà", stamp=PERSONAL)

    reports = verify_file(tmp_path / "personal.pdf", offline)

    assert (tmp_path / "personal.pdf").read_bytes().startswith(before)
    assert [(report.field, report.intact) for report in reports] == [
        ("NguoiKy", True),
        (AGENCY_FIELD, True),
        (SCANNER_FIELD, True),
    ]


def test_a_result_born_digital_is_signed_by_person_and_agency(
    pki: DemoPki, scan: Path, tmp_path: Path, offline: Trust
) -> None:
    sign_result(scan, tmp_path / "result.pdf", pki)

    assert [(each.signer, each.level, each.is_valid) for each in verify_file(tmp_path / "result.pdf", offline)] == [
        (DIRECTOR_NAME, Level.B_LTA, True),
        (AGENCY_NAME, Level.B_LTA, True),
    ]
    assert names(tmp_path) == ["result.pdf", "scan.pdf"]


def test_a_signature_of_an_unknown_authority_does_not_stop_a_paper(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    pki: DemoPki,
    scan: Path,
    tmp_path: Path,
) -> None:
    foreign, personal = tmp_path / "foreign.pdf", tmp_path / "personal.pdf"
    sign_as_stranger(scan, foreign)

    reports = office_of().sign_scan(foreign, personal, identity="hà", stamp=PERSONAL)

    assert [(report.intact, report.trusted) for report in reports] == [(True, False), (True, True)]
