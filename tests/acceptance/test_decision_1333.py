"""Eight papers of different kinds, a failed dossier and a withdrawn result, through a real ECM and real signatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.demo.pki import AGENCY_NAME, SCANNER_NAME, DemoPki
from connector.domain.capture import Doubt
from connector.domain.metadata import Value
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.signatures import SignatureRole
from connector.domain.states import State
from connector.pipeline.fixity import check_paper
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from signing.keys import Pkcs12Key, open_key
from signing.pades import sign_invisibly
from signing.proof import AgencyProof
from signing.signer import PaperSigner
from signing.timestamp import time_stamper
from signing.trust import load_trust
from tests.fakes.reader import VALUES, one_page, read_as
from tests.fixtures.pipelines import CLERK, HEAD, RECEPTION, PlayedOffice
from tests.fixtures.sheets import sheet

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]


@pytest.fixture
def office(
    register: PaperRegister,
    database: Database,
    tmp_path: Path,
    signer: PaperSigner,
    as_login: Callable[[str], CmisRepository],
) -> PlayedOffice:
    """An office over the embedded ECM; only the reading is played back, so that each paper says what it should."""
    played = PlayedOffice(register, database, tmp_path, signer=signer, open_as=as_login)
    played.with_scanner(SCANNER_NAME, "hà")
    return played


def roles(office: PlayedOffice, document: RepositoryObject) -> list[SignatureRole]:
    """Whose signatures are on a paper, all of them valid."""
    file = office.folder / "stored.pdf"
    file.write_bytes(office.content(document))
    reports = office.place.signer.verify(file)
    assert all(report.is_valid for report in reports)
    return [report.role for report in reports]


def test_a_dossier_of_eight_papers_ends_as_the_decision_says(
    office: PlayedOffice,
    publications: PublicationRegister,
    tmp_path: Path,
    pki: DemoPki,
    key_file: Callable[[str], Pkcs12Key],
) -> None:
    scan = sheet(tmp_path / "scan.pdf")
    electronic = tmp_path / "electronic.pdf"
    stamper = time_stamper(pki.timestamp_url, seconds=20)
    sign_invisibly(
        scan, electronic, key=open_key(key_file("director")), field="NguoiKy", timestamper=stamper,
        trust=load_trust([pki.roots]),
    )  # fmt: skip
    earlier = office.dossier("hồ sơ trước")
    office.reader.extraction = read_as({**VALUES, "document_number": "87/QĐ-UBND"})
    office.confirmed(earlier, content=scan)
    office.succeed(earlier)
    dossier = office.dossier("hồ sơ tám giấy tờ", papers=7)

    def hand_in(name: str, number: str, file: Path = scan, **properties: Value) -> RepositoryObject:
        office.reader.extraction = read_as({**VALUES, "document_number": number})
        document = office.deposit(dossier, f"{name}.pdf", content=file, **properties)
        office.work()
        return document

    normal = hand_in("thường", "1/QĐ-BHXH")
    photocopy = hand_in("bản chụp", "2/QĐ-BHXH", submission_form="BAN_SAO_CHUP", scope_basis="4.1.c")
    nameless = hand_in("không định danh", "3/QĐ-BHXH")
    colliding = hand_in("trùng số", "87/QĐ-UBND")
    office.reader.facts = dataclasses.replace(one_page(), pages=[*one_page().pages, *one_page().pages])
    noted = hand_in("ghi chú", "5/QĐ-BHXH", sticky_notes="1")
    office.reader.facts = one_page()
    own = hand_in("điện tử", "6/QĐ-BHXH", electronic, submission_form="DIEN_TU", is_result=True)
    fragile = hand_in("dễ hỏng", "7/QĐ-BHXH", component="Sổ BHXH")
    copy = hand_in("bản sao dễ hỏng", "7/QĐ-BHXH", component="Sổ BHXH", submission_form="SAO_Y")
    office.reader.stamp = Doubt.YES
    secret = hand_in("riêng", "8/QĐ-BHXH", component="riêng")
    office.type(dossier, RECEPTION, paper_count=8)

    # the official looks at each
    office.press(nameless, "XAC_NHAN", owner_id=None, owner_birth_date="05/07/1985")
    for document in (normal, photocopy, colliding, noted, own, fragile, copy):
        office.press(document, "XAC_NHAN")
    office.succeed(dossier)
    assert office.shown(colliding)["state"] == "LOI"
    office.press(colliding, "XAC_NHAN")
    office.press(secret, "BO_QUA", CLERK)
    office.succeed(dossier)
    assert office.shown(dossier)["error"] is None
    office.press(photocopy, "KY_CO_QUAN", CLERK, copy_form="SAO LỤC")
    office.press(dossier, "KY_CO_QUAN", CLERK)

    both = [SignatureRole.SCANNER, SignatureRole.AGENCY]
    for document in (normal, photocopy, nameless, colliding, noted, fragile, copy):
        assert (office.shown(document)["state"], office.shown(document)["error"]) == ("DA_LUU", None)
        assert roles(office, document) == both
    assert office.shown(photocopy)["copy_form"] == office.shown(copy)["copy_form"] == "SAO LỤC"
    assert office.content(own) == electronic.read_bytes()
    assert str(office.shown(own)["digitization_code"]) == "001090000012.MAU-QD.6/QĐ-BHXH"
    assert str(office.shown(nameless)["digitization_code"]).startswith(".1.001939.")
    assert len(publications.published_by_code(str(office.shown(colliding)["digitization_code"]))) == 1
    assert (office.shown(secret)["state"], office.content(secret)) == ("KHONG_SO_HOA", scan.read_bytes())

    # every stored paper proves itself: its bytes, its signatures, and that its metadata are its own (Art. 6.2.a, 11.3)
    proof = AgencyProof(load_trust([pki.roots]), {AGENCY_NAME})
    for document in (normal, photocopy, nameless, colliding, noted, own, fragile, copy):
        assert check_paper(office.paper(document), office.place, proof).damage is None
    assert ArtifactKind.METADATA not in office.paper(secret).artifacts

    office.press(own, "THU_HOI", HEAD, scope_basis="9/QĐ-BHXH")
    published = publications.published(office.paper(own).paper_id)
    assert published is not None
    assert (published.legal_status, office.shown(own)["state"]) == ("THU_HOI", "THU_HOI")


def test_a_failed_dossier_is_closed_without_code_or_agency_signature(office: PlayedOffice, tmp_path: Path) -> None:
    dossier = office.dossier("hồ sơ không thành", papers=2, notice_number="45/TB-BHXH", notice_date="2026-01-05")
    scan = sheet(tmp_path / "scan.pdf")
    confirmed = office.confirmed(dossier, name="một.pdf", content=scan)
    waiting = office.deposit(dossier, "hai.pdf", content=scan)
    office.work()

    office.succeed(dossier, "KHONG_THANH_CONG")

    for document in (confirmed, waiting):
        assert office.shown(document)["state"] == "KHONG_GIAI_QUYET"
        assert roles(office, document) == [SignatureRole.SCANNER]
    assert office.paper(confirmed).state is State.KHONG_GIAI_QUYET
    assert office.rows("SELECT * FROM change_feed") == []
