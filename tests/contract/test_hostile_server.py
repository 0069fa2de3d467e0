"""ModeShape: queries that lie, no change tokens, no secondary types, optional keys left out. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.model import MappingFile
from connector.mapping.translate import Mapping
from tests.fixtures.modeshape import running_modeshape

pytestmark = [pytest.mark.slow, pytest.mark.integration]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_modeshape() as running:
        yield running


@pytest.fixture(params=["browser", "atompub"])
def hostile(request: pytest.FixtureRequest, address: str) -> CmisRepository:
    """The repository through a mapping without secondary types: its own types carry nothing of ours."""
    plain = load_mapping(find_mapping("opencmis")).model_dump(mode="json")
    plain["paper"] |= {"document_type": "cmis:document", "secondary_type": None}
    plain["dossier"] |= {"secondary_type": None}
    plain["watched_path"] = "/hoso"
    url = f"{address}/{'browser' if request.param == 'browser' else 'atom11'}"
    endpoint = Endpoint(url=url, repository_id="cmis_repo", username="a", password="b", binding=request.param)
    return CmisRepository(endpoint, Mapping(MappingFile.model_validate(plain)))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7 content")
    return file


def test_its_queries_are_found_out(hostile: CmisRepository) -> None:
    seen = hostile.self_test()

    assert (seen.true_queries, seen.lies, seen.change_tokens, seen.change_log) == (False, True, False, False)


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
