"""Connections: one small pool for each process, faults translated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from connector.domain.errors import DatabaseUnavailable, RegisterError

Transaction: TypeAlias = psycopg.Connection[DictRow]

_POOL_SIZE = 4
_WAIT_SECONDS = 15.0


class Database:
    """A pool on one DSN; every use is one transaction."""

    def __init__(self, dsn: str, *, size: int = _POOL_SIZE) -> None:
        self._pool: ConnectionPool[Any] = ConnectionPool(
            dsn,
            min_size=1,
            max_size=size,
            timeout=_WAIT_SECONDS,
            kwargs={"row_factory": dict_row, "application_name": "sohoa"},
            configure=_use_utc,
            check=ConnectionPool.check_connection,  # the server may have been restarted meanwhile
            open=False,
        )
        self._pool.open()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit at the end, roll back on an exception.

        Raises DatabaseUnavailable when the server is away or goes away meanwhile (a lost race counts as that),
        RegisterError when it refuses what was asked.
        """
        try:
            with self._pool.connection() as connection:
                yield connection
        except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DatabaseUnavailable(type(error).__name__) from error
        except psycopg.Error as error:
            raise RegisterError(type(error).__name__) from error

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _use_utc(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET timezone TO 'UTC'")
    connection.commit()
