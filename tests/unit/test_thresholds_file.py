"""The file of thresholds: what an administrator writes is what flags a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli.main import main
from connector.domain.errors import ConfigurationError, ExitCode
from connector.domain.extraction import Source
from connector.domain.metadata import ARTICLE_9_FIELDS
from ocr_worker.doubt.proposals import proposal
from ocr_worker.doubt.thresholds import SHIPPED, load_thresholds, threshold, thresholds_of, write_thresholds


def flagged(field: str, confidence: float) -> bool:
    return proposal(field, "12/QĐ-UBND", confidence, Source.PRINT).needs_review


def test_every_field_that_is_read_has_a_shipped_threshold() -> None:
    read = set(load_thresholds())
    assert read <= set(ARTICLE_9_FIELDS)
    assert {"document_number", "issue_date", "owner_id", "abstract"} <= read


def test_a_file_of_ones_own_decides_within_its_block_only(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("document_number: 0.7\nissue_date: 1.001\n", encoding="utf-8")

    with thresholds_of(file):
        assert not flagged("document_number", 0.8)
        assert flagged("issue_date", 1.0)
        assert threshold("abstract") == load_thresholds()["abstract"]

    assert flagged("document_number", 0.8)
    assert not flagged("issue_date", 1.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("document_numbers: 0.9", "did you mean document_number?"),
        ("document_number: 0.2", "a number from 0.5 to 1.001"),
        ("document_number: yes", "a number from 0.5 to 1.001"),
        ("- 0.9", "holds no thresholds"),
        ("a: [", "no readable YAML"),
    ],
)
def test_a_mistake_in_the_file_names_the_key(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"own\.yaml") as raised:
        load_thresholds(file)
    assert said in raised.value.detail


def test_a_fitted_file_can_be_read_back_and_keeps_the_explanations(tmp_path: Path) -> None:
    file = tmp_path / "fitted.yaml"
    write_thresholds({"issue_date": 0.871}, file)

    assert load_thresholds(file) == {**load_thresholds(), "issue_date": 0.871}
    comments = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")] == comments


def test_extract_ends_at_once_with_a_file_that_it_cannot_use(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("trich_yeu: 0.9", encoding="utf-8")
    answer = CliRunner().invoke(main, ["extract", str(tmp_path / "any.pdf"), "--thresholds", str(file)])
    assert answer.exit_code == ExitCode.CONFIGURATION
    assert "trich_yeu" in answer.stderr
