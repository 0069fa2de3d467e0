"""Figures about all papers of a period, counted by the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from connector.domain.metadata import ARTICLE_9_FIELDS, VIETNAM
from connector.domain.report import FieldAccuracy, Period, Report, StateCount, StepTime
from connector.domain.states import Stage, State
from connector.registry.connection import Database, Transaction

_IN_PERIOD = (
    "(%(first)s::timestamptz IS NULL OR claimed_at >= %(first)s) "
    "AND (%(end)s::timestamptz IS NULL OR claimed_at < %(end)s)"
)
_COUNTS = f"""
SELECT repository_id AS office, metadata->>'document_type_code' AS type_code, state, count(*) AS papers
FROM paper WHERE {_IN_PERIOD} GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS FIRST, 3
"""
_ACCURACY = f"""
SELECT field.key AS name, count(*) AS confirmed,
    count(*) FILTER (WHERE offered) AS offered,
    count(*) FILTER (WHERE offered AND NOT changed) AS kept,
    count(*) FILTER (WHERE flagged) AS flagged,
    count(*) FILTER (WHERE offered AND changed AND NOT flagged) AS corrected_unasked
FROM paper
JOIN stage_result reading ON reading.paper_id = paper.paper_id AND reading.stage = '{Stage.EXTRACTION}'
JOIN stage_result confirmation
    ON confirmation.paper_id = paper.paper_id AND confirmation.stage = '{Stage.CONFIRMATION}'
CROSS JOIN LATERAL jsonb_each(reading.result->'proposals') field
CROSS JOIN LATERAL (SELECT
    field.value->>'value' IS NOT NULL AS offered,
    (field.value->>'needs_review')::boolean AS flagged,
    confirmation.result->'changes' ? field.key AS changed) judged
WHERE {_IN_PERIOD} GROUP BY field.key
"""
_STEPS = f"""
SELECT operation AS stage, count(*) AS times,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS ninth_decile_seconds
FROM (
    SELECT operation, extract(epoch FROM at - lag(at) OVER (PARTITION BY subject ORDER BY position))::float AS seconds
    FROM audit JOIN paper ON audit.subject = paper.paper_id::text
    WHERE {_IN_PERIOD} AND (operation = ANY(%(stages)s) OR operation = ANY(%(beginnings)s))
) step
WHERE seconds IS NOT NULL AND operation = ANY(%(stages)s) GROUP BY operation
"""

# a step is timed from the step before or from these; what people only looked at in between begins nothing
_BEGINNINGS = ("claim", "resume", "start_over")


class ReportRegister:
    """What management asks of the registers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, period: Period) -> Report:
        """The figures of one moment: all three tables are read from the same snapshot."""
        bounds = {
            "first": _begin(period.first),
            "end": _begin(period.last, days=1),
            "stages": [str(stage) for stage in Stage],
            "beginnings": list(_BEGINNINGS),
        }
        with self._database.transaction() as transaction:
            transaction.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            counts = [
                StateCount(**{**row, "state": State(row["state"])}) for row in _rows(transaction, _COUNTS, bounds)
            ]
            accuracy = [FieldAccuracy(**row) for row in _rows(transaction, _ACCURACY, bounds)]
            steps = [StepTime(**{**row, "stage": Stage(row["stage"])}) for row in _rows(transaction, _STEPS, bounds)]
        return Report(
            period=period,
            counts=counts,
            accuracy=sorted(accuracy, key=lambda field: ARTICLE_9_FIELDS.index(field.name)),
            steps=sorted(steps, key=lambda step: list(Stage).index(step.stage)),
        )


def _begin(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), VIETNAM)


def _rows(transaction: Transaction, query: str, bounds: dict[str, Any]) -> list[dict[str, Any]]:
    return transaction.execute(query.encode(), bounds).fetchall()
