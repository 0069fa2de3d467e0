"""What every repository has to do: the fake of the tests, and the real OpenCMIS server."""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sidecar_repository import open_cmis
from connector.domain.errors import ChangeConflict, NameConflict, NotSupported, ObjectNotFound, PermissionDenied
from connector.domain.metadata import VIETNAM
from connector.domain.paper import RepositoryObject
from connector.mapping.model import MappingFile
from connector.mapping.translate import Mapping
from tests.fakes.repository import FakeRepository, FakeStore

AnyRepository = CmisRepository | FakeRepository


_REAL = ("browser", "atompub", "browser with sidecars", "atompub with sidecars")


@pytest.fixture(params=["fake", *(pytest.param(name, marks=pytest.mark.integration) for name in _REAL)])
def as_login(request: pytest.FixtureRequest) -> Callable[[str], AnyRepository]:
    """The repository as one person sees it."""
    if request.param == "fake":
        store = FakeStore()
        return lambda login: FakeRepository(store, login)
    ecm, mapping = request.getfixturevalue("ecm"), request.getfixturevalue("mapping")
    binding, _, sidecars = str(request.param).partition(" ")
    url = ecm.browser_url if binding == "browser" else ecm.atom_url
    return lambda login: open_cmis(
        Endpoint(url=url, repository_id=ecm.repository_id, username=login, password="any", binding=binding),
        without_place_for_properties(mapping) if sidecars else mapping,
    )


def without_place_for_properties(mapping: Mapping) -> Mapping:
    """The server's own types alone: they have none of our properties."""
    plain = mapping.file.model_dump(mode="json")
    for section in ("paper", "dossier", "store"):
        plain[section] |= {"secondary_type": None}
    plain["store"] |= {"owner_property": None}
    return Mapping(MappingFile.model_validate(plain))


@pytest.fixture
def cmis(as_login: Callable[[str], AnyRepository]) -> AnyRepository:
    return as_login("sohoa")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "giấy tờ.pdf"
    file.write_bytes(b"%PDF-1.7 content")
    return file


def deposit(cmis: AnyRepository, folder: str, content: Path, name: str = "Quyết định số 1.pdf") -> RepositoryObject:
    return cmis.create_document(folder, name, content, content_type="application/pdf", kind="paper")


def technical_folder(cmis: AnyRepository, dossier_folder: str) -> RepositoryObject:
    """Sidecars lie there too, so that it may be there already."""
    return cmis.child(dossier_folder, "_sohoa") or cmis.create_folder(dossier_folder, "_sohoa")


def test_properties_come_back_as_they_were_written(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    paper = deposit(cmis, dossier_folder, content)
    moment = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=VIETNAM)

    cmis.update(
        paper,
        {
            "document_number": "12/QĐ-BHXH",
            "abstract": "Về việc \"thử\" \\ 'nghiệm'",
            "is_result": False,
            "declared_pages": 0,
            "scanned_at": moment,
            "proposals": ("một", "hai"),
            "confidence": ("một",),
        },
    )
    found = cmis.get(paper.object_id).properties

    assert found["document_number"] == "12/QĐ-BHXH"
    assert found["abstract"] == "Về việc \"thử\" \\ 'nghiệm'"
    assert (found["is_result"], found["declared_pages"]) == (False, 0)
    assert found["scanned_at"] == moment
    assert (found["proposals"], found["confidence"]) == (("một", "hai"), ("một",))
    assert (found["show_only"], found["fields_to_check"], found["issue_date"]) == (None, (), None)


def test_none_empties_a_property(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    paper = deposit(cmis, dossier_folder, content)
    written = cmis.update(paper, {"error": "lỗi", "proposals": ("một",), "declared_pages": 3})

    emptied = cmis.update(written, {"error": None, "proposals": (), "declared_pages": None})

    assert [emptied.properties[name] for name in ("error", "proposals", "declared_pages")] == [None, (), None]


def test_a_lost_update_is_refused(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    paper = deposit(cmis, dossier_folder, content)
    cmis.update(paper, {"abstract": "đầu tiên"})

    with pytest.raises(ChangeConflict):
        cmis.update(paper, {"abstract": "cũ"})

    assert cmis.get(paper.object_id).properties["abstract"] == "đầu tiên"


def test_a_name_that_exists_is_told_apart_from_a_lost_update(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    deposit(cmis, dossier_folder, content)

    with pytest.raises(NameConflict):
        deposit(cmis, dossier_folder, content)


def test_a_missing_object_is_not_found(cmis: AnyRepository) -> None:
    with pytest.raises(ObjectNotFound):
        cmis.get("no-such-object")


def test_check_in_makes_a_version_and_keeps_the_old_one(
    cmis: AnyRepository, dossier_folder: str, content: Path, tmp_path: Path
) -> None:
    paper = cmis.update(deposit(cmis, dossier_folder, content), {"abstract": "giữ lại"})
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(content.read_bytes() + b" signature")

    checked_in = cmis.check_in(paper, signed, comment="ký số")

    assert checked_in.object_id != paper.object_id
    assert checked_in.name == paper.name
    assert not checked_in.checked_out
    assert cmis.get(paper.object_id).object_id == checked_in.object_id
    assert cmis.get(paper.object_id).properties["abstract"] == "giữ lại"
    assert cmis.download(paper.object_id, tmp_path / "old").length == len(b"%PDF-1.7 content")
    assert cmis.download(checked_in.object_id, tmp_path / "new").length == signed.stat().st_size
    assert [version.object_id for version in cmis.versions(paper.object_id)] == [checked_in.object_id, paper.object_id]


def test_content_is_streamed_hashed_and_private(cmis: AnyRepository, dossier_folder: str, tmp_path: Path) -> None:
    file = tmp_path / "big.pdf"
    file.write_bytes(b"%PDF-1.7" + bytes(range(256)) * 4096)
    paper = deposit(cmis, dossier_folder, file)

    found = cmis.download(paper.object_id, tmp_path / "copy")

    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert max(len(chunk) for chunk in cmis.stream(paper.object_id)) <= 256 * 1024


def test_all_children_are_listed_over_several_pages(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: deposit(cmis, dossier_folder, content, f"tờ {number}.pdf"), range(230)))

    assert len([child for child in cmis.children(dossier_folder) if not child.is_folder]) == 230
    assert cmis.child(dossier_folder, "tờ 229.pdf") is not None
    assert cmis.child(dossier_folder, "tờ 230.pdf") is None


def test_changes_since_a_moment_are_all_found(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    first = deposit(cmis, dossier_folder, content, "một.pdf")
    second = deposit(cmis, dossier_folder, content, "hai.pdf")

    found = [document.object_id for document in cmis.changed_since(first.modified_at)]

    assert found.index(first.object_id) < found.index(second.object_id)
    later = second.modified_at + dt.timedelta(seconds=5)
    assert second.object_id not in [document.object_id for document in cmis.changed_since(later)]


def test_changes_show_all_properties_and_only_the_latest_version_of_papers_and_dossiers(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    paper = cmis.update(deposit(cmis, dossier_folder, content), {"state": "DA_LUU"})
    checked_in = cmis.check_in(paper, content, comment="ký số")
    technical = technical_folder(cmis, dossier_folder)
    cmis.create_document(technical.object_id, "x.xml", content, content_type="application/xml")
    stray = cmis.create_document(cmis.folder_at("/").object_id, dossier_folder, content, content_type="a/b")

    found = {changed.object_id: changed for changed in cmis.changed_since(paper.created_at)}

    assert found[checked_in.object_id].properties["state"] == "DA_LUU"
    assert not {paper.object_id, technical.object_id, stray.object_id} & set(found)
    since_the_dossier = cmis.changed_since(cmis.get(dossier_folder).created_at)
    assert dossier_folder in {changed.object_id for changed in since_the_dossier}
    assert next(iter(cmis.changed_since(None)))


def test_a_check_in_on_what_has_changed_since_is_refused(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    paper = deposit(cmis, dossier_folder, content)
    newer = cmis.check_in(paper, content, comment="một")
    edited = cmis.update(newer, {"abstract": "một người khác"})

    for stale in (paper, newer):
        with pytest.raises(ChangeConflict):
            cmis.check_in(stale, content, comment="hai")

    assert cmis.get(paper.object_id).change_token == edited.change_token
    assert not cmis.get(paper.object_id).checked_out


def test_a_document_whose_type_has_no_versions_is_not_checked_in(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    bare = cmis.create_document(dossier_folder, "bare.pdf", content, content_type="application/pdf")

    with pytest.raises(NotSupported, match="no versions"):
        cmis.check_in(bare, content, comment="ký số")


def test_names_meet_in_one_normal_form(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Giấy chứng sinh.pdf")

    paper = deposit(cmis, dossier_folder, content, decomposed)

    assert paper.name == "Giấy chứng sinh.pdf"
    found = cmis.child(dossier_folder, decomposed)
    assert found is not None
    assert found.object_id == paper.object_id


def test_a_document_knows_its_dossier_and_a_technical_one_has_none(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    paper = deposit(cmis, dossier_folder, content)
    technical = technical_folder(cmis, dossier_folder)
    file = cmis.create_document(technical.object_id, "x.xml", content, content_type="application/xml")

    dossier = cmis.dossier_of(paper)

    assert dossier is not None
    assert dossier.object_id == dossier_folder
    assert dossier.properties["procedure_code"] == "1.001939"
    assert cmis.dossier_of(file) is None


def test_a_document_is_filed_in_a_second_folder_once(cmis: AnyRepository, dossier_folder: str, content: Path) -> None:
    paper = deposit(cmis, dossier_folder, content)
    store = cmis.create_folder(
        cmis.folder_at("/Kho thử").object_id, dossier_folder, kind="store", properties={"owner_id": "001090000012"}
    )
    for _ in range(2):
        cmis.add_to_folder(paper.object_id, store.object_id)

    assert [found.object_id for found in cmis.children(store.object_id)] == [paper.object_id]
    assert cmis.dossier_of(paper) is not None

    for _ in range(2):
        cmis.remove_from_folder(paper.object_id, store.object_id)
    assert list(cmis.children(store.object_id)) == []
    assert cmis.dossier_of(paper) is not None


def test_an_edit_names_the_person_who_made_it(
    cmis: AnyRepository, as_login: Callable[[str], AnyRepository], dossier_folder: str, content: Path
) -> None:
    paper = deposit(cmis, dossier_folder, content)
    person = as_login("nguyễn.ánh")

    person.update(person.get(paper.object_id), {"action": "XAC_NHAN"})

    assert cmis.get(paper.object_id).modified_by == "nguyễn.ánh"


def test_a_document_of_another_type_gets_the_type_that_carries_our_properties(
    cmis: AnyRepository, dossier_folder: str, content: Path
) -> None:
    bare = cmis.create_document(dossier_folder, "bare.pdf", content, content_type="application/pdf")
    assert bare.secondary_types == ()

    typed = cmis.update(bare, {"state": "TIEP_NHAN"})

    assert typed.properties["state"] == "TIEP_NHAN"


def test_a_narrowed_paper_is_seen_by_the_named_alone_until_it_is_given_back(
    cmis: AnyRepository, as_login: Callable[[str], AnyRepository], dossier_folder: str, content: Path
) -> None:
    paper = deposit(cmis, dossier_folder, content)
    cmis.update(cmis.get(paper.object_id), {"secrecy": "MAT"})

    for _ in range(2):  # a second time does nothing
        cmis.restrict(paper.object_id, {"van.thu"}, may_write=True)

    clerk, stranger = as_login("van.thu"), as_login("khach")
    clerk.update(clerk.get(paper.object_id), {"scope_basis": "5.4"})
    assert cmis.get(paper.object_id).properties["scope_basis"] == "5.4"
    with pytest.raises((PermissionDenied, ObjectNotFound)):
        stranger.get(paper.object_id)
    cmis.give_back(paper.object_id, dossier_folder)
    assert stranger.get(paper.object_id).properties["secrecy"] == "MAT"


def test_a_deleted_file_is_gone_with_all_its_versions(
    cmis: AnyRepository, dossier_folder: str, content: Path, tmp_path: Path
) -> None:
    paper = deposit(cmis, dossier_folder, content)
    newer = tmp_path / "newer.pdf"
    newer.write_bytes(b"%PDF-1.7 newer")
    later = cmis.check_in(cmis.get(paper.object_id), newer, comment="")

    for _ in range(2):
        cmis.delete(later.object_id)

    for object_id in (paper.object_id, later.object_id):
        with pytest.raises(ObjectNotFound):
            cmis.get(object_id)
