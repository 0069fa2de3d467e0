"""The command line is a contract: every command is there, speaks both languages and ends with its own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli.main import main
from connector.domain.errors import ExitCode

COMMANDS = (
    "demo", "run", "watch", "work", "serve", "web", "token", "ecm start", "extract", "evaluate", "thresholds fit",
    "sign", "verify", "renew", "mapping check", "mapping apply", "mapping export", "mapping explain", "types import",
    "types list", "export edxml", "export dossier", "doctor", "status", "retry", "backfill", "rebuild",
    "audit verify", "audit fixity", "config show",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_has_help(command: str) -> None:
    answer = CliRunner().invoke(main, [*command.split(), "--help"])

    assert (answer.exit_code, "Usage:" in answer.output) == (0, True)


@pytest.mark.parametrize(("locale", "word"), [("vi_VN.UTF-8", "Số hóa"), ("en_US.UTF-8", "Digitizes")])
def test_help_follows_the_locale(locale: str, word: str) -> None:
    environment = {**os.environ, "LC_ALL": locale, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "connector.cli.main", "--help"]

    said = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode()

    assert word in said


def test_settings_that_are_not_there_end_with_their_own_code(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["status", "--config", str(tmp_path / "absent.toml")])

    assert answer.exit_code == ExitCode.CONFIGURATION
    assert "SOHOA_CONFIG" in answer.output


def test_a_file_that_cannot_be_read_gives_an_error_line_and_the_others_go_on(tmp_path: Path) -> None:
    broken, empty = tmp_path / "broken.pdf", tmp_path / "empty.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    empty.touch()

    answer = CliRunner().invoke(main, ["extract", "--json", str(broken), str(empty), str(tmp_path / "absent.pdf")])

    lines = [json.loads(line) for line in answer.output.splitlines() if line.startswith("{")]
    assert answer.exit_code == 0
    assert [line["file"] for line in lines] == [str(broken), str(empty), str(tmp_path / "absent.pdf")]
    assert {line["error"]["code"] for line in lines} == {"TEP_HONG"}
    assert [line["fields"] for line in lines] == [{}, {}, {}]
