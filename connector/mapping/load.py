"""Reading a mapping file: every finding names file, line and remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from connector.domain.errors import ConfigurationError
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES
from connector.mapping.model import DossierTypes, MappingFile, PaperTypes, PropertyMapping, StoreTypes

_KEYS = sorted(
    {
        name
        for model in (MappingFile, PaperTypes, DossierTypes, StoreTypes, PropertyMapping)
        for name in model.model_fields
    }
)
_SECTIONS: Mapping[str, Mapping[str, str]] = {"paper": PAPER_PROPERTIES, "dossier": DOSSIER_PROPERTIES}


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
    findings = list(_field_findings(data))
    try:
        mapping = MappingFile.model_validate(json.loads(json.dumps(data, default=str)))
    except ValidationError as error:
        findings += [(line_of(data, item["loc"]), _say(item)) for item in error.errors()]
    if findings:
        text = "\n".join(f"{path}:{line}: {message}" for line, message in sorted(findings))
        raise ConfigurationError(text)
    return mapping


def read_yaml(path: Path) -> Any:
    """A YAML file with the line of every key."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}:{line}: {(error.problem or 'no YAML').splitlines()[0]}") from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _field_findings(data: Any) -> Iterator[tuple[int, str]]:
    """Logical fields that are missing, unknown, or share one property: then one would overwrite the other."""
    for section, known in _SECTIONS.items():
        where = (section, "properties")
        fields = data.get(section, {}).get("properties") if isinstance(data, dict) else None
        if not isinstance(fields, dict):
            continue
        for name in known.keys() - fields.keys():
            yield line_of(data, where), f"field {name} is missing: map it to the property for {known[name]}"
        for name in fields.keys() - known.keys():
            yield line_of(data, (*where, name)), f"unknown field {name}{_nearest(name, known)}"
        taken: dict[str, str] = {}
        for name, entry in fields.items():
            target = str(entry.get("property") if isinstance(entry, dict) else entry)
            if target in taken:
                yield (
                    line_of(data, (*where, name)),
                    f"{name} shares {target} with {taken[target]}: give it its own property",
                )
            taken[target] = name


def _say(item: Any) -> str:
    key = str(item["loc"][-1]) if item["loc"] else "mapping"
    if item["type"] == "missing":
        return f"{key} is missing"
    if item["type"] != "extra_forbidden":
        return f"{key}: {item['msg']}"
    return f"unknown key {key}{_nearest(key, _KEYS)}"


def _nearest(key: str, known: Sequence[str] | Mapping[str, str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f", did you mean {near[0]}?" if near else ""


def line_of(data: Any, location: Sequence[int | str]) -> int:
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
