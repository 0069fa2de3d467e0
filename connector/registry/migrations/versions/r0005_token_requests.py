"""Signatures that wait for a person's token."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

_SCHEMA = """
CREATE TABLE token_request (
    request_id uuid PRIMARY KEY,
    identity text NOT NULL,
    paper_id uuid NOT NULL REFERENCES paper,
    stage text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    fingerprint text NOT NULL,
    content bytea NOT NULL,
    gap_start bigint NOT NULL,
    gap_end bigint NOT NULL,
    to_be_signed bytea NOT NULL,
    preview bytea NOT NULL,
    prepared_at timestamptz NOT NULL DEFAULT now(),
    -- too old: it is prepared anew, so that the time in it is the time of signing
    expired boolean NOT NULL DEFAULT false,
    signature bytea,
    UNIQUE (paper_id, stage, kind)
);
CREATE INDEX token_request_by_identity ON token_request (identity);
"""


def upgrade() -> None:
    """One table."""
    op.execute(_SCHEMA)
