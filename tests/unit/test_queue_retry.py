"""When a failed stage is tried again."""

from __future__ import annotations

import pytest

from connector.domain.errors import CaptureRejected, DatabaseUnavailable, KeyUnavailable, RepositoryUnavailable
from connector.queue.retry import LONGEST_DELAY, MOST_ATTEMPTS, GiveUp, Retry, decide


def test_transient_errors_wait_longer_each_time_up_to_a_quarter_of_an_hour() -> None:
    delays = [decide(attempt, RepositoryUnavailable()) for attempt in range(1, 12)]

    seconds = [delay.seconds for delay in delays if isinstance(delay, Retry)]
    assert seconds[:4] == [5, 10, 20, 40]
    assert seconds == sorted(seconds)
    assert seconds[-1] == LONGEST_DELAY == 900


@pytest.mark.parametrize("error", [CaptureRejected(), ValueError("x"), KeyError("y")])
def test_other_errors_wait_for_a_person(error: Exception) -> None:
    assert decide(1, error) == GiveUp()


@pytest.mark.parametrize("error", [DatabaseUnavailable(), KeyUnavailable()])
def test_even_waiting_ends_some_day(error: Exception) -> None:
    assert isinstance(decide(MOST_ATTEMPTS - 1, error), Retry)
    assert decide(MOST_ATTEMPTS, error) == GiveUp()
