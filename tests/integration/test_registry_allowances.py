"""Buckets of calls that several processes share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.registry.allowances import CallAllowances
from connector.registry.connection import Database

pytestmark = pytest.mark.integration


def aged(database: Database, seconds: int) -> None:
    with database.transaction() as transaction:
        transaction.execute("UPDATE call_allowance SET at = at - make_interval(secs => %s)", (seconds,))


def test_no_call_is_given_twice_to_processes_that_ask_at_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as processes:
        given = list(processes.map(lambda _: CallAllowances(database).take("x", 60, 1)[0], range(100)))
    assert sum(given) in range(60, 64)  # a second more refills one


def test_a_bucket_refills_steadily_and_never_overflows(database: Database) -> None:
    allowances = CallAllowances(database)
    assert allowances.take("x", 4, 4)[0] == 4
    assert allowances.take("x", 4, 4)[0] == 0
    aged(database, 30)
    assert allowances.take("x", 4, 4)[0] == 2
    aged(database, 86_400)
    assert allowances.take("x", 4, 4)[0] == 4
    assert allowances.take("x", 4, 1)[0] == 0
    assert allowances.take("another", 4, 1)[0] == 1


def test_a_limit_that_was_lowered_holds_at_once(database: Database) -> None:
    allowances = CallAllowances(database)
    allowances.take("x", 600, 10)
    granted, left = allowances.take("x", 6, 1)
    assert (granted, left <= 5) == (1, True)
