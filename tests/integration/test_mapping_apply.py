"""Creating types over CMIS, on a real server."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from connector.cmis.browser import BrowserService
from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.type_creation import create_types
from connector.demo.ecm import DemoEcm
from connector.domain.errors import NotSupported
from connector.domain.metadata import VIETNAM
from connector.mapping.check import check_mapping
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping
from tests.fixtures.register import NOON

pytestmark = pytest.mark.integration


@pytest.fixture
def endpoint(ecm: DemoEcm) -> Endpoint:
    return Endpoint(url=ecm.browser_url, repository_id=ecm.repository_id, username="sohoa", password="any")


def of_own_names(tmp_path: Path) -> Path:
    """A mapping whose types no server has."""
    file = tmp_path / "own.yaml"
    text = find_mapping("opencmis").read_text(encoding="utf-8")
    own = uuid4().hex[:6]
    text = re.sub(r"bhxh:(taiLieu|giayTo|hoSo|kho)\b", rf"t{own}:\g<1>{own}", text)
    paper, dossier = text.split("\ndossier:\n")
    for local in ("thaoTac", "loi"):  # types that a client creates may not share a property on this server
        dossier = dossier.replace(f"bhxh:{local} ", f"bhxh:{local}HoSo ")
    file.write_text(f"{paper}\ndossier:\n{dossier}".replace("bhxh:", f"t{own}:"), encoding="utf-8")
    return file


def test_what_is_created_is_what_the_check_wants_and_a_second_time_nothing(endpoint: Endpoint, tmp_path: Path) -> None:
    file, service = of_own_names(tmp_path), BrowserService(endpoint)
    assert len(check_mapping(file, service)) > 40

    first = list(create_types(service, load_mapping(file)))

    assert [creation.created for creation in first] == [True] * 4
    assert check_mapping(file, BrowserService(endpoint)) == []
    assert not any(creation.created or creation.refusal for creation in create_types(service, load_mapping(file)))


def test_a_property_in_two_types_is_named_where_the_server_refuses_it(endpoint: Endpoint, tmp_path: Path) -> None:
    file = of_own_names(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("thaoTacHoSo #", "thaoTac #").replace("loiHoSo #", "loi #"), encoding="utf-8")

    outcomes = list(create_types(BrowserService(endpoint), load_mapping(file)))

    [refused] = [outcome for outcome in outcomes if outcome.refusal]
    assert re.search(r"shares t\w+:thaoTac, t\w+:loi with another type: give them names of their own", refused.refusal)


def test_a_paper_of_created_types_keeps_its_values(endpoint: Endpoint, tmp_path: Path) -> None:
    mapping = load_mapping(of_own_names(tmp_path))
    list(create_types(BrowserService(endpoint), mapping))
    repository = CmisRepository(endpoint, Mapping(mapping))
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7")
    folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, uuid4().hex, kind="dossier")
    properties = {"abstract": "Về việc hưởng lương hưu", "proposals": ("một", "hai"), "scanned_at": NOON}

    paper = repository.create_document(
        folder.object_id, "giấy.pdf", content, content_type="application/pdf", kind="paper", properties=properties
    )

    found = repository.get(paper.object_id).properties
    assert (found["abstract"], found["proposals"]) == ("Về việc hưởng lương hưu", ("một", "hai"))
    assert found["scanned_at"] == NOON.astimezone(VIETNAM)


def test_types_without_secondary_types_carry_the_properties_themselves(endpoint: Endpoint, tmp_path: Path) -> None:
    file = of_own_names(tmp_path)
    plain = file.read_text(encoding="utf-8").replace("  secondary_type: t", "  # secondary_type: t")
    file.write_text(plain.replace("folder_type: cmis:folder", "folder_type: hoSo" + uuid4().hex[:6]), encoding="utf-8")

    assert [creation.refusal for creation in create_types(BrowserService(endpoint), load_mapping(file))] == [""] * 2
    assert check_mapping(file, BrowserService(endpoint)) == []


def test_a_server_that_creates_no_types_says_so_for_each(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = BrowserService(endpoint)

    def refuse(definition: object) -> None:
        raise NotSupported("no types")

    monkeypatch.setattr(service, "create_type", refuse)

    assert all(creation.refusal for creation in create_types(service, load_mapping(of_own_names(tmp_path))))
