"""Messages that were seen, so that none is believed twice."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_SCHEMA = """
CREATE TABLE seen_message (
    mark text PRIMARY KEY,
    until timestamptz NOT NULL
);
CREATE INDEX seen_message_by_end ON seen_message (until);
"""


def upgrade() -> None:
    """One table."""
    op.execute(_SCHEMA)
