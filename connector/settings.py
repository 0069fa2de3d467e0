"""The administrator's settings: one TOML file, overridden by SOHOA_* variables."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.sources import PydanticBaseSettingsSource

from connector.domain.errors import ConfigurationError
from connector.sections import (
    CaptureSettings,
    DatabaseSettings,
    NotificationSettings,
    OtherStoreSettings,
    RepositorySettings,
    Section,
    SigningSettings,
    SoapSettings,
    TokenSettings,
    WatchSettings,
    WebSettings,
    WorkSettings,
)

DEFAULT_FILE = Path("sohoa.toml")


class _FromFile(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SOHOA_", env_nested_delimiter="__", extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A variable wins over the file, whose values come in as arguments."""
        return env_settings, init_settings


class _RepositoriesAlone(_FromFile):
    model_config = SettingsConfigDict(extra="ignore")

    repositories: list[RepositorySettings]


class Settings(_FromFile):
    """Everything; unknown keys are errors with the nearest known name."""

    database: DatabaseSettings = DatabaseSettings()
    repositories: list[RepositorySettings]
    watch: WatchSettings = WatchSettings()
    signing: SigningSettings
    capture: CaptureSettings = CaptureSettings()
    soap: SoapSettings = SoapSettings()
    token: TokenSettings | None = None
    web: WebSettings | None = None
    other_stores: list[OtherStoreSettings] = []
    notification: NotificationSettings | None = None
    work: WorkSettings = WorkSettings()
    users: Path
    # ECM logins whose dossier results are believed (bhxh:ketQua)
    result_reporters: list[str]
    # ECM logins of capture software: they may name in bhxh:nguoiSaoChup who scanned; others sign for themselves
    capture_accounts: list[str] = []
    # mappings/profiles: which dated rules of law apply
    profile: str = "qd1333-2023"
    # the office's own lists, as `sohoa types import` writes them; without them the shipped samples are used
    types: Path | None = None
    procedures: Path | None = None
    # from which confidence on each field stands unseen, as `sohoa thresholds fit --write` writes it
    thresholds: Path | None = None
    organisations: Path | None = None
    # every stored paper is hashed and verified again within so many days, an equal part each night
    fixity_days: int = Field(default=90, ge=1)
    # Art. 15: scan, sign and keep under the dossier's code; `sohoa backfill` takes the papers up later
    transition: bool = False
    # keys the hashes that stand for codes and owners in the audit chain and in folder names
    hash_key: SecretStr


_Model = TypeVar("_Model", Settings, _RepositoriesAlone)


def load_settings(file: Path | None = None) -> Settings:
    """The settings of ``file`` (SOHOA_CONFIG, else ./sohoa.toml) and the environment.

    Raises ConfigurationError that names the file, the key and what to do.
    """
    return _loaded(Settings, file)


def load_repositories(file: Path | None = None) -> Sequence[RepositorySettings]:
    """The repositories alone, for who connects an ECM before anything else is settled. Raises ConfigurationError."""
    return _loaded(_RepositoriesAlone, file).repositories


def _loaded(model: type[_Model], file: Path | None) -> _Model:
    path = file or Path(os.environ.get("SOHOA_CONFIG", DEFAULT_FILE))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} does not exist; give --config or SOHOA_CONFIG.") from error
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    try:
        return model(**values)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {'; '.join(_finding(item) for item in error.errors())}") from error


def _finding(item: Any) -> str:
    """One finding; the input itself stays out of it, for it may be a secret."""
    where = ".".join(str(part) for part in item["loc"])
    if item["type"] != "extra_forbidden":
        return f"{where}: {item['msg']}"
    known = difflib.get_close_matches(str(item["loc"][-1]), _known_keys(Settings), n=1)
    return f"{where}: unknown key" + (f", did you mean {known[0]}?" if known else "")


def _known_keys(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields) | {name for section in _below(Section) for name in section.model_fields}


def _below(model: type[Section]) -> Iterator[type[Section]]:
    for section in model.__subclasses__():
        yield section
        yield from _below(section)
