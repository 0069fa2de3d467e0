"""Property values between JSON, form fields and Python: null stays null, times are aware."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.domain.metadata import Value

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

SECONDARY_TYPES = "cmis:secondaryObjectTypeIds"


def read_properties(data: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a CMIS JSON object; multi-valued ones as tuples, date-times aware in UTC."""
    return {name: _read(item) for name, item in data["properties"].items()}


def _read(item: Mapping[str, Any]) -> Any:
    value = item.get("value")
    if item.get("cardinality") == "multi":
        return tuple(_read_single(item.get("type"), single) for single in value or ())
    return None if value is None or value == [] else _read_single(item.get("type"), value)


def _read_single(kind: str | None, value: Any) -> Any:
    if isinstance(value, list):  # a query row may wrap a single value
        value = value[0]
    if kind == "datetime" and isinstance(value, int):
        return _EPOCH + dt.timedelta(milliseconds=value)
    return normal(value) if isinstance(value, str) else value


def normal(text: str) -> str:
    """Text in the one normal form that names and values meet in."""
    return unicodedata.normalize("NFC", text)


def form_fields(properties: Mapping[str, Value | Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Properties as browser-binding form fields (CMIS 1.1, 5.4.4.3.10); an id without a value empties it."""
    for number, (name, value) in enumerate(properties.items()):
        yield f"propertyId[{number}]", name
        if isinstance(value, tuple | list):
            for position, single in enumerate(value):
                yield f"propertyValue[{number}][{position}]", _write(single)
        elif value is not None and value != "":
            yield f"propertyValue[{number}]", _write(value)


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("a date-time without a zone")
        return str((value - _EPOCH) // dt.timedelta(milliseconds=1))
    return normal(str(value))


def quoted(text: str) -> str:
    """A string literal of CMIS QL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def timestamp(moment: dt.datetime) -> str:
    """A timestamp literal of CMIS QL in UTC, cut to the second: not every server reads fractions."""
    return f"TIMESTAMP '{moment.astimezone(dt.UTC).strftime('%Y-%m-%dT%H:%M:%S')}.000Z'"
