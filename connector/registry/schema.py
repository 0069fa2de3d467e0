"""Bringing a database up to this version: our tables by Alembic, the queue's by its own SQL."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import procrastinate
import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from connector.domain.errors import DatabaseUnavailable

_LOCK = 0x736F686F61  # one migration at a time, over all processes
_SCRIPTS = Path(__file__).parent / "migrations"
_QUEUE_SQL = Path(procrastinate.__file__).parent / "sql"

# Finding whether a stage of a paper waits already must stay quick with a long queue.
_OUR_QUEUE_INDEX = (
    "CREATE INDEX IF NOT EXISTS sohoa_waiting_jobs ON procrastinate_jobs (lock, queue_name) WHERE status = 'todo'"
)


def migrate(dsn: str) -> None:
    """Create or upgrade the schema; doing so twice, or from two processes at once, is safe.

    Raises DatabaseUnavailable when the server does not answer.
    """
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=sqlalchemy.pool.NullPool
    )
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            _upgrade_ours(connection)
            _upgrade_queue(connection)
    except sqlalchemy.exc.OperationalError as error:
        raise DatabaseUnavailable("cannot connect to migrate") from error
    finally:
        engine.dispose()


def _upgrade_ours(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _upgrade_queue(connection: Connection) -> None:
    """The queue's tables, by the SQL that this version of Procrastinate ships.

    A fresh database takes its whole schema; a later Procrastinate brings further scripts, applied in their order.
    """
    raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    shipped = sorted(script.name for script in (_QUEUE_SQL / "migrations").glob("*.sql"))
    if connection.exec_driver_sql("SELECT to_regclass('procrastinate_jobs')").scalar() is None:
        _run_script(raw, _QUEUE_SQL / "schema.sql")
    else:
        applied = {row.script for row in connection.exec_driver_sql("SELECT script FROM queue_migration")}
        for script in missing_scripts(shipped, applied):
            _run_script(raw, _QUEUE_SQL / "migrations" / script)
    for script in shipped:
        raw.execute("INSERT INTO queue_migration (script) VALUES (%s) ON CONFLICT DO NOTHING", (script,))
    raw.execute(_OUR_QUEUE_INDEX)


def missing_scripts(shipped: Sequence[str], applied: set[str]) -> list[str]:
    """The scripts to apply, in the order of their names, which begin with a version."""
    return [script for script in sorted(shipped) if script not in applied]


def _run_script(raw: psycopg.Connection, script: Path) -> None:
    raw.execute(script.read_text(encoding="utf-8").encode())  # without parameters, so that its percent signs stay


if __name__ == "__main__":  # see migration_process
    try:
        migrate(sys.stdin.read())
    except DatabaseUnavailable as unavailable:
        sys.exit(unavailable.exit_code)
