"""The server's change log, where a canary has proved it real: it tells of changes before an index shows them.

It only makes us quicker. What it names is read by id; that nothing is missed is the query's and the reconciliation's
task, so the place in the log need not be kept, and a log that repeats, jumps or falls silent does no harm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Set

from connector.cmis.changes import ChangeFinder, Found
from connector.cmis.service import CmisService
from connector.cmis.values import read_properties
from connector.domain.errors import ObjectNotFound, RepositoryError, RepositoryUnavailable

log = logging.getLogger(__name__)

_LONGEST_READ = 50  # pages at one look: the rest comes at the next
_KEEP_SECONDS = 1200.0  # twice the longest lag of an index that we reckon with


def is_real(service: CmisService, token: str | None, object_id: str, *, patience: float) -> bool:
    """Whether the log after ``token`` tells of an object that was made since: some logs are made up."""
    deadline = time.monotonic() + patience
    while True:
        try:
            if object_id in _ids_since(service, token)[0]:
                return True
        except RepositoryUnavailable:
            raise
        except RepositoryError:
            return False
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.2)


class ChangeNews:
    """What the log has told and no query has shown yet."""

    def __init__(self, service: CmisService) -> None:
        self._service = service
        self._token = service.latest_change_token()
        self._told: dict[str, float] = {}  # object id -> when

    def listen(self) -> None:
        """Read on in the log. A log that breaks off is left alone until the next time."""
        try:
            ids, self._token = _ids_since(self._service, self._token)
        except RepositoryUnavailable:
            raise
        except RepositoryError as error:
            log.warning("the change log cannot be read: %s", error.code)
            self._token = self._service.latest_change_token()
            return
        self._told.update(dict.fromkeys(ids, time.monotonic()))

    def not_among(self, shown: Set[str], finder: ChangeFinder) -> Iterator[Found]:
        """The papers and dossiers that the log told of and that are not ``shown``, as they are now."""
        for object_id, told in list(self._told.items()):
            if object_id in shown or time.monotonic() - told > _KEEP_SECONDS:
                del self._told[object_id]
                continue
            found = self._read(object_id)
            if found is not None and finder.is_ours(found):
                yield found
            elif found is None or not _is_unfinished(found):
                del self._told[object_id]

    def _read(self, object_id: str) -> Found | None:
        try:
            data = self._service.object(object_id)
        except ObjectNotFound:  # deleted in between
            return None
        return data, read_properties(data)


def _is_unfinished(found: Found) -> bool:
    """A working copy, or a document without content: it becomes one of ours later, under this id."""
    return bool(found[1].get("cmis:isPrivateWorkingCopy")) or found[1].get("cmis:contentStreamLength") == 0


def _ids_since(service: CmisService, token: str | None) -> tuple[set[str], str | None]:
    """The objects of all events from ``token`` on, each once, and the token to go on from."""
    ids: set[str] = set()
    for _ in range(_LONGEST_READ):
        page, next_token, more = service.change_page(token)
        new = [object_id for object_id in page if object_id not in ids]
        ids.update(page)
        stuck = next_token in (None, token) or not new
        token = next_token or token
        if not more or stuck:
            break
    return ids, token
