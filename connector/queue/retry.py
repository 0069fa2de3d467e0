"""When a stage that failed is tried again: a pure function of attempt and error."""

from __future__ import annotations

from dataclasses import dataclass

from connector.domain.errors import SohoaError

FIRST_DELAY = 5
LONGEST_DELAY = 15 * 60
# about two days of an ECM or time-stamp service that is away
MOST_ATTEMPTS = 200


@dataclass(frozen=True)
class Retry:
    """Try again after ``seconds``."""

    seconds: int


@dataclass(frozen=True)
class GiveUp:
    """A person has to look."""


def decide(attempt: int, error: Exception) -> Retry | GiveUp:
    """What follows the failure of attempt number ``attempt`` (from 1): transient errors wait, others do not."""
    if not isinstance(error, SohoaError) or not error.transient or attempt >= MOST_ATTEMPTS:
        return GiveUp()
    return Retry(seconds=min(FIRST_DELAY * 2 ** min(attempt - 1, 16), LONGEST_DELAY))
