"""Until when the evidence of each kept journal holds."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

_SCHEMA = """
CREATE TABLE journal_evidence (
    name text PRIMARY KEY,
    lapses_at timestamptz
);
"""


def upgrade() -> None:
    """One table."""
    op.execute(_SCHEMA)
