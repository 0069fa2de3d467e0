"""Choosing from which confidence on a value may stand without a person's look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_worker.doubt.thresholds import LOWEST, load_thresholds
from ocr_worker.evaluation.evaluate import Judged, Report

_STEPS = 1000


@dataclass(frozen=True, kw_only=True)
class FittedThreshold:
    """The threshold of a field, and what it does to the set it was fitted on."""

    field: str
    threshold: float
    values: int
    flagged: int
    silently_wrong: int


def fit_thresholds(report: Report, *, silent: float) -> list[FittedThreshold]:
    """For each field the lowest threshold that lets at most a share ``silent`` of its values be wrong unseen.

    A threshold of 1 or more flags every value: the set holds a wrong one that was as sure as any.
    """
    fields = dict.fromkeys(one.field for one in report.judged)
    return [_fit(name, [one for one in report.judged if one.field == name], silent) for name in fields]


def to_write(fitted: Sequence[FittedThreshold], *, silent: float) -> dict[str, float]:
    """The thresholds for a file: a set too small to show the rate may raise a shipped one and never lowers it.

    To see one silent error in 1/``silent`` values takes that many values.
    """
    shipped = load_thresholds()
    return {
        one.field: one.threshold if one.values * silent >= 1 else max(one.threshold, shipped[one.field])
        for one in fitted
    }


def _fit(name: str, values: Sequence[Judged], silent: float) -> FittedThreshold:
    allowed = math.floor(silent * len(values))
    wrong = sorted((one.confidence for one in values if not one.right), reverse=True)
    threshold = LOWEST
    if len(wrong) > allowed:
        # just above the surest wrong value that must be seen
        threshold = max(LOWEST, (math.floor(wrong[allowed] * _STEPS) + 1) / _STEPS)
    return FittedThreshold(
        field=name,
        threshold=threshold,
        values=len(values),
        flagged=sum(one.confidence < threshold for one in values),
        silently_wrong=sum(not one.right and one.confidence >= threshold for one in values),
    )
