"""The history of one paper is read from a chain that grows with every access."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One index."""
    op.execute("CREATE INDEX audit_by_subject ON audit (subject, position)")
