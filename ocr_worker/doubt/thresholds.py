"""The file that says from which confidence on a value stands without a person's look, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import mappings
from connector.domain.errors import ConfigurationError

SHIPPED = Path(next(iter(mappings.__path__))) / "thresholds.yaml"
# below the lowest a value is more often wrong than right; above 1 no confidence reaches
LOWEST, HIGHEST = 0.5, 1.001
_in_use: ContextVar[Mapping[str, float] | None] = ContextVar("thresholds", default=None)


def load_thresholds(file: Path | None = None) -> Mapping[str, float]:
    """The threshold of every field; what ``file`` leaves out is as shipped.

    Raises ConfigurationError that names the file and the key.
    """
    shipped = _shipped()
    return shipped if file is None else {**shipped, **_read(file, known=set(shipped))}


def threshold(field: str) -> float:
    """The least confidence with which a value of this field stands unseen."""
    return (_in_use.get() or _shipped())[field]


@contextmanager
def thresholds_of(file: Path | None) -> Iterator[None]:
    """Within the block another file decides. Raises ConfigurationError."""
    token = _in_use.set(load_thresholds(file))
    try:
        yield
    finally:
        _in_use.reset(token)


def write_thresholds(chosen: Mapping[str, float], file: Path) -> None:
    """Write the shipped file with these values and its own explanations. Raises ConfigurationError."""
    yaml = YAML()
    yaml.width = 120
    content = yaml.load(SHIPPED.read_text(encoding="utf-8"))
    for field, value in chosen.items():
        content[field] = value
    try:
        with file.open("w", encoding="utf-8") as target:
            yaml.dump(content, target)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error


@cache
def _shipped() -> Mapping[str, float]:
    return _read(SHIPPED, known=None)


def _read(file: Path, known: set[str] | None) -> dict[str, float]:
    try:
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is no readable YAML") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{file} holds no thresholds")
    for field, value in content.items():
        _check(file, str(field), value, known)
    return {str(field): float(value) for field, value in content.items()}


def _check(file: Path, field: str, value: object, known: set[str] | None) -> None:
    if known is not None and field not in known:
        near = get_close_matches(field, known, 1)
        raise ConfigurationError(f"{file}: {field} is no field" + (f"; did you mean {near[0]}?" if near else ""))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not LOWEST <= value <= HIGHEST:
        raise ConfigurationError(f"{file}: {field} has to be a number from {LOWEST} to {HIGHEST}")
