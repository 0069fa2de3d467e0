"""What the project promises of itself: dependencies explained, licences free, modules short, settings documented."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from pydantic import BaseModel

from connector.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("connector", "ocr_worker", "signing")
LONGEST_MODULE = 300


def declared_dependencies() -> set[str]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lists = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    lines = [line.split("#")[0].strip() for each in lists for line in each.splitlines()]
    return {re.split(r"[\[<>=; ]", line)[0] for line in lines if line}


def normal(name: str) -> str:
    """A package's name as PEP 503 spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_has_its_reason() -> None:
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert {name for name in declared_dependencies() if not re.search(rf"\b{re.escape(name)}\b", explained)} == set()


def test_nothing_installed_is_agpl() -> None:
    def licence(metadata: object) -> str:
        fields = ("License", "License-Expression", "Classifier")
        return " ".join(str(metadata.get_all(name)) for name in fields)  # type: ignore[attr-defined]

    found = [each.metadata["Name"] for each in distributions() if re.search("AGPL|Affero", licence(each.metadata))]

    assert found == []


def test_the_lock_has_a_hash_for_every_package_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[a-zA-Z0-9])", lock) if "==" in entry)


def test_everything_declared_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {normal(match[1]) for match in re.finditer(r"^([A-Za-z0-9._-]+)==", lock, re.M)}
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    not_locked = "".join(setup["options.extras_require"][extra] for extra in ("train", "bench", "kerberos"))

    assert {name for name in declared_dependencies() if normal(name) not in locked and name not in not_locked} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_stay_short_enough_to_be_read(package: str) -> None:
    modules = [*(ROOT / package).rglob("*.py")]

    long = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in modules}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}


def setting_names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for candidate in candidates:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                yield from setting_names(candidate)


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert {name for name in setting_names(Settings) if f"`{name}`" not in documented} == set()


def test_the_readme_says_of_each_mapping_whether_it_was_run() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.M))
    files = [file for file in (ROOT / "mappings").glob("*.yaml") if "\nverified:" in file.read_text(encoding="utf-8")]

    assert len(files) >= 9
    for file in files:
        live = "\nverified: checked live" in file.read_text(encoding="utf-8")
        assert told[file.stem] == ("live" if live else "not"), file.name
