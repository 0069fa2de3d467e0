"""How often a client may call, counted for all server processes together."""

from __future__ import annotations

from connector.registry.connection import Database

_REFILLED = (
    "least(%(limit)s, a.calls_left + greatest(0, extract(epoch FROM clock_timestamp() - a.at)) * %(limit)s / 60.0)"
)
# the row's lock decides between processes; clock_timestamp() moves on while one waits for it
_TAKE = f"""
INSERT INTO call_allowance AS a (client, calls_left, granted, at)
VALUES (%(client)s, %(limit)s - %(wanted)s, %(wanted)s, clock_timestamp())
ON CONFLICT (client) DO UPDATE SET
    granted = least(%(wanted)s, floor({_REFILLED})),
    calls_left = {_REFILLED} - least(%(wanted)s, floor({_REFILLED})),
    at = clock_timestamp()
RETURNING granted, calls_left
"""


class CallAllowances:
    """A bucket of a minute's calls for each client, refilled steadily."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, client: str, limit: int, wanted: int) -> tuple[int, float]:
        """How many of ``wanted`` calls a client may make at ``limit`` a minute, and how many (fractions) are left.

        ``wanted`` is at most ``limit``. Raises DatabaseUnavailable.
        """
        parameters = {"client": client, "limit": limit, "wanted": wanted}
        with self._database.transaction() as transaction:
            row = transaction.execute(_TAKE, parameters).fetchone()
        assert row is not None
        return row["granted"], row["calls_left"]
