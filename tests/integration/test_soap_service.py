"""Every operation and fault, through zeep, against the running service."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import pytest
from zeep.exceptions import Fault

from connector.demo.portal import Portal
from connector.domain.metadata import DossierResult, LegalStatus
from connector.domain.outcome import Outcome, StatusChange
from connector.domain.publication import ChangeKind
from connector.domain.states import Stage, State
from connector.registry.allowances import CallAllowances
from connector.registry.connection import Database
from tests.fixtures.register import claimed
from tests.fixtures.soap import FEW_CALLS, MINE, NARROW, OFFICE, ONE_OWNER, OTHERS, PASSWORD, PORTAL, Kho

pytestmark = pytest.mark.integration

PURPOSE = "Giải quyết hồ sơ"


@pytest.fixture
def portal(served: Kho) -> Portal:
    return Portal(served.url, username=PORTAL.name, password=PASSWORD, purpose=PURPOSE)


def other(served: Kho, name: str) -> Portal:
    return Portal(served.url, username=name, password=PASSWORD)


def fault_of(call: Any, *arguments: object, **values: object) -> tuple[str, Any]:
    """The name of the typed fault and its detail."""
    with pytest.raises(Fault) as caught:
        call(*arguments, **values)
    detail = caught.value.detail[0]
    return detail.tag.rsplit("}", 1)[-1], detail


def texts(detail: Any, name: str) -> list[str]:
    return [element.text for element in detail.iter(f"{{urn:vn:bhxh:sohoa:kho:1}}{name}")]


def test_the_caller_is_recognised(portal: Portal) -> None:
    answer = portal.service.Ping()
    assert (answer.PhienBanHopDong, answer.BenGoi) == ("1.0", PORTAL.name)


def test_a_portal_finds_pulls_compares_and_acknowledges(served: Kho, portal: Portal) -> None:
    content = os.urandom(700_001) + b"\r\n"  # zeep has eaten line ends before
    wanted = served.publish(content)
    served.publish(code="001.CV.1", owner_id="001090000099")

    [found] = portal.search(MaSoHoa=wanted.record.digitization_code)
    pulled = portal.pull(found.MaTaiLieu)

    assert pulled.content == content
    assert pulled.unchanged
    assert pulled.metadata.SoKyHieu == "12/QĐ-BHXH"
    assert hashlib.sha256(content).hexdigest() == found.SHA256
    assert [row["operation"] for row in served.audit_rows()] == [
        "SearchDocuments",
        "GetMetadata",
        "GetDocument",
        "AcknowledgeReceipt",
    ]
    assert served.chain.finding() is None


@pytest.mark.parametrize("size", [0, 1, 2, 3, 65_535, 65_536, 65_537, 400_000])
def test_base64_and_mtom_carry_the_same_bytes(served: Kho, portal: Portal, size: int) -> None:
    content = os.urandom(size)
    wanted = served.publish(content)

    inline = portal.service.GetDocument(MucDich=PURPOSE, MaTaiLieu=str(wanted.record.paper_id))

    assert (inline.TaiLieu.NoiDung or b"") == content
    assert portal.pull(str(wanted.record.paper_id)).content == content or size == 0
    assert served.shelf.open_streams == 0


def test_an_unchanged_document_is_not_sent_again(served: Kho, portal: Portal) -> None:
    wanted = served.publish(b"%PDF-1.7 same")
    answer = portal.service.GetDocument(
        MucDich=PURPOSE, MaTaiLieu=str(wanted.record.paper_id), SHA256DaCo=wanted.document.sha256
    )
    assert wanted.document.sha256 == answer.TaiLieu.SHA256
    assert answer.TaiLieu.NoiDung is None
    assert answer.MaGiaoNhan is None


def test_an_older_version_is_kept_and_given(served: Kho, portal: Portal) -> None:
    first = served.publish(b"%PDF-1.7 first")
    paper = served.paper(first.record.paper_id)
    served.publish(b"%PDF-1.7 second", version=2, paper=paper, kind=ChangeKind.PHIEN_BAN)
    read = {"MucDich": PURPOSE, "MaTaiLieu": str(first.record.paper_id)}

    assert portal.service.GetDocument(**read).TaiLieu.NoiDung == b"%PDF-1.7 second"
    assert portal.service.GetDocument(**read, PhienBan=1).TaiLieu.NoiDung == b"%PDF-1.7 first"
    assert portal.service.VerifyDocument(**read, SHA256=first.document.sha256).KetQuaDoiChieu == "KHOP_PHIEN_BAN_CU"
    assert fault_of(portal.service.GetDocument, **read, PhienBan=3)[0] == "NotFound"


def test_the_signed_metadata_arrives_byte_for_byte(served: Kho, portal: Portal) -> None:
    wanted = served.publish()
    answer = portal.service.GetMetadataSignature(MucDich=PURPOSE, MaSoHoa=wanted.record.digitization_code)
    assert hashlib.sha256(answer.NoiDung).hexdigest() == wanted.signed_metadata.sha256 == answer.SHA256


def test_a_copy_at_hand_is_verified(served: Kho, portal: Portal) -> None:
    wanted = served.publish()
    read = {"MucDich": PURPOSE, "MaTaiLieu": str(wanted.record.paper_id)}

    same = portal.service.VerifyDocument(**read, SHA256=wanted.document.sha256)
    changed = portal.service.VerifyDocument(**read, SHA256="0" * 64)
    without = portal.service.VerifyDocument(**read)

    assert (same.KetQuaDoiChieu, changed.KetQuaDoiChieu, without.KetQuaDoiChieu) == ("KHOP", "KHONG_KHOP", None)
    [signature] = same.ChuKy
    assert (signature.VaiTro, signature.MucChuKy, signature.NguyenVen, signature.TinCay) == (
        "CO_QUAN",
        "B-LTA",
        True,
        True,
    )


def test_a_code_of_two_papers_is_a_conflict_that_the_issue_date_settles(served: Kho, portal: Portal) -> None:
    code = ".QD.12/QĐ-BHXH"
    old = served.publish(code=code, owner_id=None, issue_date="2023-01-02")
    new = served.publish(code=code, owner_id=None, issue_date="2024-01-02")

    name, detail = fault_of(portal.service.GetMetadata, MucDich=PURPOSE, MaSoHoa=code)
    chosen = portal.service.GetMetadata(MucDich=PURPOSE, MaSoHoa=code, NgayCap="2023-01-02")

    assert name == "Conflict"
    assert texts(detail, "MaTaiLieu") == [str(old.record.paper_id), str(new.record.paper_id)]
    assert texts(detail, "NgayCap") == ["2023-01-02", "2024-01-02"]
    assert chosen.TaiLieu.MaTaiLieu == str(old.record.paper_id)
    assert fault_of(portal.service.GetMetadata, MucDich=PURPOSE, MaSoHoa=code, NgayCap="2022-01-02")[0] == "NotFound"


def test_a_paper_that_is_not_given_out_says_why(served: Kho, portal: Portal) -> None:
    waiting = claimed(served.register, "on-its-way")
    secret = claimed(served.register, "quarantined")
    served.register.commit(secret, Stage.SCOPE, Outcome(state=State.CACH_LY))

    assert portal.is_refused(str(waiting.paper_id)) == "NotReady"
    assert portal.is_refused(str(secret.paper_id)) == "Withheld"
    assert portal.is_refused("00000000-0000-4000-8000-000000000000") == "NotFound"
    assert fault_of(portal.service.GetMetadata, MucDich=PURPOSE, MaSoHoa="001.QD.none")[0] == "NotFound"


def test_content_that_is_not_the_registered_one_is_withheld(served: Kho, portal: Portal) -> None:
    wanted = served.publish(b"%PDF-1.7 registered")
    read = {"MucDich": PURPOSE, "MaTaiLieu": str(wanted.record.paper_id)}
    place = wanted.document.object_id

    served.shelf.contents[place] = b"%PDF-1.7 registereD"
    assert fault_of(portal.service.GetDocument, **read)[0] == "Withheld"
    del served.shelf.contents[place]
    assert fault_of(portal.service.GetDocument, **read)[0] == "Withheld"
    served.shelf.broken.add(place)
    name, detail = fault_of(portal.service.GetDocument, **read)
    assert name == "Unavailable"
    assert texts(detail, "ThuLaiSau") == ["30"]
    assert [row["result"] for row in served.audit_rows()] == ["OK", "Withheld"] * 2 + ["OK", "Unavailable"]


def test_a_purpose_is_needed_for_personal_data(served: Kho, portal: Portal) -> None:
    wanted = served.publish()
    name, detail = fault_of(portal.service.GetDocument, MucDich="   ", MaTaiLieu=str(wanted.record.paper_id))
    assert name == "InvalidRequest"
    assert "MucDich" in texts(detail, "Truong")


def test_every_finding_is_in_one_fault(portal: Portal) -> None:
    name, detail = fault_of(portal.service.SearchDocuments, MucDich="", SoLuong=0, MaTrang="")
    assert name == "InvalidRequest"
    assert texts(detail, "Truong") == ["MucDich", "SoLuong", "MaTrang"]
    assert "MaTaiLieu" in texts(fault_of(portal.service.GetDocument, MucDich=PURPOSE)[1], "Truong")


def test_search_pages_are_stable(served: Kho, portal: Portal) -> None:
    codes = [f"001090000012.QD.{number}" for number in range(5)]
    papers = [served.publish(code=code) for code in codes]
    first = portal.service.SearchDocuments(MucDich=PURPOSE, SoLuong=2)
    served.publish(b"x", version=2, paper=served.paper(papers[0].record.paper_id), code=codes[0])
    second = portal.service.SearchDocuments(MucDich=PURPOSE, SoLuong=2, MaTrang=first.MaTrangTiep)

    assert [paper.MaSoHoa for paper in [*first.TaiLieu, *second.TaiLieu]] == codes[:4]
    assert second.TongSo == 5
    wrong = fault_of(portal.service.SearchDocuments, MucDich=PURPOSE, MaTTHC="2", MaTrang=first.MaTrangTiep)
    assert texts(wrong[1], "Truong") == ["MaTrang"]


def test_an_owner_s_store_is_listed(served: Kho, portal: Portal) -> None:
    mine = served.publish()
    served.publish(code="x.QD.1", owner_id="001090000099")

    page = portal.service.ListOwnerDocuments(MucDich=PURPOSE, MaChuGiayTo="001090000012", ChiConHieuLuc=True)

    assert [paper.MaTaiLieu for paper in page.TaiLieu] == [str(mine.record.paper_id)]


def test_the_feed_is_read_on_from_its_token(served: Kho, portal: Portal) -> None:
    papers = [served.publish(code=f"x.QD.{number}") for number in range(3)]
    first = portal.service.ListChanges(SoLuong=2)
    rest = portal.service.ListChanges(TuDau=first.DauTiep)

    seen = [change.MaTaiLieu for change in [*first.ThayDoi, *rest.ThayDoi]]
    assert seen == [str(paper.record.paper_id) for paper in papers]
    assert (first.ConNua, rest.ConNua) == (True, False)
    assert list(portal.service.ListChanges(TuDau=rest.DauTiep).ThayDoi) == []
    assert texts(fault_of(portal.service.ListChanges, TuDau="chua-tung-co")[1], "Truong") == ["TuDau"]


def test_the_same_request_id_is_one_delivery_of_the_same_version(served: Kho, portal: Portal) -> None:
    wanted = served.publish(b"%PDF-1.7 first")
    read = {"MucDich": PURPOSE, "MaTaiLieu": str(wanted.record.paper_id), "MaYeuCau": "r-1"}
    first = portal.service.GetDocument(**read)
    served.publish(b"%PDF-1.7 second", version=2, paper=served.paper(wanted.record.paper_id))
    again = portal.service.GetDocument(**read)
    fresh = portal.service.GetDocument(**{**read, "MaYeuCau": "r-2"})

    assert (again.MaGiaoNhan, again.TaiLieu.NoiDung) == (first.MaGiaoNhan, b"%PDF-1.7 first")
    assert (fresh.TaiLieu.PhienBan, fresh.TaiLieu.NoiDung) == (2, b"%PDF-1.7 second")


def test_a_wrong_proof_of_receipt_is_told_and_another_s_delivery_is_not_found(served: Kho, portal: Portal) -> None:
    wanted = served.publish()
    given = portal.service.GetDocument(MucDich=PURPOSE, MaTaiLieu=str(wanted.record.paper_id))
    acknowledge = {"MaGiaoNhan": given.MaGiaoNhan, "SHA256": "0" * 64}

    assert portal.service.AcknowledgeReceipt(**acknowledge).KhopMaBam is False
    assert fault_of(other(served, OFFICE.name).service.AcknowledgeReceipt, **acknowledge)[0] == "NotFound"
    by_paper = portal.service.AcknowledgeReceipt(MaTaiLieu=given.TaiLieu.MaTaiLieu, SHA256=given.TaiLieu.SHA256)
    assert by_paper.KhopMaBam is True
    assert texts(fault_of(portal.service.AcknowledgeReceipt, SHA256="0" * 64)[1], "Truong") == ["MaGiaoNhan"]


def test_only_the_procedure_software_reports_results(served: Kho, portal: Portal) -> None:
    office = other(served, OFFICE.name)
    report = {"MaHoSo": "H-1", "KetQua": "THANH_CONG"}

    assert fault_of(portal.service.ReportDossierResult, **report)[0] == "AccessDenied"
    assert office.service.ReportDossierResult(**report).KetQua == "THANH_CONG"
    assert served.results == [("H-1", DossierResult.THANH_CONG, OFFICE.name)]
    assert fault_of(office.service.ReportDossierResult, **{**report, "MaHoSo": "H-khong-co"})[0] == "NotFound"
    assert fault_of(office.service.ReportDossierResult, **{**report, "MaHoSo": "H-da-xong"})[0] == "Conflict"


def test_what_a_client_may_not_read_does_not_exist_for_it(served: Kho) -> None:
    wanted = served.publish()
    served.publish(version=2, paper=served.paper(wanted.record.paper_id))
    waiting = claimed(served.register, "on-its-way")
    code, paper_id = wanted.record.digitization_code, str(wanted.record.paper_id)
    narrow = other(served, NARROW.name).service

    def told(call: Any, **values: object) -> str:
        name, detail = fault_of(call, MucDich=PURPOSE, **values)
        return name + "".join(detail.itertext())

    for call in (narrow.GetMetadata, narrow.GetDocument, narrow.GetMetadataSignature, narrow.VerifyDocument):
        nothing = told(call, MaTaiLieu="00000000-0000-4000-8000-000000000000")
        assert nothing.startswith("NotFound")
        for named in ({"MaTaiLieu": paper_id}, {"MaTaiLieu": paper_id, "PhienBan": 1}, {"MaSoHoa": code}):
            assert told(call, **named) == nothing
        assert told(call, MaTaiLieu=str(waiting.paper_id)) == nothing
    for page in (
        narrow.SearchDocuments(MucDich=PURPOSE, MaSoHoa=code),
        narrow.ListOwnerDocuments(MucDich=PURPOSE, MaChuGiayTo="001090000012"),
    ):
        assert (page.TongSo, list(page.TaiLieu)) == (0, [])


def test_candidates_of_a_conflict_are_only_those_a_client_may_read(served: Kho) -> None:
    code = ".QD.12/QĐ-BHXH"
    for day in ("2023-01-02", "2024-01-02"):
        served.publish(code=code, owner_id=None, issue_date=day)
    mine = served.publish(code=code, owner_id=MINE, issue_date="2025-01-02")

    found = other(served, ONE_OWNER.name).service.GetMetadata(MucDich=PURPOSE, MaSoHoa=code)

    assert found.TaiLieu.MaTaiLieu == str(mine.record.paper_id)


def test_the_feed_shows_a_client_the_changes_of_its_papers_only(served: Kho) -> None:
    service = other(served, ONE_OWNER.name).service
    papers = [served.publish(code=f"x.QD.{number}", owner_id=MINE if number % 2 else OTHERS) for number in range(6)]
    mine = [str(paper.record.paper_id) for paper in papers if paper.record.metadata.owner_id == MINE]

    first = service.ListChanges(SoLuong=2)
    rest = service.ListChanges(TuDau=first.DauTiep)
    nothing = service.ListChanges(TuDau=rest.DauTiep)
    served.publish(code="x.QD.other", owner_id=OTHERS)

    assert [change.MaTaiLieu for change in [*first.ThayDoi, *rest.ThayDoi]] == mine
    assert (first.ConNua, rest.ConNua, list(nothing.ThayDoi)) == (True, False, [])
    assert service.ListChanges(TuDau=nothing.DauTiep).DauTiep == nothing.DauTiep  # others' papers do not move it


def test_a_paper_that_was_another_owner_s_all_along_is_closed_to_whom_it_was_shown(served: Kho) -> None:
    service = other(served, ONE_OWNER.name).service
    wrong = served.publish(owner_id=MINE)
    read = {"MucDich": PURPOSE, "MaTaiLieu": str(wrong.record.paper_id)}
    assert service.GetMetadata(**read).TaiLieu.PhienBan == 1
    token = service.ListChanges().DauTiep
    corrected = served.paper(wrong.record.paper_id)
    served.publish(version=2, paper=corrected, owner_id=OTHERS, kind=ChangeKind.SUA_DU_LIEU)

    [change] = service.ListChanges(TuDau=token).ThayDoi  # told, so that it throws its copy away

    assert change.Loai == "SUA_DU_LIEU"
    assert fault_of(service.GetMetadata, **read)[0] == "NotFound"
    assert fault_of(service.GetDocument, **read, PhienBan=1)[0] == "NotFound"


@pytest.mark.parametrize("successor_owner", [MINE, OTHERS])
def test_the_code_that_replaces_a_paper_is_told_to_whom_may_read_it(served: Kho, successor_owner: str) -> None:
    old = served.publish(code="x.QD.1", owner_id=MINE)
    successor = served.publish(code=f"{successor_owner}.QD.2", owner_id=successor_owner).record.digitization_code
    change = StatusChange(kind=ChangeKind.THAY_THE, legal_status=LegalStatus.THAY_THE, replaced_by=successor)
    paper = served.paper(old.record.paper_id)
    served.register.commit(paper, Stage.FILING, Outcome(state=State.THAY_THE, status_change=change))
    service = other(served, ONE_OWNER.name).service

    read = service.GetMetadata(MucDich=PURPOSE, MaTaiLieu=str(paper.paper_id)).TaiLieu
    [listed] = service.SearchDocuments(MucDich=PURPOSE, MaSoHoa="x.QD.1").TaiLieu

    told = successor if successor_owner == MINE else None
    assert [(each.TrangThaiHieuLuc, each.MaSoHoaThayThe) for each in (read, listed)] == [("THAY_THE", told)] * 2


def test_a_stored_paper_that_turns_out_to_be_secret_is_handed_out_no_more(served: Kho, portal: Portal) -> None:
    secret = served.publish()
    code, paper = secret.record.digitization_code, served.paper(secret.record.paper_id)
    served.register.commit(paper, Stage.EXTRACTION, Outcome(state=State.CACH_LY))

    for named in ({"MaTaiLieu": str(paper.paper_id)}, {"MaTaiLieu": str(paper.paper_id), "PhienBan": 1}):
        for call in (portal.service.GetMetadata, portal.service.GetDocument, portal.service.GetMetadataSignature):
            assert fault_of(call, MucDich=PURPOSE, **named)[0] == "Withheld"
    page = portal.service.SearchDocuments(MucDich=PURPOSE, MaSoHoa=code)
    assert (page.TongSo, list(page.TaiLieu)) == (0, [])
    store = portal.service.ListOwnerDocuments(MucDich=PURPOSE, MaChuGiayTo="001090000012")
    assert (store.TongSo, list(store.TaiLieu)) == (0, [])


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2], lambda t: t + "A", lambda t: t[:8] + "x" + t[9:], lambda t: "9" * 300]
)
def test_tokens_that_were_tampered_with_are_refused(served: Kho, portal: Portal, change: Any) -> None:
    for number in range(3):
        served.publish(code=f"x.QD.{number}")
    feed = portal.service.ListChanges(SoLuong=2).DauTiep
    page = portal.service.SearchDocuments(MucDich=PURPOSE, SoLuong=1).MaTrangTiep

    assert texts(fault_of(portal.service.ListChanges, TuDau=change(feed))[1], "Truong") == ["TuDau"]
    asked = fault_of(portal.service.SearchDocuments, MucDich=PURPOSE, SoLuong=1, MaTrang=change(page))
    assert texts(asked[1], "Truong") == ["MaTrang"]


def test_a_page_token_of_another_client_opens_nothing(served: Kho, portal: Portal) -> None:
    for number in range(3):
        served.publish(code=f"x.QD.{number}")
    token = portal.service.SearchDocuments(MucDich=PURPOSE, SoLuong=1).MaTrangTiep
    narrow = other(served, NARROW.name).service
    assert fault_of(narrow.SearchDocuments, MucDich=PURPOSE, SoLuong=1, MaTrang=token)[0] == "InvalidRequest"


def test_who_does_not_sign_in_is_refused_and_audited_without_a_secret(served: Kho) -> None:
    for name in (PORTAL.name, "mật khẩu gõ nhầm chỗ"):
        stranger = Portal(served.url, username=name, password="sai")
        assert fault_of(stranger.service.Ping)[0] == "AccessDenied"
        assert fault_of(stranger.service.Ping)[0] == "AccessDenied"
    served.application.close()

    rows = [(row["actor"], row["subject"], row["result"]) for row in served.audit_rows()]
    assert rows == [
        (actor, "from 127.0.0.1", result)
        for result in ("AccessDenied", "AccessDenied +1")
        for actor in (PORTAL.name, "-")
    ]


def test_requests_that_break_the_contract_are_audited(served: Kho, portal: Portal) -> None:
    fault_of(portal.service.GetDocument, MucDich="   ", MaTaiLieu="00000000-0000-4000-8000-000000000000")
    served.application.close()
    assert [(row["actor"], row["operation"], row["result"]) for row in served.audit_rows()] == [
        (PORTAL.name, "GetDocument", "InvalidRequest")
    ]


def test_more_calls_than_agreed_are_refused_by_every_server_process(served: Kho, database: Database) -> None:
    client = other(served, FEW_CALLS.name)
    assert client.service.Ping().BenGoi == FEW_CALLS.name
    # another process answers the second call
    assert CallAllowances(database).take(FEW_CALLS.name, 2, 1)[0] == 1

    name, detail = fault_of(client.service.Ping)

    assert name == "TooManyRequests"
    assert 25 <= int(texts(detail, "ThuLaiSau")[0]) <= 30
    served.application.close()
    assert [row["result"] for row in served.audit_rows()] == ["TooManyRequests"]


def test_the_audit_chain_holds_purposes_and_no_code(served: Kho, portal: Portal) -> None:
    wanted = served.publish()
    code = wanted.record.digitization_code
    portal.service.GetMetadata(MucDich=PURPOSE, MaSoHoa=code)
    portal.service.SearchDocuments(MucDich=PURPOSE, MaSoHoa=code)
    fault_of(portal.service.GetMetadata, MucDich=PURPOSE, MaSoHoa="001090000012.QD.none")

    rows = served.audit_rows()
    assert [row["result"] for row in rows] == ["OK", "OK", "NotFound"]
    assert rows[0]["subject"] == str(wanted.record.paper_id)
    assert rows[1]["subject"] == served.chain.keyed_hash(code)
    assert all(row["purpose"] == PURPOSE and "001090000012" not in str(row) for row in rows)
