"""`sohoa doctor`: one finding for each dependency, and what to change where one fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from connector.app import doctor
from connector.cli.main import main
from connector.cmis.locking import Right
from connector.cmis.remedies import Topic, remedy
from connector.cmis.repository import CmisRepository
from connector.demo.ecm import DemoEcm
from connector.domain.errors import ConfigurationError, ExitCode
from connector.mapping.load import find_mapping

pytestmark = pytest.mark.integration

Findings = dict[str, dict[str, Any]]
CheckUp = Callable[[Path], tuple[int, Findings]]


def check_up(settings_file: Path) -> tuple[int, Findings]:
    answer = CliRunner().invoke(main, ["doctor", "--json", "--config", str(settings_file)])
    findings = [json.loads(line) for line in answer.output.splitlines()]
    return answer.exit_code, {finding["subject"]: finding for finding in findings}


def changed(settings_file: Path, old: str, new: str) -> Path:
    text = settings_file.read_text(encoding="utf-8")
    assert old in text
    settings_file.write_text(text.replace(old, new), encoding="utf-8")
    return settings_file


def test_a_sound_installation_has_no_failing_finding_and_leaves_nothing_behind(
    settings_file: Path, cmis: CmisRepository
) -> None:
    def left() -> set[str]:
        folder = cmis.folder_at("/Hồ sơ/_sohoa").object_id
        return {child.name for child in cmis.children(folder)} | {
            child.name
            for child in cmis.children(cmis.folder_at("/Hồ sơ").object_id)
            if child.name.startswith("_sohoa-")
        }

    before = left()
    code, found = check_up(settings_file)

    assert [finding for finding in found.values() if not finding["ok"]] == []
    assert code == ExitCode.OK
    assert {
        "database", "repository A1", "repository A1 mapping", "repository A1 rights", "repository A1 queries",
        "repository A1 change log", "repository A1 lock", "repository A1 stores", "key agency", "timestamp", "models",
        "users",
    } <= set(found)  # fmt: skip
    assert "showed after" in found["repository A1 queries"]["detail"]
    assert "check out and in" in found["repository A1 rights"]["detail"]
    assert left() == before


def test_a_made_up_change_log_is_told_with_the_setting_that_brings_a_real_one(settings_file: Path) -> None:
    _, found = check_up(settings_file)

    assert found["repository A1 change log"]["remedy"]
    alfresco = {"vendorName": "Alfresco", "productName": "Alfresco Community"}
    assert "audit.cmischangelog.enabled=true" in remedy(Topic.CHANGE_LOG, alfresco)
    assert remedy(Topic.CHANGE_LOG, {}) == remedy(Topic.CHANGE_LOG, {"vendorName": "Nobody"})


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("vendor", ["Alfresco", "Nuxeo", "IBM", "Microsoft", "OpenText", "?"])
def test_every_topic_has_a_remedy_for_every_product(topic: Topic, vendor: str) -> None:
    assert remedy(topic, {"vendorName": vendor, "productName": "x"})


def test_a_service_account_that_may_only_read_is_told_what_it_lacks(
    settings_file: Path, tmp_path: Path, cmis: CmisRepository
) -> None:
    folder = cmis.create_folder(cmis.folder_at("/").object_id, uuid4().hex)
    cmis.service.set_rights(
        folder.object_id,
        cmis.service.rights(folder.object_id),
        [
            Right(principal="sohoa", permissions=frozenset({"cmis:read"})),
            Right(principal="admin", permissions=frozenset({"cmis:all"})),
        ],
    )
    mapping = tmp_path / "closed.yaml"
    text = find_mapping("opencmis").read_text(encoding="utf-8")
    mapping.write_text(text.replace("watched_path: /Hồ sơ", f"watched_path: /{folder.name}"), encoding="utf-8")

    code, found = check_up(changed(settings_file, 'mapping = "opencmis"', f'mapping = "{mapping}"'))

    assert code == ExitCode.FAILED
    assert found["repository A1 rights"]["detail"].startswith("cannot create folders")
    assert "service account" in found["repository A1 rights"]["remedy"]


def test_a_mapping_with_mistakes_points_to_its_check(settings_file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "wrong.yaml"
    text = find_mapping("opencmis").read_text(encoding="utf-8")
    mapping.write_text(text.replace("abstract: bhxh:trichYeu", "abstract: bhxh:trichYeuX"), encoding="utf-8")

    _, found = check_up(changed(settings_file, 'mapping = "opencmis"', f'mapping = "{mapping}"'))

    assert found["repository A1 mapping"]["detail"] == "1 findings"
    assert "sohoa mapping check" in found["repository A1 mapping"]["remedy"]


def test_what_does_not_answer_fails_alone_and_names_its_setting(
    settings_file: Path, ecm: DemoEcm, tmp_path: Path
) -> None:
    text = settings_file.read_text(encoding="utf-8")
    dsn = text.partition('dsn = "')[2].partition('"')[0]
    stamp = text.partition('timestamp_url = "')[2].partition('"')[0]
    password = text.partition('password = "')[2]
    for old, new in (
        (ecm.browser_url, "http://127.0.0.1:1/browser"),
        (dsn, "postgresql://nobody@127.0.0.1:1/none"),
        (stamp, "http://127.0.0.1:1/tsa"),
        (password.rpartition('password = "')[2].partition('"')[0], "sai"),
    ):
        changed(settings_file, old, new)
    changed(settings_file, "users.yaml", "nobody.yaml")

    code, found = check_up(settings_file)

    assert code == ExitCode.FAILED
    for subject, setting in {
        "repository A1": "url",
        "database": "database.dsn",
        "timestamp": "signing.timestamp_url",
        "key agency": "signing.agency_key",
        "users": "users",
    }.items():
        assert not found[subject]["ok"]
        assert setting in found[subject]["remedy"]
    assert found["models"]["ok"]


def test_a_missing_model_names_the_packages(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ConfigurationError("recognition model vie is missing")

    monkeypatch.setattr(doctor, "check_models", missing)

    _, found = check_up(settings_file)

    assert (found["models"]["ok"], "apt-packages.txt" in found["models"]["remedy"]) == (False, True)
