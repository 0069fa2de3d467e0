"""Migrating in a process of its own: what that loads would stay with a service that runs for months."""

from __future__ import annotations

import subprocess
import sys

from connector.domain.errors import DatabaseUnavailable, RegisterError


def migrate_apart(dsn: str) -> None:
    """As ``schema.migrate``. Raises DatabaseUnavailable, and RegisterError when the schema cannot be upgraded."""
    # the DSN holds a password: neither the command line nor the environment may show it
    done = subprocess.run([sys.executable, "-m", "connector.registry.schema"], input=dsn, text=True, check=False)
    if done.returncode == DatabaseUnavailable.exit_code:
        raise DatabaseUnavailable("cannot connect to migrate")
    if done.returncode != 0:
        raise RegisterError("the schema cannot be upgraded")
