"""When stored papers were last checked, and which days' duties are done."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

_SCHEMA = """
CREATE TABLE fixity_check (
    paper_id uuid PRIMARY KEY REFERENCES paper,
    checked_at timestamptz NOT NULL,
    damage text
);
CREATE INDEX fixity_by_time ON fixity_check (checked_at);
CREATE TABLE daily_duty (duty text PRIMARY KEY, day date NOT NULL);
"""


def upgrade() -> None:
    """Two tables."""
    op.execute(_SCHEMA)
