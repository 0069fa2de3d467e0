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
from connector.domain.labels import CHOICES
from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES
from connector.mapping.finding import MappingFinding
from connector.mapping.model import DossierTypes, MappingFile, PaperLock, PaperTypes, PropertyMapping, StoreTypes

_KEYS = sorted(
    {
        name
        for model in (MappingFile, PaperTypes, PaperLock, DossierTypes, StoreTypes, PropertyMapping)
        for name in model.model_fields
    }
)
SECTIONS: Mapping[str, Mapping[str, str]] = {"paper": PAPER_PROPERTIES, "dossier": DOSSIER_PROPERTIES}

# line, message, remedy
_Said = tuple[int, str, str]


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
    findings = file_findings(path, data)
    if findings:
        raise ConfigurationError("\n".join(map(str, findings)))
    return MappingFile.model_validate(_plain(data))


def file_findings(path: Path, data: Any) -> list[MappingFinding]:
    """The mistakes that the file alone shows, in the order of its lines."""
    said = list(_field_findings(data))
    try:
        MappingFile.model_validate(_plain(data))
    except ValidationError as error:
        said += [(line_of(data, item["loc"]), *_say(item)) for item in error.errors()]
    return sorted(MappingFinding(path, *each) for each in said)


def read_yaml(path: Path) -> Any:
    """A YAML file with the line of every key."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}:{line}: {(error.problem or 'no YAML').splitlines()[0]}") from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def part_of(data: Any, key: str) -> Mapping[str, Any]:
    """A section as it stands in the file; empty where there is none."""
    part = data.get(key) if isinstance(data, dict) else None
    return part if isinstance(part, dict) else {}


def entries_of(data: Any, section: str) -> Mapping[str, Any]:
    """The entries of a section as they stand in the file."""
    return part_of(part_of(data, section), "properties")


def _field_findings(data: Any) -> Iterator[_Said]:
    """Logical fields that are missing, unknown, or share one property: then one would overwrite the other."""
    for section, known in SECTIONS.items():
        entries = entries_of(data, section)
        where = (section, "properties")
        for name in known.keys() - entries.keys() if entries else ():
            yield line_of(data, where), f"field {name} is missing", f"Map it to the property for {known[name]}"
        taken: dict[str, str] = {}
        for name, entry in entries.items():
            line = line_of(data, (*where, name))
            if name not in known:
                yield line, f"unknown field {name}", _nearest(name, known)
            target = str(entry.get("property") if isinstance(entry, dict) else entry)
            if target in taken:
                yield line, f"{name} shares {target} with {taken[target]}", "Give it its own property"
            taken[target] = name
            yield from ((line, *said) for said in _choice_findings(name, entry))


def _choice_findings(name: str, entry: Any) -> Iterator[tuple[str, str]]:
    """Choices that are renamed but never used, or renamed to the same value."""
    choices = entry.get("choices") if isinstance(entry, dict) else None
    if not isinstance(choices, dict):
        return
    known = CHOICES.get(name)
    for ours in choices if known else ():
        if ours not in (known or ()):
            yield f"{name} never has the value {ours}", _nearest(str(ours), known or ())
    if len(set(map(str, choices.values()))) < len(choices):
        yield f"two choices of {name} have the same value in the repository", "Give each its own value"


def _say(item: Any) -> tuple[str, str]:
    key = str(item["loc"][-1]) if item["loc"] else "mapping"
    if item["type"] == "missing":
        return f"{key} is missing", "Write it; docs/mapping.md explains each key"
    if item["type"] != "extra_forbidden":
        return f"{key}: {item['msg']}", "docs/mapping.md explains each key"
    return f"unknown key {key}", _nearest(key, _KEYS)


def _nearest(key: str, known: Sequence[str] | Mapping[str, str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else "Take it out, or see docs/mapping.md for the names there are"


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data, default=str))


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
