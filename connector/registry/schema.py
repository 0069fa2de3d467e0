"""Bringing a database up to this version: our tables by Alembic, the queue's by its own SQL."""

from __future__ import annotations

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
            _create_queue(connection)
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


def _create_queue(connection: Connection) -> None:
    """The queue's tables, by the SQL that this version of Procrastinate ships.

    A newer Procrastinate ships migrations by version; they are applied from a revision of ours.
    """
    exists = connection.exec_driver_sql("SELECT to_regclass('procrastinate_jobs')").scalar()
    if exists is None:
        sql = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text(encoding="utf-8")
        raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        raw.execute(sql.encode())  # no parameters, so that its percent signs stay
