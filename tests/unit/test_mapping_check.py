"""What a mapping file may say, and what a repository's types must offer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connector.cmis.content_model import type_definitions
from connector.domain.errors import ConfigurationError
from connector.domain.labels import value_kind
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES
from connector.mapping.check import check_mapping
from connector.mapping.load import find_mapping, load_mapping, mapping_schema

SHIPPED = find_mapping("opencmis")


class Types:
    """Definitions as a repository gives them, right for the shipped mapping until one is changed."""

    def __init__(self, **changed: Mapping[str, Any]) -> None:
        mapping = load_mapping(SHIPPED)
        paper = {entry.property: (name, entry) for name, entry in mapping.paper.properties.items()}
        dossier = {entry.property: (name, entry) for name, entry in mapping.dossier.properties.items()}
        self._types: dict[str, dict[str, Any]] = {
            "bhxh:taiLieu": {"versionable": True, "baseId": "cmis:document", "propertyDefinitions": {}},
            "cmis:document": {"baseId": "cmis:document", "propertyDefinitions": {}},
            "cmis:folder": {"baseId": "cmis:folder", "propertyDefinitions": {}},
            "bhxh:giayTo": {"baseId": "cmis:secondary", "propertyDefinitions": self._properties(paper, changed)},
            "bhxh:hoSo": {"baseId": "cmis:secondary", "propertyDefinitions": self._properties(dossier, changed)},
            "bhxh:kho": {"baseId": "cmis:secondary", "propertyDefinitions": {"bhxh:chuKho": {}}},
        }

    @staticmethod
    def _properties(entries: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        multi = ("proposals", "fields_to_check", "confidence", "reuse_notice")
        return {
            property_id: {
                "propertyType": value_kind(name),
                "cardinality": "multi" if name in multi else "single",
                "updatability": "readwrite",
                "queryable": True,
                **changed.get(name, {}),
            }
            for property_id, (name, _) in entries.items()
        }

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        return self._types.get(type_id)


def choice(*values: str) -> dict[str, Any]:
    return {"openChoice": False, "choice": [{"displayName": value, "value": [value]} for value in values]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"abstract": {"maxLength": 255}}, "property bhxh:trichYeu holds 255 characters"),
        ({"original_sha256": {"maxLength": 32}}, "property bhxh:maBamGoc holds 32 characters"),
        ({"result": choice("THANH_CONG")}, "property bhxh:ketQua does not offer KHONG_THANH_CONG"),
        ({"state": {"queryable": False}}, "property bhxh:trangThai cannot be queried"),
        ({"error": {"updatability": "readonly"}}, "property bhxh:loi cannot be written"),
        ({"declared_pages": {"propertyType": "string"}}, "property bhxh:soTrang is string, declared_pages needs"),
        ({"owner_name": {"cardinality": "multi"}}, "property bhxh:tenChuGiayTo is multi-valued"),
    ],
)  # fmt: skip
def test_what_a_property_lacks_is_said(changed: Mapping[str, Mapping[str, Any]], said: str) -> None:
    findings = check_mapping(SHIPPED, Types(**changed))

    assert {finding.message.startswith(said) for finding in findings} == {True}


@pytest.mark.parametrize(
    ("named", "changed", "said"),
    [
        ("bhxh:khoa", {}, "property bhxh:khoa is not there"),
        ("bhxh:hieuLuc", {"legal_status": {"updatability": "readonly"}}, "property bhxh:hieuLuc cannot be written"),
    ],
)
def test_a_lock_that_cannot_close_is_said(
    tmp_path: Path, named: str, changed: Mapping[str, Mapping[str, Any]], said: str
) -> None:
    file = changed_file(tmp_path, "lock: {by: none}", f"lock: {{by: property, property: {named}}}")

    findings = check_mapping(file, Types(**changed))

    assert said in [
        finding.message for finding in findings if "lock" in file.read_text().splitlines()[finding.line - 1]
    ]


def test_choices_called_otherwise_in_the_repository_are_known(tmp_path: Path) -> None:
    renamed = "result: {property: bhxh:ketQua, choices: {THANH_CONG: Đạt, KHONG_THANH_CONG: Không đạt}}"
    file = changed_file(tmp_path, "result: bhxh:ketQua", renamed)

    assert check_mapping(file, Types(result=choice("Đạt", "Không đạt"))) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said", "remedy"),
    [
        ("watched_path: /Hồ sơ", "watched_pth: /Hồ sơ", "unknown key watched_pth", "Did you mean watched_path?"),
        ("watched_path: /Hồ sơ", "watched_path: Hồ sơ", "watched_path: String should match pattern", "docs/mapping.md"),
        (
            "validity: bhxh:thoiHanHieuLuc",
            "valid: bhxh:thoiHanHieuLuc",
            "unknown field valid",
            "Did you mean validity?",
        ),
        ("validity: bhxh:thoiHanHieuLuc", "", "field validity is missing", "Map it to the property for thoiHanHieuLuc"),
        (
            "action: bhxh:thaoTac # Thao tác\n    proposals",
            "action: {property: bhxh:thaoTac, choices: {XAC_NHAM: Xác nhận}}\n    proposals",
            "action never has the value XAC_NHAM",
            "Did you mean XAC_NHAN?",
        ),
        (
            "result: bhxh:ketQua",
            "result: {property: bhxh:ketQua, choices: {THANH_CONG: x, KHONG_THANH_CONG: x}}",
            "two choices of result have the same value",
            "Give each its own value",
        ),
        (
            "lock: {by: none}",
            "lock: {by: property}",
            "lock: Value error, property belongs to by: property",
            "docs/mapping.md",
        ),
        ("filing: folder", "filing: link", "store: Value error, filing: link needs link_address", "docs/mapping.md"),
        ("error: bhxh:loi # Lỗi và việc cần làm\nstore", "error: {write: nver}\nstore", "write: Input should be", ""),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line_and_a_remedy(
    tmp_path: Path, right: str, wrong: str, said: str, remedy: str
) -> None:
    file = changed_file(tmp_path, right, wrong)

    findings = check_mapping(file, None)

    [found] = [finding for finding in findings if finding.message.startswith(said)]
    assert found.remedy.startswith(remedy)
    assert str(found).startswith(f"{file}:{found.line}: ")
    with pytest.raises(ConfigurationError, match=said):
        load_mapping(file)


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "paper: 1\n", "paper:\n  properties: []\n"])
def test_a_file_that_is_no_mapping_at_all_is_only_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "none.yaml"
    file.write_text(text, encoding="utf-8")

    assert check_mapping(file, Types())


def test_the_published_schema_is_the_current_one() -> None:
    assert SHIPPED.with_name("mapping.schema.json").read_text(encoding="utf-8") == mapping_schema()


def test_the_embedded_server_has_a_type_for_every_property() -> None:
    model = type_definitions().decode()

    assert [
        local for local in (*PAPER_PROPERTIES.values(), *DOSSIER_PROPERTIES.values()) if f"bhxh:{local}<" not in model
    ] == []


def changed_file(tmp_path: Path, right: str, wrong: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "changed.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return file
