"""Refused calls in the audit chain: each kind once in a window, the rest counted."""

from __future__ import annotations

import pytest

from connector.domain.errors import DatabaseUnavailable
from connector.soap.refusals import UNKNOWN, Refusal, Refusals


class Chain:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []

    def audit(self, *, actor: str, operation: str, subject: str, purpose: str | None, result: str) -> None:
        self.rows.append((actor, subject, result))


def test_a_repeated_refusal_is_one_row_and_a_count() -> None:
    chain = Chain()
    refusals = Refusals(chain.audit)
    for _ in range(1000):
        refusals.note(Refusal("cong-dvc", "-", "10.0.0.7", "AccessDenied"))
    refusals.end_window()
    refusals.note(Refusal("cong-dvc", "-", "10.0.0.7", "AccessDenied"))
    refusals.close()
    row = ("cong-dvc", "from 10.0.0.7")
    assert chain.rows == [(*row, "AccessDenied"), (*row, "AccessDenied +999"), (*row, "AccessDenied")]


def test_an_attack_from_many_addresses_writes_few_rows_and_loses_no_count() -> None:
    chain = Chain()
    refusals = Refusals(chain.audit, most=20)
    for number in range(50_000):
        refusals.note(Refusal(UNKNOWN, "-", f"10.0.{number // 250}.{number % 250}", "AccessDenied"))
    refusals.close()
    assert len(chain.rows) == 21
    assert chain.rows[-1] == (UNKNOWN, "from -", "AccessDenied +49980")


def test_counts_are_written_when_the_window_ends_by_itself() -> None:
    chain = Chain()
    refusals = Refusals(chain.audit, seconds=0.05)
    for _ in range(3):
        refusals.note(Refusal(UNKNOWN, "-", "-", "AccessDenied"))
    assert refusals._window is not None
    refusals._window.join(10)
    refusals._writer.shutdown()
    assert [result for *_, result in chain.rows] == ["AccessDenied", "AccessDenied +2"]


def test_a_database_that_is_away_is_logged_and_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    def away(**row: object) -> None:
        raise DatabaseUnavailable("test")

    refusals = Refusals(away)
    refusals.note(Refusal("cong-dvc", "GetDocument", "::1", "TooManyRequests"))
    refusals.close()
    assert "not in the audit chain" in caplog.text
