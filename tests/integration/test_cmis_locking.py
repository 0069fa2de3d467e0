"""Locking stored papers, and showing them in their owner's folder where a document lies in one folder only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connector.cmis.locking import Right
from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm
from connector.domain.errors import PermissionDenied
from connector.domain.paper import RepositoryObject
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.model import MappingFile
from connector.mapping.translate import Mapping

pytestmark = pytest.mark.integration

Opened = Callable[..., CmisRepository]


@pytest.fixture(params=["browser", "atompub"])
def opened(request: pytest.FixtureRequest, ecm: DemoEcm) -> Opened:
    """The repository through the shipped mapping with other keys, as a login."""

    def open_as(login: str = "sohoa", lock: Any = None, watched_path: str = "/Hồ sơ", **store: Any) -> CmisRepository:
        plain = load_mapping(find_mapping("opencmis")).model_dump(mode="json") | {"watched_path": watched_path}
        plain["paper"]["lock"] = lock or {}
        plain["store"] |= store
        url = ecm.browser_url if request.param == "browser" else ecm.atom_url
        endpoint = Endpoint(url=url, repository_id="A1", username=login, password="any", binding=request.param)
        return CmisRepository(endpoint, Mapping(MappingFile.model_validate(plain)))

    return open_as


@pytest.fixture
def paper(cmis: CmisRepository, dossier_folder: str, tmp_path: Path) -> RepositoryObject:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7")
    return cmis.create_document(dossier_folder, "giấy.pdf", file, content_type="application/pdf", kind="paper")


def rights_of(paper: RepositoryObject, cmis: CmisRepository, **rights: str) -> None:
    """Give these accounts their rights, and nobody else any."""
    before = cmis.service.rights(paper.object_id)
    cmis.service.set_rights(
        paper.object_id,
        before,
        [Right(principal=name, permissions=frozenset({f"cmis:{right}"})) for name, right in rights.items()],
    )


def test_a_stored_paper_is_read_by_all_and_written_by_the_named_alone(
    opened: Opened, cmis: CmisRepository, paper: RepositoryObject
) -> None:
    rights_of(paper, cmis, sohoa="all", khach="write", vanthu="write", doc="read")
    ours = opened(lock={"by": "acl", "keep": ["vanthu"]})

    for _ in range(2):
        ours.lock(paper.object_id)

    for login in ("khach", "doc"):
        person = opened(login)
        assert person.get(paper.object_id).name == "giấy.pdf"
        with pytest.raises(PermissionDenied):
            person.update(person.get(paper.object_id), {"abstract": "đổi"})
    keeper = opened("vanthu")
    keeper.update(keeper.get(paper.object_id), {"action": "THU_HOI"})
    ours.update(ours.get(paper.object_id), {"action": None})


def test_where_everybody_may_write_nothing_is_narrowed_and_it_is_said_once(
    opened: Opened, paper: RepositoryObject, caplog: pytest.LogCaptureFixture
) -> None:
    ours = opened(lock={"by": "acl"})

    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            ours.lock(paper.object_id)

    [said] = [record.getMessage() for record in caplog.records if "not locked" in record.getMessage()]
    assert "everybody may write there" in said
    person = opened("khach")
    person.update(person.get(paper.object_id), {"abstract": "đổi"})


def test_the_self_test_says_whether_papers_can_be_locked(opened: Opened, cmis: CmisRepository) -> None:
    assert opened().self_test().lock is None
    seen = opened(lock={"by": "acl"}).self_test()
    assert (seen.lock, "everybody" in seen.lock_obstacle) == (False, True)

    folder = cmis.create_folder(cmis.folder_at("/").object_id, uuid4().hex)
    before = cmis.service.rights(folder.object_id)
    named = [Right(principal=name, permissions=frozenset({"cmis:all"})) for name in ("sohoa", "khach")]
    cmis.service.set_rights(folder.object_id, before, named)

    assert opened(lock={"by": "acl"}, watched_path=f"/{folder.name}").self_test().lock is True


def test_a_property_that_the_repository_obeys_is_set_once(opened: Opened, paper: RepositoryObject) -> None:
    ours = opened(lock={"by": "property", "property": "bhxh:hieuLuc", "value": "KHOA"})

    ours.lock(paper.object_id)
    token = ours.get(paper.object_id).change_token
    ours.lock(paper.object_id)

    locked = ours.get(paper.object_id)
    assert (locked.properties["legal_status"], locked.change_token) == ("KHOA", token)


def test_without_a_rule_nothing_is_asked_and_nothing_changes(opened: Opened, paper: RepositoryObject) -> None:
    ours = opened()

    ours.lock(paper.object_id)

    assert ours.get(paper.object_id).change_token == paper.change_token


def store_folder(repository: CmisRepository) -> str:
    root = repository.folder_at("/Kho thử").object_id
    return repository.create_folder(root, uuid4().hex, kind="store", properties={"owner_id": "001"}).object_id


def test_a_link_stands_in_the_owners_folder_once_and_goes_again(
    opened: Opened, paper: RepositoryObject, tmp_path: Path
) -> None:
    ours = opened(filing="link", link_address="https://ecm.example.vn/page?doc={series_id}")
    folder = store_folder(ours)

    for _ in range(2):
        ours.add_to_folder(paper.object_id, folder)

    [link] = ours.children(folder)
    assert link.name.startswith("giấy [")
    assert ours.has_store_folders
    ours.download(link.object_id, tmp_path / "link")
    assert f"URL=https://ecm.example.vn/page?doc={paper.version_series_id}" in (tmp_path / "link").read_text()

    for _ in range(2):
        ours.remove_from_folder(paper.object_id, folder)
    assert list(ours.children(folder)) == []


@pytest.mark.parametrize(("address", "has_folders"), [(None, False), ("https://ecm.example.vn/{series_id}", True)])
def test_a_server_without_multi_filing_is_found_out_at_connect(
    opened: Opened,
    paper: RepositoryObject,
    monkeypatch: pytest.MonkeyPatch,
    address: str | None,
    has_folders: bool,
) -> None:
    from connector.cmis import repository as module

    connected = module.connect

    def without_multi_filing(endpoint: Endpoint) -> Any:
        service = connected(endpoint)
        service.info = {**service.info, "capabilities": {"capabilityMultifiling": False}}
        return service

    monkeypatch.setattr(module, "connect", without_multi_filing)
    ours = opened(link_address=address)
    folder = store_folder(ours)

    ours.add_to_folder(paper.object_id, folder)

    assert ours.has_store_folders is has_folders
    assert len(list(ours.children(folder))) == has_folders


def test_capabilities_are_read_over_both_bindings(opened: Opened) -> None:
    assert opened().service.info["capabilities"]["capabilityMultifiling"] is True
