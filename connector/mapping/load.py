"""Reading a mapping file: every finding names file, line and remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from connector.domain.errors import ConfigurationError
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES
from connector.mapping.model import DossierTypes, MappingFile, PaperTypes, StoreTypes

_KNOWN = sorted(
    {*PAPER_PROPERTIES, *DOSSIER_PROPERTIES}
    | {name for model in (MappingFile, PaperTypes, DossierTypes, StoreTypes) for name in model.model_fields}
)


def find_mapping(name_or_path: str) -> Path:
    """A file, or the shipped mapping of that name (``opencmis``). Raises ConfigurationError."""
    path = Path(name_or_path)
    shipped = Path(str(files("mappings") / f"{name_or_path}.yaml"))
    for candidate in (path, shipped):
        if candidate.is_file():
            return candidate
    raise ConfigurationError(f"no mapping {name_or_path}: neither a file nor a shipped one")


def load_mapping(path: Path) -> MappingFile:
    """The mapping in ``path``. Raises ConfigurationError with one finding a line."""
    data = read_yaml(path)
    try:
        return MappingFile.model_validate(json.loads(json.dumps(data)))
    except ValidationError as error:
        findings = [f"{path}:{_line(data, item['loc'])}: {_say(item)}" for item in error.errors()]
        raise ConfigurationError("\n".join(findings)) from error


def read_yaml(path: Path) -> Any:
    """A YAML file with the line of every key."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}:{line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _say(item: Any) -> str:
    key = str(item["loc"][-1]) if item["loc"] else "mapping"
    if item["type"] != "extra_forbidden":
        return f"{key}: {item['msg']}"
    near = difflib.get_close_matches(key, _KNOWN, n=1)
    return f"unknown key {key}" + (f", did you mean {near[0]}?" if near else "")


def _line(data: Any, location: Sequence[int | str]) -> int:
    """The line of the innermost key of ``location`` that the file has."""
    line = 1
    for key in location:
        position = getattr(data, "lc", None)
        if position is None or not isinstance(data, dict) or key not in data:
            break
        line = position.key(key)[0] + 1
        data = data[key]
    return line


def mapping_schema() -> str:
    """The published JSON Schema of mapping files."""
    return json.dumps(MappingFile.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
