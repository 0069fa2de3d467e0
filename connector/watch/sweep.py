"""The overlap query: what changed since the server's time of the last sweep."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from connector.domain.errors import SohoaError
from connector.domain.paper import RepositoryObject
from connector.pipeline.workplace import Workplace
from connector.watch.intake import is_settled, take_in

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SweepRules:
    """How careful a sweep is; an index may lag by minutes, so the overlap is generous where one is used."""

    overlap: dt.timedelta = dt.timedelta(seconds=10)
    settle: dt.timedelta = dt.timedelta(seconds=2)


def sweep(place: Workplace, rules: SweepRules) -> int:
    """Take in every settled deposit changed since the cursor; answers how many.

    The cursor follows the server's clock, moves after the claims are committed, and never past a document
    that was not settled yet.
    """
    repository_id = place.repository.repository_id
    cursor = place.registry.cursor(repository_id)
    since = cursor - rules.overlap if cursor else None
    taken, seen, waiting = 0, cursor, []
    for document in place.repository.changed_since(since):
        seen = max(seen or document.modified_at, document.modified_at)
        if document.is_folder:
            continue
        if not is_settled(document, now=place.now(), settle=rules.settle):
            waiting.append(document.modified_at)
        elif _taken(document, place):
            taken += 1
    if seen is not None:
        place.registry.move_cursor(repository_id, min([seen, *waiting]))
    return taken


def _taken(document: RepositoryObject, place: Workplace) -> bool:
    """One document's trouble must not hide the others: it is met again at the next sweep."""
    try:
        return take_in(document, place) is not None
    except SohoaError as error:
        if error.transient:
            raise
        log.warning("a deposit could not be taken in: %s", error.code)
        return False
