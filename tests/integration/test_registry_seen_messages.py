"""A message is believed once, whoever asks."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.registry.connection import Database
from connector.registry.seen_messages import SeenMessages

pytestmark = pytest.mark.integration


def test_of_many_who_see_a_message_at_once_one_is_the_first(database: Database) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    seen = SeenMessages(database)
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda _: seen.first_time("one", soon), range(32)))
    assert firsts.count(True) == 1
    assert seen.first_time("other", soon)


def test_what_is_stale_is_forgotten(database: Database) -> None:
    seen = SeenMessages(database)
    seen.first_time("old", dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    seen.first_time("new", dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    with database.transaction() as transaction:
        assert [row["mark"] for row in transaction.execute("SELECT mark FROM seen_message")] == ["new"]
