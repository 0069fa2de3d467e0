"""How many calls one paper costs the repository, on a real server; docs/cmis.md says the same numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from requests.adapters import HTTPAdapter

from connector.cmis.repository import CmisRepository
from connector.domain.metadata import Value
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import Stage, State
from connector.pipeline.runner import run_stage
from connector.watch.attention import Attention
from connector.watch.intake import take_in
from tests.fixtures.pipelines import CLERK, RECEPTION, REPORTER, SETTLING, PlayedOffice

pytestmark = pytest.mark.integration

DOCUMENTED = Path(__file__).parents[2] / "docs" / "cmis.md"


@dataclass
class Meter:
    """Calls, by what they were for."""

    calls: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def counting(self, purpose: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Count every HTTP request meanwhile."""
        sent = HTTPAdapter.send

        def send(*arguments: object, **options: object) -> object:
            self.calls[purpose] += 1
            return sent(*arguments, **options)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(HTTPAdapter, "send", send)
            yield


def budget() -> dict[str, int]:
    """The table of docs/cmis.md."""
    rows = re.findall(
        r"^\| (?:`([a-z_]+)`|(\w[\w ]+)) \| (\d+) \|", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {stage or name: int(calls) for stage, name, calls in rows}


def test_one_paper_costs_no_more_calls_than_are_written_down(
    played: PlayedOffice, as_login: object, cmis: CmisRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {login: as_login(login) for login in (RECEPTION, SETTLING, CLERK, REPORTER)}  # type: ignore[operator]
    played.place = played.workplace(cmis, played.register)
    played.with_rules(store_folder_id=cmis.folder_at(f"/Kho {uuid4().hex[:6]}").object_id)
    dossier = people[RECEPTION].create_folder(
        cmis.folder_at("/Hồ sơ").object_id,
        uuid4().hex,
        kind="dossier",
        properties={"dossier_code": "HS-1", "procedure_code": "1.001939", "paper_count": 1},
    )
    meter = Meter()

    def paper_of(document: RepositoryObject) -> Paper:
        paper = played.register.paper_at("A1", document.version_series_id)
        assert paper is not None
        return paper

    def deposited(name: str) -> RepositoryObject:
        values: dict[str, Value] = {"submission_form": "BAN_CHINH", "declared_pages": 1}
        return people[RECEPTION].create_document(
            dossier.object_id, name, played.file(b"%PDF-1.7 scan"), content_type="application/pdf", kind="paper",
            properties=values,
        )  # fmt: skip

    def edit(login: str, shown: RepositoryObject, **properties: Value) -> None:
        people[login].update(people[login].get(shown.object_id), properties)

    document = deposited("giấy tờ.pdf")
    with meter.counting("claim", monkeypatch):
        take_in(document, played.place)
    for stage in (Stage.SCOPE, Stage.CAPTURE, Stage.PERSONAL_SIGNATURE, Stage.EXTRACTION):
        with meter.counting(str(stage), monkeypatch):
            run_stage(paper_of(document).paper_id, stage, played.place)
    assert paper_of(document).state is State.CHO_XAC_NHAN
    attention = Attention(played.place)
    with meter.counting("look", monkeypatch):
        attention.attend()
    edit(SETTLING, document, action="XAC_NHAN")
    with meter.counting("confirmation", monkeypatch):
        attention.attend()
    edit(REPORTER, dossier, result="THANH_CONG")
    attention.attend()
    for stage in (Stage.CODE, Stage.APPROVAL):
        with meter.counting(str(stage), monkeypatch):
            run_stage(paper_of(document).paper_id, stage, played.place)
    edit(CLERK, dossier, action="KY_CO_QUAN")
    attention.attend()
    for stage in (Stage.AGENCY_SIGNATURE, Stage.FILING):
        with meter.counting(str(stage), monkeypatch):
            run_stage(paper_of(document).paper_id, stage, played.place)
    assert paper_of(document).state is State.DA_LUU

    assert dict(meter.calls) == budget()


def test_a_look_that_finds_nothing_new_costs_three_calls_however_much_it_shows(
    cmis: CmisRepository, dossier_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7")
    first, *others = [
        cmis.create_document(
            dossier_folder, f"{number}.pdf", content, content_type="application/pdf", kind="paper",
            properties={"state": "DA_LUU"},
        )
        for number in range(20)
    ]  # fmt: skip
    since, meter = first.modified_at, Meter()
    with meter.counting("first", monkeypatch):
        before = {found.object_id: found for found in cmis.changed_since(since)}

    with meter.counting("again", monkeypatch):
        again = {found.object_id: found for found in cmis.changed_since(since)}
    assert again == before
    assert before[others[-1].object_id].properties["state"] == "DA_LUU"
    assert meter.calls["again"] == 3  # the watched folder, a query for papers, one for dossiers
    assert meter.calls["first"] >= 20

    cmis.update(others[0], {"action": "THU_HOI"})
    with meter.counting("changed", monkeypatch):
        changed = {found.object_id: found for found in cmis.changed_since(since)}

    assert changed[others[0].object_id].properties["action"] == "THU_HOI"
    assert meter.calls["changed"] == 4
