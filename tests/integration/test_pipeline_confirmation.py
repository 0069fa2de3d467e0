"""Article 9.3: who confirms what, and which values stand in the end."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from connector.domain.code import build_code
from connector.domain.errors import ChangeConflict
from connector.domain.lists import ListedOrganisation, ListedType, OrganisationList, TypeList
from connector.domain.metadata import Value
from connector.domain.other_results import SOURCE_FIELD
from connector.domain.paper import RepositoryObject
from connector.domain.states import Stage, State
from tests.fakes.reader import VALUES, one_page, read_as
from tests.fakes.repository import FakeRepository
from tests.fixtures.pipelines import CLERK, RECEPTION, SETTLING, STRANGER, PlayedOffice

pytestmark = pytest.mark.integration


def proposed(
    office: PlayedOffice, dossier: RepositoryObject | None = None, name: str = "giấy tờ.pdf", **properties: Value
) -> RepositoryObject:
    """A paper that waits for confirmation."""
    document = office.deposit(dossier, name, **properties)
    office.work()
    assert office.shown(document)["state"] == "CHO_XAC_NHAN"
    return document


def test_unflagged_values_stand_in_their_fields_and_flagged_ones_wait_as_proposals(played: PlayedOffice) -> None:
    played.reader.extraction = read_as(VALUES, flagged=frozenset({"document_number"}))

    shown = played.shown(proposed(played))

    assert (shown["abstract"], shown["document_number"]) == (VALUES["abstract"], None)
    assert shown["fields_to_check"] == ("soKyHieu",)
    assert any(line.startswith("soKyHieu = 12/QĐ-BHXH (40 %, trang 1") for line in shown["proposals"])  # type: ignore[attr-defined]


def test_what_was_typed_before_is_kept_and_the_difference_is_flagged(played: PlayedOffice) -> None:
    shown = played.shown(proposed(played, document_number="13/QĐ-BHXH"))

    assert shown["document_number"] == "13/QĐ-BHXH"
    assert shown["fields_to_check"] == ("soKyHieu",)


def test_what_is_typed_while_the_paper_is_read_is_not_overwritten(played: PlayedOffice) -> None:
    document = played.deposit()
    played.reader.meanwhile = lambda: played.type(document, abstract="do người gõ")

    played.work()

    assert played.shown(document)["abstract"] == "do người gõ"
    assert played.shown(document)["fields_to_check"] == ("trichYeu",)


def test_what_is_typed_between_two_looks_of_our_own_write_is_not_overwritten(played: PlayedOffice) -> None:
    document = played.deposit()

    class Racing(FakeRepository):
        raced = False

        def update(self, current: RepositoryObject, properties: dict[str, Value]) -> RepositoryObject:  # type: ignore[override]
            if "proposals" in properties and not self.raced:
                Racing.raced = True
                played.type(document, abstract="do người gõ")
                raise ChangeConflict
            return super().update(current, properties)

    played.place = played.workplace(Racing(played.store), played.register)
    played.work()

    assert played.shown(document)["abstract"] == "do người gõ"


def test_the_confirmed_values_are_those_of_the_version_that_carried_the_button(played: PlayedOffice) -> None:
    document = proposed(played)
    carried = played.type(document, action="XAC_NHAN", abstract="bản đã xem")

    played.attend()
    played.type(document, STRANGER, abstract="sửa sau khi xác nhận")

    metadata = played.paper(document).metadata
    assert metadata is not None
    assert metadata.abstract == "bản đã xem"
    assert played.shown(document)["confirmed_by"] == SETTLING
    assert played.shown(document)["confirmed_at"] == carried.modified_at


def test_a_second_editor_in_the_race_takes_the_button_away_from_the_first(played: PlayedOffice) -> None:
    document = proposed(played)
    played.type(document, SETTLING, action="XAC_NHAN")
    played.type(document, STRANGER, document_number="99/QĐ-BHXH")

    played.attend()

    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert "[KHONG_CO_QUYEN]" in str(played.shown(document)["error"])


@pytest.mark.parametrize("login", [RECEPTION, STRANGER, "sohoa"])
def test_only_an_official_who_settles_confirms(played: PlayedOffice, login: str) -> None:
    document = proposed(played)

    played.press(document, "XAC_NHAN", login)

    assert played.paper(document).metadata is None
    assert played.shown(document)["action"] is None


def test_a_forged_state_or_code_moves_nothing(played: PlayedOffice) -> None:
    document = proposed(played)
    played.type(document, STRANGER, state="DA_LUU", digitization_code="x", confirmed_by=SETTLING)

    for _ in range(2):
        played.attend()
        played.work()

    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert (played.shown(document)["state"], played.shown(document)["digitization_code"]) == ("CHO_XAC_NHAN", None)


def test_every_change_from_the_proposal_is_kept(played: PlayedOffice) -> None:
    document = proposed(played)

    played.press(document, "XAC_NHAN", abstract="Về việc khác", document_number="12/QĐ-BHXH ")

    result = played.register.result(played.paper(document).paper_id, Stage.CONFIRMATION) or {}
    assert result["changes"] == {
        "abstract": ["Về việc hưởng lương hưu", "Về việc khác"],
        "owner_id_kind": [None, "CCCD"],
    }


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"document_number": None}, "soKyHieu"),
        ({"issue_date": "31/02/2025"}, "ngày/tháng/năm"),
        ({"issue_date": "2031-01-01"}, "ngayCap ở sau ngày xác nhận"),
        ({"owner_birth_date": "1/1/2099"}, "ngaySinh ở sau ngày xác nhận"),
        ({"owner_id": "123456789"}, "không phải số định danh"),  # a CMND
        ({"owner_id": "0100109106", "owner_birth_date": "1985"}, "không phải số định danh"),  # a person's ten digits
        ({"owner_id": "000.00.45.G24"}, "nếu đúng là G24.45"),  # the order of before 2020
        ({"owner_id": None, "owner_name": None}, "maChuGiayTo"),
        ({"submission_form": None}, "Chọn hinhThucNop"),
        ({"submission_form": "DIEN_TU"}, "giữa giấy và điện tử"),
        ({"submission_form": "BAN_SAO_CHUP"}, "Khoản 2 Điều 5"),
        ({"show_only": True}, "Khoản 3 Điều 5"),
        ({"declared_pages": None}, "soTrang (tệp có 1 ảnh)"),
        ({"declared_pages": 2}, "cần 2 ảnh"),
        ({"sticky_notes": "1"}, "cần 2 ảnh"),
        ({"document_type_code": "LA"}, "danh mục loại giấy tờ"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_sentence_that_names_it(
    played: PlayedOffice, typed: dict[str, Value], told: str
) -> None:
    played.with_rules(document_type_codes=frozenset({"MAU-QD"}))
    document = proposed(played)

    played.press(document, "XAC_NHAN", **typed)

    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert told in str(played.shown(document)["error"])
    assert played.shown(document)["action"] is None


def test_a_paper_without_an_id_needs_name_and_birth_date_instead(played: PlayedOffice) -> None:
    document = proposed(played)

    played.press(document, "XAC_NHAN", owner_id=None, owner_birth_date="5/7/1985")

    metadata = played.paper(document).metadata
    assert metadata is not None
    assert (metadata.owner_id, metadata.owner_birth_date) == (None, "1985-07-05")


def test_the_submitter_is_proposed_as_owner_only_with_a_flag(played: PlayedOffice) -> None:
    played.reader.extraction = read_as({name: value for name, value in VALUES.items() if name != "owner_id"})

    shown = played.shown(proposed(played, played.dossier(dossier_owner="001090000020")))

    assert shown["owner_id"] is None
    assert "maChuGiayTo = 001090000020 (50 %, hồ sơ)" in shown["proposals"]  # type: ignore[operator]
    assert shown["fields_to_check"] == ("maChuGiayTo",)


def test_pages_that_nobody_declared_are_asked_for_at_confirmation(played: PlayedOffice) -> None:
    document = proposed(played, declared_pages=None)
    assert played.shown(document)["fields_to_check"] == ("soTrang",)

    played.press(document, "XAC_NHAN", declared_pages=1)

    assert played.paper(document).state is State.DA_XAC_NHAN


def test_the_dossiers_button_confirms_papers_without_flags_and_says_what_is_left(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=3)
    plain = proposed(played, dossier, name="một.pdf")
    played.reader.extraction = read_as(VALUES, flagged=frozenset({"abstract"}))
    flagged = proposed(played, dossier, name="hai.pdf")
    played.reader.extraction = read_as(VALUES)
    incomplete = played.deposit(dossier, "ba.pdf", submission_form=None)
    played.work()
    played.type(flagged, STRANGER, fields_to_check=())  # the property is emptied, the register still knows

    played.press(dossier, "XAC_NHAN")

    states = [played.paper(each).state for each in (plain, flagged, incomplete)]
    assert states == [State.DA_XAC_NHAN, State.CHO_XAC_NHAN, State.CHO_XAC_NHAN]
    told = str(played.shown(dossier)["error"])
    assert "trường cần xem" in told
    assert "hinhThucNop" in told
    assert played.shown(dossier)["action"] is None


def test_a_capture_below_the_standard_is_accepted_on_the_paper_itself_only(played: PlayedOffice) -> None:
    played.with_rules(asks_about_technical_defects=True)
    played.reader.facts = one_page(dpi=100)
    dossier = played.dossier()
    document = proposed(played, dossier)

    played.press(dossier, "XAC_NHAN")
    assert "chưa đạt tiêu chuẩn" in str(played.shown(dossier)["error"])
    played.press(document, "XAC_NHAN")

    result = played.register.result(played.paper(document).paper_id, Stage.CONFIRMATION) or {}
    assert "100 dpi" in str(result["accepts_defects"])


def test_the_dossiers_button_does_not_reach_what_was_edited_after_it(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = proposed(played, dossier)
    played.type(dossier, SETTLING, action="XAC_NHAN")
    played.type(document, STRANGER, document_number="99/QĐ-BHXH")

    played.attend()

    assert played.paper(document).state is State.CHO_XAC_NHAN


def test_confirmed_values_may_be_corrected_until_the_code_is_given(played: PlayedOffice) -> None:
    dossier = played.dossier()
    document = proposed(played, dossier)
    played.press(document, "XAC_NHAN")

    played.press(document, "XAC_NHAN", document_number="13/QĐ-BHXH")
    played.succeed(dossier)
    played.press(document, "XAC_NHAN", document_number="14/QĐ-BHXH")

    assert str(played.paper(document).digitization_code).endswith(".13/QĐ-BHXH")
    assert "không dùng được ở trạng thái" in str(played.shown(document)["error"])


def test_a_new_file_takes_our_old_proposals_away_but_not_what_people_typed(played: PlayedOffice) -> None:
    document = proposed(played, validity_scope="toàn quốc")
    played.register.fail(played.paper(document), Stage.EXTRACTION, code="TEP_HONG", sentence="Quét lại.")
    played.replace_file(document, b"%PDF-1.7 another scan")
    played.reader.extraction = read_as({**VALUES, "document_number": "77/QĐ-BHXH"})

    played.press(document, "THU_LAI", RECEPTION)

    shown = played.shown(document)
    assert (shown["document_number"], shown["validity_scope"]) == ("77/QĐ-BHXH", "toàn quốc")
    assert shown["fields_to_check"] == ()


def test_a_paper_that_cannot_be_read_is_typed_by_hand(played: PlayedOffice) -> None:
    document = proposed(played)

    played.press(document, "NHAP_TAY", abstract="do người gõ")

    shown = played.shown(document)
    assert (shown["document_number"], shown["abstract"]) == (None, "do người gõ")
    assert "soKyHieu" in shown["fields_to_check"]  # type: ignore[operator]
    played.press(document, "XAC_NHAN", **VALUES, document_type_code="MAU-QD")
    assert played.paper(document).state is State.DA_XAC_NHAN


def test_a_scan_that_failed_before_its_signature_is_not_typed_by_hand(played: PlayedOffice) -> None:
    played.reader.facts = one_page(dpi=100)
    document = played.deposit()
    played.work()
    assert played.paper(document).state is State.LOI

    played.press(document, "NHAP_TAY")

    assert played.paper(document).state is State.LOI


def test_confirmation_knows_the_day_in_vietnam(played: PlayedOffice) -> None:
    played.store.clock = dt.datetime(2026, 3, 4, 18, tzinfo=dt.UTC)  # already the fifth there
    document = proposed(played)

    played.press(document, "XAC_NHAN", issue_date="05/03/2026")

    assert played.paper(document).state is State.DA_XAC_NHAN


def test_a_value_that_somebody_typed_is_not_confirmed_unseen_by_the_dossiers_button(played: PlayedOffice) -> None:
    dossier = played.dossier(papers=2)
    read, typed = proposed(played, dossier, "một.pdf"), proposed(played, dossier, "hai.pdf")
    played.type(typed, STRANGER, document_number="99/QĐ-BHXH")

    played.press(dossier, "XAC_NHAN")

    assert played.shown(read)["state"] == "DA_XAC_NHAN"
    assert played.shown(typed)["state"] == "CHO_XAC_NHAN"
    assert "có giá trị khác đề xuất" in str(played.shown(dossier)["error"])
    played.press(typed, "XAC_NHAN")  # on the paper itself the official sees the value and answers for it
    changes = played.register.result(played.paper(typed).paper_id, Stage.CONFIRMATION)
    assert changes is not None and changes["changes"]["document_number"] == ["12/QĐ-BHXH", "99/QĐ-BHXH"]  # type: ignore[index]


def test_a_typed_state_and_confirmation_confirm_nothing(played: PlayedOffice) -> None:
    document = proposed(played)

    played.type(document, STRANGER, state="DA_XAC_NHAN", confirmed_by=SETTLING, fields_to_check=())
    for _ in range(3):
        played.attend()
        played.work()

    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert played.register.result(played.paper(document).paper_id, Stage.CONFIRMATION) is None
    assert (played.shown(document)["state"], played.shown(document)["confirmed_by"]) == ("CHO_XAC_NHAN", None)


def test_a_second_editor_after_the_button_is_neither_believed_nor_lost(played: PlayedOffice) -> None:
    document = proposed(played)
    played.type(document, SETTLING, action="XAC_NHAN")
    played.type(document, STRANGER, document_number="99/QĐ-BHXH")  # the last editor has no role: nothing happens

    played.attend()

    assert played.paper(document).state is State.CHO_XAC_NHAN
    assert "KHONG_CO_QUYEN" in str(played.shown(document)["error"])


def test_sector_data_that_the_list_wants_is_asked_for_and_signed(played: PlayedOffice) -> None:
    wanted = ListedType(code="MAU-QD", name="Quyết định", sector_fields=("Số tháng đóng", "Mức hưởng"))
    played.with_rules(types=TypeList([wanted]))
    document = proposed(played, extra="Số tháng đóng: 240")
    assert "duLieuChuyenNganh" in played.shown(document)["fields_to_check"]  # type: ignore[operator]
    assert "Mức hưởng: …" in str(played.shown(document)["error"])

    played.press(document, "XAC_NHAN")
    assert "duLieuChuyenNganh còn thiếu: Mức hưởng" in str(played.shown(document)["error"])
    played.press(document, "XAC_NHAN", extra="Số tháng đóng: 240; Mức hưởng: 75 %")

    metadata = played.paper(document).metadata
    assert metadata is not None and metadata.extra == {"Số tháng đóng": "240", "Mức hưởng": "75 %"}


def test_an_organisation_code_has_to_be_in_the_offices_list(played: PlayedOffice) -> None:
    listed = ListedOrganisation(code="G24.45", name="BHXH tỉnh thử", former_code="000.00.45.G24")
    played.with_rules(organisations=OrganisationList([listed]))
    played.reader.extraction = read_as({**VALUES, "owner_id": "G24.99"})
    document = proposed(played)

    played.press(document, "XAC_NHAN")
    assert "không có trong danh mục mã định danh tổ chức" in str(played.shown(document)["error"])
    played.press(document, "XAC_NHAN", owner_id="000.00.45.G24")
    assert "nếu đúng là G24.45" in str(played.shown(document)["error"])
    played.press(document, "XAC_NHAN", owner_id="G24.45")

    assert played.paper(document).state is State.DA_XAC_NHAN


def test_a_page_that_looks_scanned_twice_is_asked_and_the_answer_is_kept(played: PlayedOffice) -> None:
    page = one_page()
    played.reader.facts = dataclasses.replace(page, pages=[*page.pages, *page.pages], alike={(1, 2): 1.0})
    dossier = played.dossier()
    document = proposed(played, dossier, declared_pages=2)
    assert "một trang được quét hai lần" in str(played.shown(document)["error"])

    played.press(dossier, "XAC_NHAN")
    assert played.paper(document).state is State.CHO_XAC_NHAN
    played.press(document, "XAC_NHAN")

    confirmed = played.register.result(played.paper(document).paper_id, Stage.CONFIRMATION)
    assert confirmed is not None and "quét hai lần" in str(confirmed["accepts_defects"])


def test_a_number_out_of_the_offices_order_is_asked_about_and_stays_as_it_was_read(played: PlayedOffice) -> None:
    first = proposed(played)
    code = build_code(
        owner_id=None, procedure_code=None, type_code="MAU-QD", document_number="15/QĐ-BHXH", is_result=True
    )
    played.register.register_code(
        played.paper(first), code, authority=VALUES["issuing_authority"], issue_date="2025-01-03"
    )

    shown = played.shown(proposed(played, played.dossier("hồ sơ 2")))

    assert shown["document_number"] is None
    assert {"soKyHieu", "ngayCap"} <= set(shown["fields_to_check"])
    assert any(line.startswith("soKyHieu = 12/QĐ-BHXH (70 %") for line in shown["proposals"])  # type: ignore[attr-defined]
    assert "không theo thứ tự" in str(shown["error"])


def test_an_id_that_the_register_knows_is_proposed_and_a_person_confirms_it(played: PlayedOffice) -> None:
    person = {**VALUES, "owner_birth_date": "1990-05-07"}
    played.reader.extraction = read_as(person)
    known = played.dossier("hồ sơ trước")
    played.confirmed(known)
    played.succeed(known)
    played.press(known, "KY_CO_QUAN", CLERK)
    played.reader.extraction = read_as({**person, "owner_id": "", "document_number": "13/QĐ-BHXH"})
    nameless = {name: value for name, value in played.reader.extraction.fields.items() if name != "owner_id"}
    played.reader.extraction = dataclasses.replace(played.reader.extraction, fields=nameless)

    shown = played.shown(proposed(played, played.dossier("hồ sơ sau"), "sau.pdf"))

    assert shown["owner_id"] is None
    assert any(line.startswith("maChuGiayTo = 001090000012") for line in shown["proposals"])  # type: ignore[attr-defined]
    assert "maChuGiayTo" in shown["fields_to_check"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("authority", "marked"), [("Sở Tư pháp tỉnh Hà Nam", True), ("Bảo hiểm xã hội tỉnh Hà Nam", False)]
)
def test_another_agencys_result_is_marked_as_our_reading(played: PlayedOffice, authority: str, marked: bool) -> None:
    played.reader.extraction = read_as({**VALUES, "issuing_authority": authority})
    document = proposed(played)

    played.press(document, "XAC_NHAN", is_result=True)

    metadata = played.paper(document).metadata
    assert metadata is not None and (SOURCE_FIELD in metadata.extra) is marked
