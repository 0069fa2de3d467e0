"""What all server processes share: allowances of calls; the days whose journal is kept; notifications to the portal."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0002"

_SCHEMA = """
CREATE TABLE call_allowance (
    client text PRIMARY KEY,
    calls_left double precision NOT NULL,
    -- of the last request: how many calls it was given
    granted integer NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE kept_journal (
    day date PRIMARY KEY,
    kept_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE notification (
    position bigint PRIMARY KEY REFERENCES change_feed,
    attempts integer NOT NULL DEFAULT 0,
    try_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    given_up_at timestamptz,
    reason text
);
CREATE INDEX notification_due ON notification (try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
"""


def upgrade() -> None:
    """Three tables."""
    op.execute(_SCHEMA)
