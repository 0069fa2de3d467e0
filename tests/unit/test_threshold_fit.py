"""Thresholds are as low as the silent errors that are allowed permit."""

from __future__ import annotations

from ocr_worker.doubt.thresholds import LOWEST, load_thresholds
from ocr_worker.evaluation.evaluate import Judged, Report
from ocr_worker.evaluation.threshold_fit import fit_thresholds, to_write


def report(*values: tuple[float, bool]) -> Report:
    return Report(judged=[Judged(field="abstract", confidence=sure, right=right) for sure, right in values])


def test_the_threshold_lies_just_above_the_surest_wrong_value() -> None:
    (fitted,) = fit_thresholds(report((0.99, True), (0.91, False), (0.9, True), (0.7, False)), silent=0.0)

    assert 0.91 < fitted.threshold < 0.92
    assert (fitted.flagged, fitted.silently_wrong) == (3, 0)


def test_a_share_of_silent_errors_may_be_allowed() -> None:
    (fitted,) = fit_thresholds(report((0.99, True), (0.91, False), (0.9, True), (0.7, False)), silent=0.25)

    assert 0.7 < fitted.threshold < 0.71
    assert (fitted.flagged, fitted.silently_wrong) == (1, 1)


def test_a_field_that_was_always_right_keeps_the_lowest_threshold() -> None:
    (fitted,) = fit_thresholds(report((0.99, True), (0.3, True)), silent=0.0)

    assert (fitted.threshold, fitted.flagged) == (LOWEST, 1)


def test_a_wrong_value_of_full_confidence_flags_everything() -> None:
    (fitted,) = fit_thresholds(report((1.0, False), (1.0, True)), silent=0.0)

    assert fitted.threshold > 1.0
    assert fitted.flagged == 2


def test_a_set_too_small_to_show_the_rate_raises_a_threshold_and_never_lowers_it() -> None:
    few = fit_thresholds(report(*[(0.9, True)] * 4), silent=0.01)
    wrong = fit_thresholds(report((0.9, True), (0.95, False)), silent=0.01)
    many = fit_thresholds(report(*[(0.9, True)] * 100), silent=0.01)

    assert to_write(few, silent=0.01) == {"abstract": load_thresholds()["abstract"]}
    assert to_write(wrong, silent=0.01) == {"abstract": 0.951}
    assert to_write(many, silent=0.01) == {"abstract": LOWEST}
