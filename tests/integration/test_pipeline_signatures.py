"""Articles 8.1 and 9.4: who signs, once, and nothing of what somebody else put there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from connector.demo.born_digital import sign_result
from connector.demo.pki import SCANNER_NAME, DemoPki
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.roles import Role, Staff, User
from connector.domain.signatures import SignatureRole
from connector.domain.states import Stage, State
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from signing.keys import Pkcs12Key, open_key
from signing.pades import sign_invisibly
from signing.signer import PaperSigner
from signing.timestamp import time_stamper
from signing.trust import load_trust
from tests.fakes.signer import keys_of, signed
from tests.fixtures.pipelines import CLERK, RECEPTION, SCAN, STRANGER, PlayedOffice
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration


def captured(office: PlayedOffice) -> RepositoryObject:
    """A paper whose capture was checked and that waits for its personal signature."""
    document = office.deposit()
    paper = office.paper(document)
    for stage in (Stage.SCOPE, Stage.CAPTURE):
        office.run(paper, stage)
    return document


def approved(office: PlayedOffice) -> tuple[RepositoryObject, RepositoryObject]:
    """A dossier and its paper, whose agency signature the văn thư has just allowed."""
    dossier = office.dossier()
    document = office.confirmed(dossier)
    office.succeed(dossier)
    office.type(dossier, CLERK, action="KY_CO_QUAN")
    office.attend()
    assert office.paper(document).state is State.CHO_KY_CO_QUAN
    return dossier, document


def test_the_depositor_signs_the_scan(played: PlayedOffice) -> None:
    document = played.deposit()

    played.work()

    assert played.content(document).startswith(SCAN)
    assert keys_of(played.content(document), SignatureRole.SCANNER) == ["ha"]
    assert played.shown(document)["scanned_by"] == RECEPTION


def test_nobody_can_have_a_colleague_sign_by_typing_that_colleagues_login(played: PlayedOffice) -> None:
    document = played.deposit(scanned_by="lan")

    played.work()

    assert played.content(document) == SCAN
    assert played.paper(document).state is State.LOI
    assert "nguoiSaoChup khác người nộp" in str(played.shown(document)["error"])


def test_a_configured_capture_account_names_who_scanned(played: PlayedOffice) -> None:
    played.with_rules(capture_accounts=frozenset({"phan.mem.quet"}))
    document = played.deposit(login="phan.mem.quet", scanned_by="lan")

    played.work()

    assert keys_of(played.content(document), SignatureRole.SCANNER) == ["lan"]


def test_a_deposit_by_somebody_without_a_key_waits_for_a_person(played: PlayedOffice) -> None:
    document = played.deposit(login=STRANGER)

    played.work()

    assert played.paper(document).error_code == "KHONG_CO_QUYEN"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, "declared"), (1, "deposit"), (-400, "deposit")],
    ids=["yesterday", "tomorrow", "a clock never set"],
)
def test_only_a_plausible_time_of_scanning_is_signed(played: PlayedOffice, days: int, expected: str) -> None:
    declared = played.store.clock + dt.timedelta(days=days)
    document = played.deposit(scanned_at=declared)

    played.work()

    deposited = played.ours.versions(document.object_id)[-1].created_at
    [stamp] = played.signer.scanners  # type: ignore[attr-defined]
    assert stamp.scanned_at == {"declared": declared, "deposit": deposited}[expected]


@pytest.mark.parametrize(
    "added",
    [
        signed(SCAN, SignatureRole.SCANNER, "lan", "Lan"),  # another trusted official in the scanner's field
        signed(SCAN, SignatureRole.SCANNER, "nobody", "x"),  # a key nobody trusts
        signed(SCAN, SignatureRole.OTHER, "ha", "x"),  # our official, but not as the scanner
        SCAN + b" and a changed page",
        signed(SCAN, SignatureRole.SCANNER, "ha", "x") + b" and a changed page",
        b"%PDF-1.7 another scan altogether",
    ],
    ids=["another official", "untrusted", "another field", "unsigned", "changed after", "replaced"],
)
def test_what_somebody_put_in_the_scans_place_is_neither_adopted_nor_overwritten(
    played: PlayedOffice, added: bytes
) -> None:
    document = captured(played)
    played.replace_file(document, added, STRANGER)

    played.work()

    assert played.paper(document).state is State.LOI
    assert ArtifactKind.PERSONAL not in played.paper(document).artifacts
    assert played.content(document) == added


def test_a_foreign_longer_file_is_taken_from_the_beginning_when_a_person_says_so(played: PlayedOffice) -> None:
    document = captured(played)
    replaced = SCAN + b" with an appended correction"
    played.replace_file(document, replaced, RECEPTION)
    played.work()

    played.press(document, "THU_LAI", RECEPTION)

    assert played.paper(document).artifacts[ArtifactKind.ORIGINAL].length == len(replaced)
    assert played.content(document).startswith(replaced)
    assert keys_of(played.content(document), SignatureRole.SCANNER) == ["ha"]


@pytest.mark.parametrize("key", ["other-agency", "ha"])
def test_a_foreign_signature_in_the_agencys_field_is_not_adopted(played: PlayedOffice, key: str) -> None:
    _, document = approved(played)
    added = signed(played.content(document), SignatureRole.AGENCY, key, "SAO Y")
    played.replace_file(document, added, STRANGER)

    played.work()

    assert played.paper(document).state is State.LOI
    assert ArtifactKind.AGENCY not in played.paper(document).artifacts
    assert played.rows("SELECT * FROM change_feed") == []


def test_a_repository_that_changes_bytes_stops_the_paper(played: PlayedOffice) -> None:
    document = captured(played)
    whole = played.ours.check_in
    played.ours.check_in = (
        lambda current, content, *, comment: whole(  # type: ignore[method-assign]
            current, played.file(content.read_bytes()[:-1]), comment=comment
        )
    )

    played.work()

    assert played.paper(document).error_code == "TEP_BI_THAY"


def test_the_agency_signs_only_after_success_and_approval(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.press(document, "KY_CO_QUAN", CLERK)
    assert played.paper(document).state is State.DA_XAC_NHAN

    played.succeed(dossier)
    assert played.paper(document).state is State.CHO_KY_CO_QUAN
    played.press(dossier, "KY_CO_QUAN", RECEPTION)
    assert played.paper(document).state is State.CHO_KY_CO_QUAN

    played.press(dossier, "KY_CO_QUAN", CLERK)
    assert played.paper(document).state is State.DA_LUU
    assert keys_of(played.content(document), SignatureRole.AGENCY) == ["agency"]


def test_unattended_signing_keeps_the_decision_that_allows_it(played: PlayedOffice) -> None:
    played.with_rules(authority_basis="12/QĐ-BHXH")
    dossier = played.dossier()
    document = played.confirmed(dossier)

    played.succeed(dossier)

    assert played.paper(document).state is State.DA_LUU
    [row] = played.rows("SELECT record FROM published_paper")
    assert (row["record"]["authority_basis"], row["record"]["approved_by"]) == ("12/QĐ-BHXH", None)  # type: ignore[index]


def test_a_second_approval_signs_no_second_time(played: PlayedOffice) -> None:
    dossier, document = approved(played)
    played.type(dossier, CLERK, action="KY_CO_QUAN")
    played.attend()

    played.work()

    assert keys_of(played.content(document), SignatureRole.AGENCY) == ["agency"]
    assert len(played.rows("SELECT * FROM audit WHERE operation = 'approval' AND actor = 'van.thu'")) == 1


def test_a_scanned_copy_waits_for_its_copy_form_from_the_clerk(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier, submission_form="BAN_SAO_CHUP", scope_basis="4.1.c")
    played.succeed(dossier)
    assert "[HINH_THUC_SAO]" in str(played.shown(document)["error"])

    played.press(dossier, "KY_CO_QUAN", CLERK)
    assert "[HINH_THUC_SAO]" in str(played.shown(dossier)["error"])
    played.press(document, "KY_CO_QUAN", CLERK, copy_form="TRÍCH SAO")

    assert played.paper(document).state is State.DA_LUU
    assert b"text=TR\xc3\x8dCH SAO" in played.content(document)


def test_of_a_scanned_copy_the_metadata_alone_may_be_signed(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.confirmed(dossier, submission_form="BAN_SAO_CHUP", scope_basis="4.1.c")
    played.succeed(dossier)

    played.press(document, "KY_CO_QUAN", CLERK, copy_form="KHONG")

    assert played.paper(document).state is State.DA_LUU
    assert keys_of(played.content(document), SignatureRole.AGENCY) == []
    [published] = played.rows("SELECT document FROM published_paper")
    assert published["document"]["sha256"] == played.paper(document).artifacts[ArtifactKind.PERSONAL].sha256  # type: ignore[index]


@pytest.fixture
def real_office(register: PaperRegister, database: Database, tmp_path: Path, signer: PaperSigner) -> PlayedOffice:
    """An office with the real signer."""
    office = PlayedOffice(register, database, tmp_path, signer=signer)
    scanner = User(login=RECEPTION, full_name=SCANNER_NAME, roles=frozenset({Role.TIEP_NHAN}), identity="hà")
    staff = Staff({**office.place.staff.users, RECEPTION: scanner})
    office.place = dataclasses.replace(office.place, staff=staff)
    return office


def _with_another_page(signed: Path, changed: Path) -> None:
    """Somebody redraws the page in a further revision: the signed bytes stay as they were."""
    shutil.copy(signed, changed)
    with changed.open("rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(StreamObject(stream_data=b"1 0 0 rg 100 100 300 300 re f"))
        writer.update_container(page)
        writer.write_in_place()


def _with_another_byte(signed: Path, changed: Path) -> None:
    content = bytearray(signed.read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    changed.write_bytes(content)


@pytest.mark.parametrize("change", [_with_another_page, _with_another_byte])
def test_an_electronic_paper_changed_after_it_was_signed_stops_at_capture(
    real_office: PlayedOffice, pki: DemoPki, tmp_path: Path, change: Callable[[Path, Path], None]
) -> None:
    signed, changed = tmp_path / "signed.pdf", tmp_path / "changed.pdf"
    sign_result(sheet(tmp_path / "draft.pdf"), signed, pki)
    change(signed, changed)
    dossier = real_office.dossier(papers=2)
    good = real_office.deposit(dossier, "nguyên vẹn.pdf", content=signed, submission_form="DIEN_TU")
    bad = real_office.deposit(dossier, "bị sửa.pdf", content=changed, submission_form="DIEN_TU")

    real_office.work()

    assert real_office.paper(good).state is State.CHO_XAC_NHAN
    assert real_office.paper(bad).error_code == "CHU_KY_SAI"
    assert real_office.paper(bad).failed_stage is Stage.CAPTURE
    assert real_office.content(bad) == changed.read_bytes()


def test_the_real_signer_signs_a_real_scan_once_each(
    real_office: PlayedOffice, tmp_path: Path, signer: PaperSigner
) -> None:
    dossier = real_office.dossier()
    document = real_office.confirmed(dossier, content=sheet(tmp_path / "scan.pdf"))
    real_office.succeed(dossier)
    real_office.press(dossier, "KY_CO_QUAN", CLERK)

    assert real_office.shown(document)["error"] is None
    assert real_office.paper(document).state is State.DA_LUU
    file = tmp_path / "stored.pdf"
    file.write_bytes(real_office.content(document))
    assert [(report.role, report.is_valid) for report in signer.verify(file)] == [
        (SignatureRole.SCANNER, True),
        (SignatureRole.AGENCY, True),
    ]


@pytest.mark.parametrize(("holder", "is_ours"), [("scanner", True), ("director", False)])
def test_a_scan_that_its_scanner_has_signed_elsewhere_is_not_signed_again(
    real_office: PlayedOffice,
    tmp_path: Path,
    pki: DemoPki,
    key_file: Callable[[str], Pkcs12Key],
    holder: str,
    is_ours: bool,
) -> None:
    scan = tmp_path / "signed elsewhere.pdf"
    sign_invisibly(
        sheet(tmp_path / "scan.pdf"),
        scan,
        key=open_key(key_file(holder)),
        field="PhanMemQuet",
        timestamper=time_stamper(pki.timestamp_url, seconds=20),
        trust=load_trust([pki.roots]),
    )
    document = real_office.deposit(content=scan)

    real_office.work()

    assert real_office.paper(document).state is State.CHO_XAC_NHAN
    assert (real_office.content(document) == scan.read_bytes()) is is_ours
