"""The whole way of a paper in a repository whose types have no place for our properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sidecar_repository import SidecarRepository, open_cmis
from connector.demo.ecm import DemoEcm
from connector.domain.metadata import Value
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.mapping.model import MappingFile
from connector.mapping.translate import Mapping
from connector.pipeline.runner import run_stage
from connector.watch.attention import Attention
from connector.watch.sweep import Sweeper, SweepRules
from tests.fixtures.pipelines import CLERK, RECEPTION, REPORTER, SETTLING, PlayedOffice

pytestmark = pytest.mark.integration

NO_WAIT = SweepRules(settle=SweepRules().settle * 0)


@pytest.fixture
def as_person(ecm: DemoEcm, mapping: Mapping) -> Callable[[str], CmisRepository]:
    """The repository through its own types alone, in a watched folder of this test's own."""
    plain = mapping.file.model_dump(mode="json") | {"watched_path": f"/Hồ sơ {uuid4().hex[:6]}"}
    for section in ("paper", "dossier", "store"):
        plain[section] |= {"secondary_type": None}
    plain["store"] |= {"owner_property": None}
    own = Mapping(MappingFile.model_validate(plain))

    def open_as(login: str) -> CmisRepository:
        return open_cmis(Endpoint(url=ecm.browser_url, repository_id="A1", username=login, password="any"), own)

    return open_as


def test_a_paper_goes_its_whole_way(
    played: PlayedOffice, as_person: Callable[[str], CmisRepository], tmp_path: Path
) -> None:
    ours = as_person("sohoa")
    assert isinstance(ours, SidecarRepository)
    played.place = played.workplace(ours, played.register)
    played.with_rules(store_folder_id=ours.folder_at(f"/Kho {uuid4().hex[:6]}").object_id)
    root = ours.folder_at(ours.mapping.file.watched_path).object_id
    reception = as_person(RECEPTION)
    properties: dict[str, Value] = {"dossier_code": "HS-1", "procedure_code": "1.001939", "paper_count": 1}
    dossier = reception.create_folder(root, "hồ sơ 1", kind="dossier", properties=properties)
    document = reception.create_document(
        dossier.object_id,
        "giấy tờ.pdf",
        played.file(b"%PDF-1.7 scan"),
        content_type="application/pdf",
        kind="paper",
        properties={"submission_form": "BAN_CHINH", "declared_pages": 1},
    )

    def paper() -> Paper:
        found = played.register.paper_at("A1", document.version_series_id)
        assert found is not None
        return found

    def edit(login: str, shown: RepositoryObject, **values: Value) -> None:
        person = as_person(login)
        person.update(person.get(shown.object_id), values)

    def run(*stages: Stage) -> None:
        for stage in stages:
            run_stage(paper().paper_id, stage, played.place)

    assert Sweeper(played.place, NO_WAIT).sweep().taken == 1
    run(Stage.SCOPE, Stage.CAPTURE, Stage.PERSONAL_SIGNATURE, Stage.EXTRACTION)
    assert ours.get(document.object_id).properties["state"] == "CHO_XAC_NHAN"

    attention = Attention(played.place)
    edit("khach", document, state="DA_LUU", action="XAC_NHAN")  # no role, and a forged copy
    for _ in range(3):
        attention.attend()
    shown = ours.get(document.object_id).properties
    assert (shown["state"], shown["action"]) == ("CHO_XAC_NHAN", None)

    edit(SETTLING, document, action="XAC_NHAN")
    attention.attend()
    assert paper().state is State.DA_XAC_NHAN
    edit(REPORTER, dossier, result="THANH_CONG")
    attention.attend()
    run(Stage.CODE, Stage.APPROVAL)
    edit(CLERK, dossier, action="KY_CO_QUAN")
    attention.attend()
    run(Stage.AGENCY_SIGNATURE, Stage.FILING)

    final = ours.get(document.object_id)
    assert (paper().state, final.properties["state"], final.properties["action"]) == (State.DA_LUU, "DA_LUU", None)
    assert final.properties["digitization_code"] == paper().digitization_code
    technical = ours.child(dossier.object_id, "_sohoa")
    assert technical is not None
    [sidecar] = [child for child in ours.children(technical.object_id) if child.name.startswith("giấy tờ [")]
    ours.download(sidecar.object_id, tmp_path / "sidecar")
    told = json.loads((tmp_path / "sidecar").read_text(encoding="utf-8"))
    assert (told["bhxh:trangThai"], told["bhxh:thaoTac"]) == ("DA_LUU", None)
    assert set(told) == {entry.property for entry in ours.mapping.file.paper.properties.values()}


def test_a_document_of_properties_that_somebody_broke_is_written_again(
    as_person: Callable[[str], CmisRepository], tmp_path: Path
) -> None:
    ours = as_person("sohoa")
    root = ours.folder_at(ours.mapping.file.watched_path).object_id
    dossier = ours.create_folder(root, "hồ sơ 1", kind="dossier", properties={"dossier_code": "HS-1"})
    technical = ours.child(dossier.object_id, "_sohoa")
    assert technical is not None
    [sidecar] = ours.children(technical.object_id)
    file = tmp_path / "broken"
    file.write_text("{ not JSON", encoding="utf-8")
    ours.service.act("setContent", {"objectId": sidecar.object_id, "overwriteFlag": "true"}, content=file)

    broken = ours.get(dossier.object_id)
    assert broken.properties["dossier_code"] is None
    ours.update(broken, {"dossier_code": "HS-2"})

    assert as_person("ai").get(dossier.object_id).properties["dossier_code"] == "HS-2"
