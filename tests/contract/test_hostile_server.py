"""ModeShape: queries that lie, no change tokens, no secondary types, optional keys left out. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sidecar_repository import open_cmis
from connector.domain.errors import ChangeConflict
from connector.mapping.check import check_mapping
from connector.mapping.export.modeshape import node_types
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.model import MappingFile
from connector.mapping.translate import Mapping
from tests.fixtures.modeshape import running_modeshape

pytestmark = [pytest.mark.slow, pytest.mark.integration]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    model = node_types(load_mapping(find_mapping("modeshape")))["bhxh.cnd"]
    with running_modeshape(model) as running:  # it takes our node types, and shows none of them over CMIS
        yield running


@pytest.fixture(params=["browser", "atompub"])
def hostile(request: pytest.FixtureRequest, address: str) -> CmisRepository:
    """The repository through the shipped mapping: its types carry nothing of ours."""
    plain = load_mapping(find_mapping("modeshape")).model_dump(mode="json") | {"watched_path": "/hoso"}
    plain["paper"]["lock"] = {"by": "acl"}
    url = f"{address}/{'browser' if request.param == 'browser' else 'atom11'}"
    endpoint = Endpoint(url=url, repository_id="cmis_repo", username="a", password="b", binding=request.param)
    return open_cmis(endpoint, Mapping(MappingFile.model_validate(plain)))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7 content")
    return file


def test_its_queries_are_found_out(hostile: CmisRepository) -> None:
    seen = hostile.self_test()

    assert (seen.true_queries, seen.lies, seen.change_tokens, seen.change_log) == (False, True, False, False)
    assert (seen.lock, bool(seen.lock_obstacle)) == (False, True)


def test_deposits_are_found_all_the_same_and_nothing_else(hostile: CmisRepository, content: Path) -> None:
    folder = hostile.create_folder(hostile.folder_at("/hoso").object_id, uuid4().hex, kind="dossier")
    outside = hostile.folder_at("/khac")
    paper = hostile.create_document(folder.object_id, "giấy.pdf", content, content_type="application/pdf", kind="paper")
    stray = hostile.create_document(
        outside.object_id, f"{uuid4().hex}.pdf", content, content_type="application/pdf", kind="paper"
    )

    found = [each.object_id for each in hostile.changed_since(paper.created_at) if not each.is_folder]

    assert paper.object_id in found
    assert stray.object_id not in found
    assert not paper.checked_out


def test_content_and_names_come_back(hostile: CmisRepository, content: Path, tmp_path: Path) -> None:
    folder = hostile.create_folder(hostile.folder_at("/hoso").object_id, uuid4().hex, kind="dossier")
    paper = hostile.create_document(
        folder.object_id, "Giấy chứng sinh.pdf", content, content_type="application/pdf", kind="paper"
    )

    assert hostile.get(paper.object_id).name == "Giấy chứng sinh.pdf"
    assert hostile.download(paper.object_id, tmp_path / "copy").length == len(b"%PDF-1.7 content")
    child = hostile.child(folder.object_id, "Giấy chứng sinh.pdf")
    assert child is not None
    assert child.version_series_id == paper.version_series_id


def test_a_new_version_keeps_the_old_one(hostile: CmisRepository, content: Path, tmp_path: Path) -> None:
    folder = hostile.create_folder(hostile.folder_at("/hoso").object_id, uuid4().hex, kind="dossier")
    paper = hostile.create_document(folder.object_id, "a.pdf", content, content_type="application/pdf", kind="paper")
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"%PDF-1.7 content and signature")

    version = hostile.check_in(paper, signed, comment="ky so")

    assert not hostile.get(version.object_id).checked_out
    assert hostile.download(version.object_id, tmp_path / "new").length == signed.stat().st_size


def test_properties_and_buttons_live_beside_the_paper(hostile: CmisRepository, content: Path) -> None:
    root = hostile.folder_at("/hoso").object_id
    folder = hostile.create_folder(root, uuid4().hex, kind="dossier", properties={"procedure_code": "1.001939"})
    made = hostile.create_document(folder.object_id, "a.pdf", content, content_type="application/pdf", kind="paper")

    pressed = hostile.update(made, {"action": "XAC_NHAN", "is_result": False, "proposals": ("một", "hai")})
    signed = hostile.check_in(pressed, content, comment="ky so")

    found = hostile.get(made.object_id)
    assert found.object_id == signed.object_id
    assert [found.properties[name] for name in ("action", "is_result", "proposals", "declared_pages")] == [
        "XAC_NHAN", False, ("một", "hai"), None,
    ]  # fmt: skip
    dossier = hostile.dossier_of(found)
    assert dossier is not None
    assert dossier.properties["procedure_code"] == "1.001939"
    with pytest.raises(ChangeConflict):
        hostile.update(pressed, {"action": None})


def test_the_missing_second_folder_is_found_out_and_the_paper_stays_where_it_is(
    hostile: CmisRepository, content: Path
) -> None:
    folder = hostile.create_folder(hostile.folder_at("/hoso").object_id, uuid4().hex, kind="dossier")
    store = hostile.create_folder(hostile.folder_at("/kho").object_id, uuid4().hex, kind="store")
    paper = hostile.create_document(folder.object_id, "a.pdf", content, content_type="application/pdf", kind="paper")

    hostile.add_to_folder(paper.object_id, store.object_id)
    hostile.lock(paper.object_id)

    assert not hostile.has_store_folders
    assert list(hostile.children(store.object_id)) == []


def test_the_shipped_mapping_says_where_the_properties_are(hostile: CmisRepository) -> None:
    findings = check_mapping(find_mapping("modeshape"), hostile.service)

    assert [finding.message for finding in findings] == [
        "no type has a place for our properties: they are kept in a JSON document beside each paper"
    ]
