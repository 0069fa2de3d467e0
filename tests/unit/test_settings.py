"""Settings: one file, overridden by variables, wrong keys named."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.errors import ConfigurationError
from connector.settings import load_settings

MINIMAL = """
users = "users.yaml"
result_reporters = ["tnhs"]
hash_key = "top secret"
[[repositories]]
id = "A1"
url = "http://127.0.0.1/browser"
username = "sohoa"
password = "hidden"
mapping = "opencmis"
[signing]
agency_name = "BHXH tỉnh Hà Nam"
timestamp_url = "http://127.0.0.1/tsa"
trust = ["root.pem"]
[signing.agency_key]
kind = "pkcs12"
"""


def settings_file(folder: Path, text: str = MINIMAL) -> Path:
    file = folder / "sohoa.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_minimal_file_is_enough(tmp_path: Path) -> None:
    settings = load_settings(settings_file(tmp_path))

    assert (settings.repositories[0].id, settings.database.dsn, settings.soap.host) == ("A1", None, "127.0.0.1")


def test_an_unknown_key_names_the_nearest_known_one(tmp_path: Path) -> None:
    file = settings_file(tmp_path, MINIMAL.replace("agency_name", "agencyname"))

    with pytest.raises(ConfigurationError, match=r"signing\.agencyname: unknown key, did you mean agency_name\?"):
        load_settings(file)


def test_a_missing_file_says_how_to_give_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SOHOA_CONFIG"):
        load_settings(tmp_path / "absent.toml")


def test_broken_toml_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="line 2"):
        load_settings(settings_file(tmp_path, "a = 1\nb = = 2\n"))


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_DATABASE__DSN", "postgresql://db/sohoa")

    settings = load_settings(settings_file(tmp_path))

    assert settings.database.dsn is not None
    assert settings.database.dsn.get_secret_value() == "postgresql://db/sohoa"


def test_secrets_are_masked_when_shown_and_absent_from_errors(tmp_path: Path) -> None:
    shown = load_settings(settings_file(tmp_path)).model_dump_json()
    with pytest.raises(ConfigurationError) as wrong:
        load_settings(settings_file(tmp_path, MINIMAL.replace('"hidden"', "12345678")))

    assert "hidden" not in shown
    assert "top secret" not in shown
    assert "12345678" not in str(wrong.value)
