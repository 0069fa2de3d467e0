"""Which changes of the feed the portal was told, which wait, and which were given up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connector.domain.errors import PortalError
from connector.domain.publication import ChangeKind, FeedEntry
from connector.registry.connection import Database, Transaction

# attempt (from 1), error -> seconds to wait, None to give up
Again = Callable[[int, PortalError], int | None]

_ENQUEUE = """INSERT INTO notification (position)
    SELECT position FROM change_feed WHERE position > (SELECT coalesce(max(position), 0) FROM notification)
    AND kind = ANY(%s) ON CONFLICT DO NOTHING"""
# a process that tells at the same time skips the row that we hold
_NEXT = """SELECT notification.position, attempts, kind, paper_id, version, change_feed.at
    FROM notification JOIN change_feed USING (position)
    WHERE sent_at IS NULL AND given_up_at IS NULL AND try_at <= now()
    ORDER BY notification.position LIMIT 1 FOR UPDATE OF notification SKIP LOCKED"""
_SENT = "UPDATE notification SET attempts = attempts + 1, sent_at = now(), reason = NULL WHERE position = %s"
_LATER = """UPDATE notification SET attempts = attempts + 1, reason = %(reason)s,
    try_at = now() + make_interval(secs => coalesce(%(wait)s, 0)),
    given_up_at = CASE WHEN %(wait)s::int IS NULL THEN now() END WHERE position = %(position)s"""
_REPLAY = """UPDATE notification SET attempts = 0, try_at = now(), given_up_at = NULL, reason = NULL
    WHERE given_up_at IS NOT NULL"""


class NotificationRegister:
    """Each change is told at least once: a process that dies while it tells one tells it again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, kinds: Sequence[ChangeKind]) -> None:
        """Take up what entered the feed since; the first time everything in it."""
        with self._database.transaction() as transaction:
            transaction.execute(_ENQUEUE, ([str(kind) for kind in kinds],))

    def tell_next(self, tell: Callable[[FeedEntry], None], again: Again) -> PortalError | None:
        """Tell the oldest change that is due; answers what went wrong. Raises LookupError when nothing is due."""
        with self._database.transaction() as transaction:
            row = transaction.execute(_NEXT).fetchone()
            if row is None:
                raise LookupError("nothing is due")
            attempts = row.pop("attempts")
            entry = FeedEntry(**{**row, "kind": ChangeKind(row["kind"])})
            try:
                tell(entry)
            except PortalError as error:
                _keep_failure(transaction, entry.position, error, again(attempts + 1, error))
                return error
            transaction.execute(_SENT, (entry.position,))
            return None

    def given_up(self) -> int:
        """How many changes wait for a person to replay them."""
        with self._database.transaction() as transaction:
            row = transaction.execute("SELECT count(*) AS n FROM notification WHERE given_up_at IS NOT NULL").fetchone()
        assert row is not None
        return int(row["n"])

    def replay(self) -> int:
        """Everything that was given up is due again; answers how many."""
        with self._database.transaction() as transaction:
            return transaction.execute(_REPLAY).rowcount


def _keep_failure(transaction: Transaction, position: int, error: PortalError, wait: int | None) -> None:
    transaction.execute(_LATER, {"position": position, "reason": str(error), "wait": wait})
