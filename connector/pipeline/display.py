"""Showing the register's state in the ECM: displayed copies, written by the product alone."""

from __future__ import annotations

from collections.abc import Mapping

from connector.domain.errors import ChangeConflict
from connector.domain.metadata import Value
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import State
from connector.pipeline.workplace import Workplace

_ATTEMPTS = 5


def show(
    place: Workplace, object_id: str, properties: Mapping[str, Value], *, state: State | None = None
) -> RepositoryObject:
    """Write displayed properties; somebody's edit at the same moment is read again, never overwritten.

    Only what differs is written: an own write that changes nothing would wake the watcher for nothing.
    """
    wanted = dict(properties) if state is None else {**properties, "state": str(state)}
    for attempt in range(_ATTEMPTS):
        current = place.repository.get(object_id)
        different = {name: value for name, value in wanted.items() if differs(current.properties.get(name), value)}
        if not different:
            return current
        try:
            return place.repository.update(current, different)
        except ChangeConflict:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def differs(shown: object, wanted: Value) -> bool:
    """Whether a property has to be written; an empty list, an empty text and nothing are the same."""
    if shown in (None, "", (), []) and wanted in (None, "", ()):
        return False
    return (tuple(shown) if isinstance(shown, list) else shown) != wanted


def show_failure(place: Workplace, paper: Paper, sentence: str) -> None:
    """Put the paper's state LOI and the sentence where the records manager sees them."""
    show(place, paper.object_id, {"error": sentence}, state=State.LOI)
