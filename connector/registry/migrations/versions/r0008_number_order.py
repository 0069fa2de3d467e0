"""Numbers of one office are looked up at every extraction."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One index."""
    op.execute("CREATE INDEX code_by_office ON code_register (issuing_authority, type_code, issue_date)")
