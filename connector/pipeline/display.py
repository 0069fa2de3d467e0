"""Showing the register's state in the ECM: displayed copies, written by the product alone."""

from __future__ import annotations

from collections.abc import Mapping

from connector.domain.errors import ChangeConflict
from connector.domain.labels import value_length
from connector.domain.metadata import ARTICLE_9_FIELDS, Value
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import State
from connector.pipeline.workplace import Workplace

_ATTEMPTS = 5
_TEXTS = frozenset({"error", "proposals", "reuse_notice"})  # for people to read; never a value that is believed


def show(
    place: Workplace,
    object_id: str,
    properties: Mapping[str, Value],
    *,
    state: State | None = None,
    withdrawn: Mapping[str, Value] | None = None,
) -> RepositoryObject:
    """Write displayed properties; somebody's edit at the same moment is read again, never overwritten.

    An Article 9 field is only filled while it is empty: whatever stands there may have been typed meanwhile.
    ``withdrawn`` are earlier proposals: they are emptied where they still stand as we wrote them. Only what differs
    is written: an own write that changes nothing would wake the watcher for nothing.
    """
    wanted = fitted(properties if state is None else {**properties, "state": str(state)})
    for attempt in range(_ATTEMPTS):
        current = place.repository.get(object_id)
        different = _different(current.properties, wanted, withdrawn or {})
        if not different:
            return current
        try:
            return place.repository.update(current, different)
        except ChangeConflict:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def fitted(properties: Mapping[str, Value]) -> dict[str, Value]:
    """Sentences and proposals no longer than their properties: a repository would refuse the whole write."""
    return {name: _cut(value, value_length(name)) if name in _TEXTS else value for name, value in properties.items()}


def _cut(value: Value, length: int) -> Value:
    if isinstance(value, tuple):
        return tuple(str(_cut(each, length)) for each in value)
    return f"{value[: length - 1]}…" if isinstance(value, str) and len(value) > length else value


def _different(
    shown: Mapping[str, object], wanted: Mapping[str, Value], withdrawn: Mapping[str, Value]
) -> dict[str, Value]:
    different: dict[str, Value] = {
        name: None for name, value in withdrawn.items() if value and shown.get(name) == value
    }
    for name, value in wanted.items():
        typed = name in ARTICLE_9_FIELDS and value is not None and shown.get(name) and name not in different
        if not typed and differs(shown.get(name), value):
            different[name] = value
    return different


def differs(shown: object, wanted: Value) -> bool:
    """Whether a property has to be written; an empty list, an empty text and nothing are the same."""
    if shown in (None, "", (), []) and wanted in (None, "", ()):
        return False
    return (tuple(shown) if isinstance(shown, list) else shown) != wanted


def show_failure(place: Workplace, paper: Paper, sentence: str) -> None:
    """Put the paper's state LOI and the sentence where the records manager sees them."""
    show(place, paper.object_id, {"error": sentence}, state=State.LOI)
