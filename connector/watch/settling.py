"""When nobody is still writing a document."""

from __future__ import annotations

import datetime as dt

from connector.domain.paper import RepositoryObject

# the server's clock may be this far from ours
_SKEW = dt.timedelta(minutes=10)


class Settling:
    """Tells documents that are done from those that somebody is still writing.

    Server times are compared with ours only where the distance is beyond any skew; a fresh document has to look the
    same at two sweeps.
    """

    def __init__(self, settle: dt.timedelta) -> None:
        self._settle = settle
        self._seen: dict[str, tuple[str, dt.datetime]] = {}  # object id -> its change, and when we first saw it

    def is_settled(self, document: RepositoryObject, *, now: dt.datetime) -> bool:
        """Whether a document is checked in, has content, and was left alone for the settling time."""
        if document.checked_out or not document.content_length:
            return False
        if document.modified_at <= now - _SKEW - self._settle:
            return True
        change = f"{document.modified_at.isoformat()} {document.change_token} {document.content_length}"
        known, since = self._seen.get(document.object_id, ("", now))
        if known != change:
            self._seen[document.object_id] = (change, now)
            return self._settle == dt.timedelta(0)
        return since <= now - self._settle

    def forget(self, before: dt.datetime) -> None:
        """Drop what was seen before a moment of our clock: it is taken in, or gone."""
        self._seen = {object_id: sight for object_id, sight in self._seen.items() if sight[1] >= before}
