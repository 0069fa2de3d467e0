"""Articles 11 and 15: what becomes of a paper once it is stored."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from connector.domain.errors import ContentReplaced, InvalidFieldValue, PermissionDenied
from connector.domain.lists import ListedProcedure, ListedType, ProcedureList, TypeList
from connector.domain.metadata import Value
from connector.domain.outcome import Outcome
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.signatures import SignatureRole
from connector.domain.states import Stage, State
from connector.pipeline.export import MANIFEST, export_dossier
from connector.pipeline.premis import NAMESPACE
from connector.pipeline.transition import resume
from tests.fakes.reader import VALUES, read_as
from tests.fakes.signer import keys_of, signed
from tests.fixtures.pipelines import CLERK, HEAD, RECEPTION, SCAN, SETTLING, STRANGER, PlayedOffice

pytestmark = pytest.mark.integration


def stored(office: PlayedOffice, name: str = "một", **properties: Value) -> tuple[RepositoryObject, RepositoryObject]:
    """A dossier and its stored paper."""
    dossier = office.dossier(name)
    document = office.confirmed(dossier, **properties)
    office.succeed(dossier)
    office.press(dossier, "KY_CO_QUAN", CLERK)
    assert office.paper(document).state is State.DA_LUU
    return dossier, document


def feed(office: PlayedOffice) -> list[tuple[object, object]]:
    rows = office.rows("SELECT kind, version FROM change_feed ORDER BY position")
    return [(row["kind"], row["version"]) for row in rows]


def stores(office: PlayedOffice) -> dict[str, list[str]]:
    """What lies in each owner's store."""
    root = office.ours.folder_at("/Kho")
    found = list(office.ours.children(root.object_id))
    return {
        str(store.properties["owner_id"]): [each.name for each in office.ours.children(store.object_id)]
        for store in found
    }


def test_a_stored_paper_shows_in_its_owners_store_whose_name_tells_no_id(played: PlayedOffice) -> None:
    stored(played)

    assert stores(played) == {"001090000012": ["giấy tờ.pdf"]}
    [store] = played.ours.children(played.ours.folder_at("/Kho").object_id)
    assert "001090000012" not in store.name


def test_a_stored_paper_is_locked_and_still_shows_what_becomes_of_it(played: PlayedOffice) -> None:
    played.store.can_lock = True
    _, document = stored(played)

    assert played.store.locked == {document.version_series_id}
    with pytest.raises(PermissionDenied):
        played.type(document, CLERK, abstract="đổi")
    assert played.shown(document)["state"] == "DA_LUU"


def test_a_paper_without_an_owner_id_is_stored_but_shows_in_no_store(played: PlayedOffice) -> None:
    played.reader.extraction = read_as({**VALUES, "owner_birth_date": "1985-07-05"})
    dossier = played.dossier()
    document = played.deposit(dossier)
    played.work()
    played.press(document, "XAC_NHAN", owner_id=None)
    played.succeed(dossier)
    played.press(dossier, "KY_CO_QUAN", CLERK)

    assert played.paper(document).digitization_code == ".1.001939.MAU-QD.12/QĐ-BHXH"
    assert stores(played) == {}


def test_a_later_id_gives_a_new_code_and_record_and_the_old_code_keeps_answering(
    played: PlayedOffice,
) -> None:
    played.reader.extraction = read_as({**VALUES, "owner_birth_date": "1985-07-05"})
    dossier = played.dossier()
    document = played.deposit(dossier)
    played.work()
    played.press(document, "XAC_NHAN", owner_id=None)
    played.succeed(dossier)
    played.press(dossier, "KY_CO_QUAN", CLERK)
    old, content = str(played.paper(document).digitization_code), played.content(document)

    played.press(document, "XAC_NHAN", owner_id="001090000012")
    assert played.publications.published_by_code(old)[0].version == 1  # readable all the while
    for _ in range(2):
        played.attend()
        played.work()
    played.press(dossier, "KY_CO_QUAN", CLERK)

    new = str(played.paper(document).digitization_code)
    assert (old, new) == (".1.001939.MAU-QD.12/QĐ-BHXH", "001090000012.1.001939.MAU-QD.12/QĐ-BHXH")
    assert [each.version for code in (old, new) for each in played.publications.published_by_code(code)] == [2, 2]
    assert feed(played) == [("MOI", 1), ("SUA_DU_LIEU", 2)]
    assert played.content(document) == content
    assert keys_of(content, SignatureRole.AGENCY) == ["agency"]
    assert len(played.technical(dossier, ".metadata.xml")) == 2
    assert stores(played) == {"001090000012": ["giấy tờ.pdf"]}


def test_a_corrected_owner_takes_the_paper_out_of_the_wrong_store(played: PlayedOffice) -> None:
    dossier, document = stored(played)

    played.press(document, "XAC_NHAN", owner_id="001090000020")
    for _ in range(2):
        played.attend()
        played.work()
    played.press(dossier, "KY_CO_QUAN", CLERK)

    assert stores(played) == {"001090000012": [], "001090000020": ["giấy tờ.pdf"]}


@pytest.mark.parametrize(
    ("typed", "told"), [({}, "không có giá trị nào thay đổi"), ({"submission_form": "SAO_Y"}, "hinhThucNop không đổi")]
)
def test_what_the_visible_signature_says_or_nothing_at_all_is_no_correction(
    played: PlayedOffice, typed: dict[str, Value], told: str
) -> None:
    _, document = stored(played)

    played.press(document, "XAC_NHAN", **typed)

    assert played.paper(document).state is State.DA_LUU
    assert told in str(played.shown(document)["error"])


def test_a_new_scan_of_a_stored_paper_becomes_its_next_version_under_the_same_id_and_code(
    played: PlayedOffice,
) -> None:
    dossier, document = stored(played)
    before = played.paper(document)
    played.press(document, "THU_LAI", RECEPTION)
    assert "tệp chưa thay đổi" in str(played.shown(document)["error"])
    played.replace_file(document, SCAN + b" again")
    played.attend()
    assert played.paper(document).state is State.DA_LUU  # a file alone starts nothing

    played.press(document, "THU_LAI", RECEPTION)
    meanwhile = played.publications.published(before.paper_id)
    assert meanwhile is not None and meanwhile.document.sha256 == before.artifacts[ArtifactKind.AGENCY].sha256
    assert played.paper(document).state is State.CHO_XAC_NHAN
    played.press(document, "XAC_NHAN")
    for _ in range(3):
        played.attend()
        played.work()
    played.press(dossier, "KY_CO_QUAN", CLERK)

    after = played.paper(document)
    assert (after.paper_id, after.digitization_code) == (before.paper_id, before.digitization_code)
    assert feed(played) == [("MOI", 1), ("PHIEN_BAN", 2)]
    assert played.content(document).startswith(SCAN + b" again")
    published = played.publications.published(before.paper_id, version=1)
    assert published is not None  # the signed version before stays
    assert b"".join(played.ours.stream(published.document.object_id)).startswith(SCAN)


def test_a_new_scan_cannot_be_left_out_while_its_paper_is_published(played: PlayedOffice) -> None:
    _, document = stored(played)
    played.replace_file(document, SCAN + b" again")

    played.press(document, "THU_LAI", RECEPTION, show_only=True)

    assert played.paper(document).state is State.LOI
    assert "đã lưu và công bố" in str(played.shown(document)["error"])


def test_a_stranger_starts_no_new_version(played: PlayedOffice) -> None:
    _, document = stored(played)
    played.replace_file(document, b"%PDF-1.7 foreign", STRANGER)

    played.press(document, "THU_LAI", STRANGER)

    assert played.paper(document).state is State.DA_LUU
    assert feed(played) == [("MOI", 1)]


def test_typing_into_a_stored_paper_changes_nothing_that_is_signed(played: PlayedOffice) -> None:
    _, document = stored(played)

    played.type(document, RECEPTION, document_number="99/QĐ-BHXH")
    played.attend()

    assert feed(played) == [("MOI", 1)]


def test_a_paper_of_a_narrow_type_is_read_by_the_listed_alone_with_its_technical_files(played: PlayedOffice) -> None:
    played.with_rules(types=TypeList([ListedType(code="MAU-QD", name="Giấy ra viện", readers=("giam.dinh",))]))

    _, document = stored(played)

    artifacts = played.paper(document).artifacts
    beside = {artifacts[kind].object_id for kind in (ArtifactKind.METADATA, ArtifactKind.ALTO)}
    assert played.store.access == dict.fromkeys({document.version_series_id, *beside}, frozenset({"giam.dinh"}))


def test_a_withdrawn_result_tells_the_portal_and_keeps_its_signatures(played: PlayedOffice) -> None:
    _, document = stored(played)
    content = played.content(document)

    played.press(document, "THU_HOI", CLERK, scope_basis="15/QĐ-BHXH ngày 05/01/2026")

    paper = played.paper(document)
    assert (paper.state, played.shown(document)["legal_status"]) == (State.THU_HOI, "THU_HOI")
    assert feed(played) == [("MOI", 1), ("THU_HOI", 1)]
    published = played.publications.published(paper.paper_id)
    assert published is not None
    assert (published.legal_status, published.version) == ("THU_HOI", 1)
    assert played.content(document) == content


@pytest.mark.parametrize("basis", [None, "4.1.a"])
def test_a_withdrawal_names_its_reason(played: PlayedOffice, basis: str | None) -> None:
    _, document = stored(played)

    played.press(document, "THU_HOI", HEAD, scope_basis=basis)

    assert played.paper(document).state is State.DA_LUU
    assert "canCu" in str(played.shown(document)["error"])


def test_the_settling_official_withdraws_nothing(played: PlayedOffice) -> None:
    _, document = stored(played)

    played.press(document, "THU_HOI", SETTLING, scope_basis="15/QĐ-BHXH")

    assert played.paper(document).state is State.DA_LUU


def test_a_replaced_paper_names_the_code_of_the_one_in_its_place(played: PlayedOffice) -> None:
    _, old = stored(played)
    played.reader.extraction = read_as({**VALUES, "document_number": "20/QĐ-BHXH"})
    _, new = stored(played, "hai")
    code = str(played.paper(new).digitization_code)

    played.press(old, "THAY_THE", CLERK, scope_basis="20/QĐ-BHXH", replaced_by=code)

    published = played.publications.published(played.paper(old).paper_id)
    assert published is not None
    assert (published.legal_status, published.replaced_by) == ("THAY_THE", code)
    assert feed(played)[-1] == ("THAY_THE", 1)


@pytest.mark.parametrize("named", ["", "không có", "self"])
def test_a_replacement_has_to_be_another_stored_paper(played: PlayedOffice, named: str) -> None:
    _, document = stored(played)
    paper = played.paper(document)

    replaced_by = str(paper.digitization_code) if named == "self" else named
    played.press(document, "THAY_THE", CLERK, scope_basis="20/QĐ-BHXH", replaced_by=replaced_by)

    assert played.paper(document).state is State.DA_LUU
    assert "giayToThayThe" in str(played.shown(document)["error"])


def test_a_published_paper_is_not_left_out_or_closed_any_more(played: PlayedOffice) -> None:
    dossier, document = stored(played)
    played.press(document, "XAC_NHAN", abstract="Về việc khác")

    played.succeed(dossier, "KHONG_THANH_CONG")

    assert played.paper(document).state is State.CHO_KY_CO_QUAN
    assert played.rows("SELECT result FROM dossier") == [{"result": "THANH_CONG"}]


def test_the_offices_list_gives_code_form_and_retention(played: PlayedOffice) -> None:
    listed = ListedType(code="KQ.G24.1", name="Quyết định", reads_as="MAU-QD", is_result=True, retention_years=70)
    played.with_rules(types=TypeList([listed]))
    dossier = played.dossier()
    document = played.deposit(dossier)
    played.work()
    assert played.shown(document)["document_type_code"] == "KQ.G24.1"

    played.press(document, "XAC_NHAN")
    assert "laKetQua" in str(played.shown(document)["error"])
    played.press(document, "XAC_NHAN", is_result=True)
    played.succeed(dossier)
    played.press(dossier, "KY_CO_QUAN", CLERK)

    assert played.paper(document).digitization_code == "001090000012.KQ.G24.1.12/QĐ-BHXH"
    assert played.shown(document)["retention_until"] == "2096-12-31"


def test_a_procedure_outside_the_offices_list_gets_no_code_until_it_is_corrected(played: PlayedOffice) -> None:
    played.with_rules(procedures=ProcedureList([ListedProcedure(code="1.002000", name="x")]))
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.succeed(dossier)
    assert "maTTHC" in str(played.shown(document)["error"])

    played.type(dossier, SETTLING, procedure_code="1.002000")
    played.attend()
    played.press(document, "THU_LAI")

    assert str(played.paper(document).digitization_code).startswith("001090000012.1.002000.")


def test_a_missing_component_is_named_on_the_folder(played: PlayedOffice) -> None:
    listed = ListedProcedure(code="1.001939", name="x", components=("MAU-QD", "MAU-GKS"))
    played.with_rules(procedures=ProcedureList([listed]))
    dossier = played.dossier()
    document = played.confirmed(dossier)

    played.succeed(dossier)

    assert played.shown(dossier)["error"] == "Chờ ký cơ quan: Thiếu thành phần hồ sơ: MAU-GKS."
    assert played.paper(document).state is State.DA_CAP_MA


def test_in_the_transition_papers_are_signed_and_kept_and_taken_up_later(played: PlayedOffice) -> None:
    played.with_rules(transition=True)
    dossier = played.dossier(papers=2)
    scan = played.deposit(dossier, "bản chụp.pdf")
    file = signed(b"%PDF-1.7 decision", SignatureRole.OTHER, "lan", "x")
    electronic = played.deposit(dossier, "điện tử.pdf", content=file, submission_form="DIEN_TU")
    played.work()
    assert [played.shown(each)["state"] for each in (scan, electronic)] == ["LUU_CHUYEN_TIEP"] * 2
    assert keys_of(played.content(scan), SignatureRole.SCANNER) == ["ha"]
    assert played.reader.read_files == 0
    played.attend()

    played.with_rules(transition=False)
    first = [paper.paper_id for paper in resume(played.place, at_most=1)]
    assert first == [played.paper(scan).paper_id]
    assert len(list(resume(played.place, at_most=5))) == 1
    played.work()

    assert [played.shown(each)["state"] for each in (scan, electronic)] == ["CHO_XAC_NHAN"] * 2
    assert keys_of(played.content(scan), SignatureRole.SCANNER) == ["ha"]
    played.press(scan, "XAC_NHAN")
    assert played.paper(scan).state is State.DA_XAC_NHAN


def test_what_the_owners_store_holds_is_named_on_the_next_dossier(played: PlayedOffice) -> None:
    stored(played)
    dossier = played.dossier("hai", dossier_owner="001090000012")
    played.deposit(dossier)

    played.press(dossier, "KIEM_TRA_KHO", RECEPTION)

    [line] = played.shown(dossier)["reuse_notice"]  # type: ignore[misc]
    assert line.startswith("Quyết định số 12/QĐ-BHXH ngày 2025-01-06, Bảo hiểm xã hội tỉnh Hà Nam")
    played.press(dossier, "KIEM_TRA_KHO", SETTLING, dossier_owner="001090000020")
    assert played.shown(dossier)["reuse_notice"] == ("Kho chưa có giấy tờ nào của chủ hồ sơ.",)
    played.press(dossier, "KIEM_TRA_KHO", SETTLING, dossier_owner=None)
    assert "chuHoSo" in str(played.shown(dossier)["error"])


def test_a_paper_that_differs_from_its_electronic_data_is_scanned_and_the_reason_stays(played: PlayedOffice) -> None:
    reason = "13.3.b: ngày sinh khác dữ liệu đã có"
    _, document = stored(played, scope_basis=reason)

    kept = played.register.result(played.paper(document).paper_id, Stage.SCOPE)
    assert kept is not None
    assert kept["clause"] == reason
    played.press(document, "THU_HOI", HEAD)  # why it was scanned is no reason to withdraw it
    assert played.paper(document).state is State.DA_LUU


def test_a_stored_paper_that_became_secret_is_not_named_to_the_reception(played: PlayedOffice) -> None:
    _, document = stored(played)
    played.register.commit(played.paper(document), Stage.EXTRACTION, Outcome(state=State.CACH_LY))
    dossier = played.dossier("hai", dossier_owner="001090000012")
    played.deposit(dossier)

    played.press(dossier, "KIEM_TRA_KHO", RECEPTION)

    assert played.shown(dossier)["reuse_notice"] == ("Kho chưa có giấy tờ nào của chủ hồ sơ.",)


def test_what_the_procedure_still_lacks_is_named_beside_what_the_store_holds(played: PlayedOffice) -> None:
    stored(played)
    listed = ListedProcedure(code="1.001939", name="x", components=("MAU-QD", "MAU-GKS", "MAU-C65HD"))
    types = TypeList([ListedType(code="MAU-GKS", name="Giấy khai sinh")])
    played.with_rules(procedures=ProcedureList([listed]), types=types)
    dossier = played.dossier("hai", dossier_owner="001090000012")
    played.deposit(dossier)

    played.press(dossier, "KIEM_TRA_KHO", RECEPTION)

    have, *lacking = played.shown(dossier)["reuse_notice"]  # type: ignore[misc]
    assert have.startswith("Quyết định số 12/QĐ-BHXH")
    assert lacking == [f"Còn phải tiếp nhận, sao chụp: {name}" for name in ("Giấy khai sinh", "MAU-C65HD")]


def test_sector_fields_are_confirmed_with_the_rest(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = played.deposit(dossier, extra="Số tháng đóng: 240; Mức hưởng: 75 %")
    played.work()
    played.press(document, "XAC_NHAN")

    metadata = played.paper(document).metadata
    assert metadata is not None
    assert metadata.extra == {"Số tháng đóng": "240", "Mức hưởng": "75 %"}


def test_a_dossiers_package_names_who_did_what_and_checks_by_its_manifest(played: PlayedOffice, tmp_path: Path) -> None:
    _, document = stored(played)
    paper = played.paper(document)
    package = tmp_path / "package"

    assert export_dossier(paper.dossier_id, played.place, package) == 1

    assert subprocess.run(["sha256sum", "--check", "--quiet", MANIFEST], cwd=package, check=False).returncode == 0
    names = {path.name for path in (package / str(paper.paper_id)).iterdir()}
    assert names == {"original.pdf", "capture.pdf", "signed.pdf", "metadata.xml", "text.alto.xml"}
    root = ElementTree.parse(package / "premis.xml").getroot()
    space = {"p": NAMESPACE}
    done = {
        event.findtext("p:eventDetailInformation/p:eventDetail", "", space): event.findtext(
            "p:linkingAgentIdentifier/p:linkingAgentIdentifierValue", "", space
        )
        for event in root.iterfind("p:event", space)
    }
    assert done["personal_signature"] == RECEPTION
    assert done["confirmation"] == SETTLING
    assert done["approval"] == done["agency_signature"] == CLERK
    people = {agent.findtext("p:agentName", "", space) for agent in root.iterfind("p:agent", space)}
    assert {"Trần Thị Thu Hà", "Lê Hoàng Nam", "Phạm Ngọc Lan", "sohoa"} == people
    with pytest.raises(InvalidFieldValue):
        export_dossier(paper.dossier_id, played.place, package)


def test_a_package_is_not_made_of_files_that_were_changed_since(played: PlayedOffice, tmp_path: Path) -> None:
    _, document = stored(played)
    played.store.contents[played.ours.get(document.object_id).object_id] += b" changed"

    with pytest.raises(ContentReplaced):
        export_dossier(played.paper(document).dossier_id, played.place, tmp_path / "package")
