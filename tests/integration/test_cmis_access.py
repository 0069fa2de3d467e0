"""Narrowing who may see a paper on a real server, giving it back, and taking a technical file away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm
from connector.domain.errors import ObjectNotFound, PermissionDenied
from connector.domain.paper import RepositoryObject
from connector.mapping.translate import Mapping

pytestmark = pytest.mark.integration


@pytest.fixture(params=["browser", "atompub"])
def open_as(request: pytest.FixtureRequest, ecm: DemoEcm, mapping: Mapping) -> Callable[[str], CmisRepository]:
    def opened(login: str) -> CmisRepository:
        url = ecm.browser_url if request.param == "browser" else ecm.atom_url
        endpoint = Endpoint(url=url, repository_id="A1", username=login, password="any", binding=request.param)
        return CmisRepository(endpoint, mapping)

    return opened


@pytest.fixture
def paper(open_as: Callable[[str], CmisRepository], dossier_folder: str, tmp_path: Path) -> RepositoryObject:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7")
    ours = open_as("sohoa")
    return ours.create_document(dossier_folder, "giấy.pdf", file, content_type="application/pdf", kind="paper")


def test_a_narrowed_paper_is_seen_by_the_named_alone_until_it_is_given_back(
    open_as: Callable[[str], CmisRepository], paper: RepositoryObject, dossier_folder: str
) -> None:
    ours = open_as("sohoa")

    ours.restrict(paper.object_id, {"van.thu"}, may_write=True)

    clerk = open_as("van.thu")
    clerk.update(clerk.get(paper.object_id), {"scope_basis": "5.4"})
    assert ours.get(paper.object_id).properties["scope_basis"] == "5.4"
    with pytest.raises((PermissionDenied, ObjectNotFound)):
        open_as("khach").get(paper.object_id)
    ours.restrict(paper.object_id, {"van.thu"}, may_write=True)  # a second time does nothing
    ours.give_back(paper.object_id, dossier_folder)
    assert open_as("khach").get(paper.object_id).name == "giấy.pdf"


def test_a_deleted_file_is_gone_with_all_its_versions(
    open_as: Callable[[str], CmisRepository], paper: RepositoryObject, tmp_path: Path
) -> None:
    ours = open_as("sohoa")
    newer = tmp_path / "y.pdf"
    newer.write_bytes(b"%PDF-1.7 newer")
    later = ours.check_in(ours.get(paper.object_id), newer, comment="")

    ours.delete(later.object_id)
    ours.delete(later.object_id)

    for object_id in (paper.object_id, later.object_id):
        with pytest.raises(ObjectNotFound):
            ours.get(object_id)
