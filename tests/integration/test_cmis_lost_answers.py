"""Writes whose answer is lost on the way, or that fail half-way: nothing is done twice, no check-out stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from connector.cmis.repository import CmisRepository
from connector.cmis.values import read_properties
from connector.demo.ecm import DemoEcm
from connector.domain.errors import ChangeConflict, RepositoryError, RepositoryUnavailable
from connector.domain.paper import RepositoryObject
from connector.mapping.translate import Mapping
from tests.fixtures.ecm import repository_through

pytestmark = pytest.mark.integration


@dataclass
class Accident:
    """What happens to the next write of a kind: its answer is lost, or it never arrives, or it is refused."""

    kind: str = ""
    happens: str = ""  # "lost", "unsent", "refused"

    def strikes(self, request: requests.PreparedRequest) -> bool:
        struck = bool(self.kind) and self.kind in f"{request.method} {request.url} {_text(request.body)}"
        if struck:
            self.kind = ""
        return struck


def _text(body: Any) -> str:
    if hasattr(body, "fields"):  # a multipart form
        return " ".join(str(each[1][1]) for each in body.fields if each[0] == "cmisaction")
    return body.decode() if isinstance(body, bytes) else str(body)


class Unlucky(HTTPAdapter):
    def __init__(self, accident: Accident) -> None:
        self._accident = accident
        super().__init__()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        happens = self._accident.happens if self._accident.strikes(request) else ""
        if happens == "unsent":
            raise requests.ConnectionError("cut before it was sent")
        if happens == "refused":
            response = requests.Response()
            response.status_code, response.request, response.url = 500, request, str(request.url)
            response.headers["Content-Type"] = "application/json"
            response._content = b'{"exception": "storage"}'
            return response
        answer = super().send(request, **options)
        if happens == "lost":
            raise requests.ConnectionError("cut before the answer")
        return answer


@pytest.fixture
def accident() -> Iterator[Accident]:
    planned = Accident()
    yield planned
    assert planned.kind == ""  # it has happened


CREATE, CHECK_IN = {"browser": "createDocument", "atompub": "POST"}, {"browser": "checkIn", "atompub": "checkin=true"}


@pytest.fixture(params=["browser", "atompub"])
def unlucky(request: pytest.FixtureRequest, ecm: DemoEcm, mapping: Mapping, accident: Accident) -> CmisRepository:
    return repository_through(Unlucky(accident), ecm, mapping, binding=request.param)


@pytest.fixture
def binding(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["unlucky"])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7 content")
    return file


def deposit(repository: CmisRepository, folder: str, content: Path) -> RepositoryObject:
    return repository.create_document(folder, "giấy.pdf", content, content_type="application/pdf", kind="paper")


def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(
    unlucky: CmisRepository, binding: str, accident: Accident, dossier_folder: str, content: Path
) -> None:
    accident.kind, accident.happens = CREATE[binding], "lost"

    made = deposit(unlucky, dossier_folder, content)

    assert [child.object_id for child in unlucky.children(dossier_folder)] == [made.object_id]


def test_a_creation_that_never_arrived_is_passing_trouble(
    unlucky: CmisRepository, binding: str, accident: Accident, dossier_folder: str, content: Path
) -> None:
    accident.kind, accident.happens = CREATE[binding], "unsent"

    with pytest.raises(RepositoryUnavailable):
        deposit(unlucky, dossier_folder, content)

    assert list(unlucky.children(dossier_folder)) == []


def test_another_persons_document_of_that_name_is_not_taken_for_ours(
    unlucky: CmisRepository,
    binding: str,
    accident: Accident,
    as_login: Callable[[str], CmisRepository],
    dossier_folder: str,
    content: Path,
) -> None:
    deposit(as_login("khach"), dossier_folder, content)
    accident.kind, accident.happens = CREATE[binding], "unsent"

    with pytest.raises(RepositoryUnavailable):
        deposit(unlucky, dossier_folder, content)


def test_a_check_in_whose_answer_was_lost_is_found(
    unlucky: CmisRepository, binding: str, accident: Accident, dossier_folder: str, content: Path, tmp_path: Path
) -> None:
    paper = deposit(unlucky, dossier_folder, content)
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"%PDF-1.7 content and signature")
    accident.kind, accident.happens = CHECK_IN[binding], "lost"

    version = unlucky.check_in(paper, signed, comment="ký số")

    assert [each.object_id for each in unlucky.versions(paper.object_id)] == [version.object_id, paper.object_id]
    assert version.content_length == signed.stat().st_size


@pytest.mark.parametrize(("happens", "error"), [("unsent", RepositoryUnavailable), ("refused", RepositoryError)])
def test_a_check_in_that_fails_leaves_no_check_out(
    unlucky: CmisRepository,
    binding: str,
    accident: Accident,
    dossier_folder: str,
    content: Path,
    happens: str,
    error: type[RepositoryError],
) -> None:
    paper = deposit(unlucky, dossier_folder, content)
    accident.kind, accident.happens = CHECK_IN[binding], happens

    with pytest.raises(error):
        unlucky.check_in(paper, content, comment="ký số")

    assert not unlucky.get(paper.object_id).checked_out
    assert len(unlucky.versions(paper.object_id)) == 1


def test_a_check_out_that_we_left_when_we_were_killed_is_given_up_and_anothers_is_not(
    unlucky: CmisRepository, as_login: Callable[[str], CmisRepository], dossier_folder: str, content: Path
) -> None:
    paper = deposit(unlucky, dossier_folder, content)
    unlucky.service.act("checkOut", {"objectId": paper.object_id})
    left = unlucky.get(paper.object_id)

    version = unlucky.check_in(left, content, comment="ký số")

    assert not version.checked_out
    label = read_properties(unlucky.service.object(version.object_id))["cmis:versionLabel"]
    assert str(label) in ("2.0", "V 2.0")  # a major one: the stock client makes minor ones of all
    as_login("khach").service.act("checkOut", {"objectId": version.object_id})
    with pytest.raises(ChangeConflict):
        unlucky.check_in(unlucky.get(version.object_id), content, comment="ký số")
    assert unlucky.get(version.object_id).checked_out
