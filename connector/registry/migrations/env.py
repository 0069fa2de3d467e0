"""Alembic's environment: one connection, handed in by connector.registry.schema."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
