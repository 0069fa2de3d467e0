"""When reconciliation runs."""

from __future__ import annotations

import datetime as dt

import pytest

from connector.domain.metadata import VIETNAM
from connector.watch.watcher import next_night


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (dt.datetime(2025, 3, 4, 1, 59, tzinfo=VIETNAM), dt.datetime(2025, 3, 4, 2, tzinfo=VIETNAM)),
        (dt.datetime(2025, 3, 4, 2, 0, tzinfo=VIETNAM), dt.datetime(2025, 3, 5, 2, tzinfo=VIETNAM)),
        (dt.datetime(2025, 3, 3, 18, 30, tzinfo=dt.UTC), dt.datetime(2025, 3, 4, 2, tzinfo=VIETNAM)),
        (dt.datetime(2025, 3, 3, 20, 0, tzinfo=dt.UTC), dt.datetime(2025, 3, 5, 2, tzinfo=VIETNAM)),
    ],
)
def test_reconciliation_is_at_two_in_the_morning_in_vietnam(now: dt.datetime, expected: dt.datetime) -> None:
    assert next_night(now) == expected
