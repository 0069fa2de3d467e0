"""The change feed: what the portal reads to stay up to date."""

from __future__ import annotations

import base64
import binascii
import hashlib
from uuid import UUID

from connector.domain.errors import InvalidFieldValue
from connector.domain.publication import ALL, ChangeKind, FeedEntry, FeedPage, Rights
from connector.registry.connection import Transaction

_FEED_LOCK = 0x736F6665
_VISIBLE = """EXISTS (SELECT 1 FROM published_paper WHERE published_paper.paper_id = change_feed.paper_id
    AND (%(document_types)s::text[] IS NULL OR document_type_code = ANY(%(document_types)s))
    AND (%(owners)s::text[] IS NULL OR owner_id = ANY(%(owners)s)))"""


def append_entry(transaction: Transaction, *, kind: ChangeKind, paper_id: UUID, version: int) -> int:
    """One entry; answers its position. The lock is held until commit: positions follow commits, without gaps."""
    transaction.execute("SELECT pg_advisory_xact_lock(%s)", (_FEED_LOCK,))
    row = transaction.execute(
        "INSERT INTO change_feed (position, kind, paper_id, version) "
        "SELECT coalesce(max(position), 0) + 1, %s, %s, %s FROM change_feed RETURNING position",
        (str(kind), paper_id, version),
    ).fetchone()
    assert row is not None
    position: int = row["position"]
    return position


def read_page(transaction: Transaction, token: str | None, *, limit: int, rights: Rights = ALL) -> FeedPage:
    """Entries after ``token``, within the reader's rights; None starts at the beginning.

    Raises InvalidFieldValue for a token that this feed never gave, or one of a feed that was rebuilt since.
    """
    epoch = _epoch(transaction)
    after = _read_token(transaction, token, epoch) if token else 0
    condition = "true" if rights == ALL else _VISIBLE
    listed = {name: None if value is None else list(value) for name, value in vars(rights).items()}
    rows = transaction.execute(
        "SELECT position, kind, paper_id, version, at FROM change_feed "
        f"WHERE position > %(after)s AND {condition} ORDER BY position LIMIT %(limit)s",
        {**listed, "after": after, "limit": limit + 1},
    ).fetchall()
    entries = [FeedEntry(**{**row, "kind": ChangeKind(row["kind"])}) for row in rows[:limit]]
    last = entries[-1].position if entries else after
    return FeedPage(entries=entries, next_token=_token(transaction, epoch, last), more=len(rows) > limit)


def _epoch(transaction: Transaction) -> str:
    row = transaction.execute("SELECT epoch FROM feed_epoch ORDER BY since DESC LIMIT 1").fetchone()
    assert row is not None
    return str(row["epoch"])


def _token(transaction: Transaction, epoch: str, position: int) -> str:
    text = f"{epoch}:{position}:{_mark(transaction, position)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_token(transaction: Transaction, token: str, epoch: str) -> int:
    try:
        given, position, mark = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(":")
        number = int(position)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise InvalidFieldValue("the feed token is not one of ours") from error
    if given != epoch or not mark or mark != _mark(transaction, number):
        raise InvalidFieldValue("the feed was rebuilt since; start again without a token")
    return number


def _mark(transaction: Transaction, position: int) -> str:
    """A few digits that tell one entry from another at its place.

    After a database came back from an old backup the same positions are given out again, for other changes: a
    reader who was further would miss them without a word.
    """
    row = transaction.execute(
        "SELECT kind, paper_id, version, at FROM change_feed WHERE position = %s", (position,)
    ).fetchone()
    if row is None:
        return "" if position else "0"
    entry = f"{row['kind']} {row['paper_id']} {row['version']} {row['at'].timestamp()}"
    return hashlib.sha256(entry.encode()).hexdigest()[:12]
