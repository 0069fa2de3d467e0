"""A mapping against a real repository's types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli.main import main
from connector.cmis.browser import BrowserService
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm
from connector.mapping.check import check_mapping
from connector.mapping.load import find_mapping

pytestmark = pytest.mark.integration

# line of the shipped file -> what stands there instead, and what is said of it
PLANTED = {
    "document_type: bhxh:taiLieu": ("document_type: cmis:document", "type cmis:document has no versions"),
    "technical_type: cmis:document": ("technical_typ: cmis:document", "unknown key technical_typ"),
    "owner_name: bhxh:tenChuGiayTo": ("owner_name: bhxh:maChuGiayTo", "owner_name shares bhxh:maChuGiayTo"),
    "abstract: bhxh:trichYeu": ("abstrakt: bhxh:trichYeu", "unknown field abstrakt"),
    "document_number: bhxh:soKyHieu": ("document_number: bhxh:soKiHieu", "property bhxh:soKiHieu is not there"),
    "is_result: bhxh:laKetQua": ("is_result: cmis:checkinComment", "property cmis:checkinComment is string"),
    "proposals: bhxh:deXuat": ("proposals: cmis:description", "property cmis:description is single-valued"),
    "state: bhxh:trangThai": (
        "state: {property: cmis:createdBy, choices: {DA_LƯU: x}}",
        "property cmis:createdBy cannot be written",
    ),
    "secondary_type: bhxh:hoSo": ("secondary_type: bhxh:giayTo2", "type bhxh:giayTo2 is not there"),
    "owner_property: bhxh:chuKho": ("owner_property: bhxh:chu", "property bhxh:chu is not there"),
}


@pytest.fixture
def service(ecm: DemoEcm) -> BrowserService:
    return BrowserService(
        Endpoint(url=ecm.browser_url, repository_id=ecm.repository_id, username="sohoa", password="any")
    )


def with_mistakes(tmp_path: Path) -> Path:
    text = find_mapping("opencmis").read_text(encoding="utf-8")
    for right, (wrong, _) in PLANTED.items():
        assert text.count(f"{right}\n") + text.count(f"{right} #") == 1
        text = text.replace(right, wrong)
    file = tmp_path / "planted.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_mapping_has_nothing_against_it(service: BrowserService) -> None:
    assert check_mapping(find_mapping("opencmis"), service) == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=[wrong for wrong, _ in PLANTED.values()])
def test_a_planted_mistake_is_found_on_its_line_with_a_remedy(
    service: BrowserService, tmp_path: Path, planted: tuple[str, str]
) -> None:
    wrong, said = planted
    file = with_mistakes(tmp_path)
    line = next(number for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if wrong in text)

    findings = check_mapping(file, service)

    [found] = [finding for finding in findings if finding.message.startswith(said)]
    assert found.line == line
    assert found.remedy


def test_the_command_lists_every_mistake_at_once_and_ends_with_its_code(
    ecm: DemoEcm, tmp_path: Path, settings_file: Path
) -> None:
    answer = CliRunner().invoke(
        main, ["mapping", "check", "--mapping", str(with_mistakes(tmp_path)), "--json", "--config", str(settings_file)]
    )

    said = [json.loads(line) for line in answer.output.splitlines()]
    assert answer.exit_code == 1
    assert len({(finding["line"], finding["message"]) for finding in said}) >= len(PLANTED)
    assert all(finding["file"].endswith("planted.yaml") and finding["remedy"] for finding in said)
    assert {finding["repository"] for finding in said} == {"A1"}


def test_the_command_says_that_a_right_mapping_is_right(settings_file: Path) -> None:
    answer = CliRunner().invoke(main, ["mapping", "check", "--config", str(settings_file)])

    assert (answer.exit_code, "A1" in answer.output) == (0, True)


def test_the_repositories_alone_are_enough_to_check_against_them(settings_file: Path) -> None:
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text[text.index("[[repositories]]") : text.index("[signing]")], encoding="utf-8")

    answer = CliRunner().invoke(main, ["mapping", "check", "--config", str(settings_file)])

    assert (answer.exit_code, "A1" in answer.output) == (0, True)


def test_a_file_is_judged_alone_where_there_are_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    answer = CliRunner().invoke(main, ["mapping", "check", "--mapping", "opencmis"])

    assert answer.exit_code == 0
    assert "opencmis.yaml" in answer.output


@pytest.fixture
def settings_file(ecm: DemoEcm, tmp_path: Path) -> Path:
    file = tmp_path / "sohoa.toml"
    file.write_text(
        f"""
users = "users.yaml"
result_reporters = []
hash_key = "x"
[[repositories]]
id = "A1"
url = "{ecm.browser_url}"
username = "sohoa"
password = "any"
mapping = "opencmis"
[signing]
agency_name = "BHXH thử"
timestamp_url = "http://127.0.0.1:1"
trust = []
[signing.agency_key]
kind = "pkcs12"
""",
        encoding="utf-8",
    )
    return file
