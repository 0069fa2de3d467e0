"""The calibration of a measurement as a picture: how often proposals of a confidence are right."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np

from ocr_worker.evaluation.evaluate import Report

_SIZE, _MARGIN = 720, 80
_GREY, _BLUE, _BLACK = (205, 205, 205), (160, 90, 20), (40, 40, 40)


def draw_calibration(report: Report, target: Path) -> None:
    """Write a PNG: confidence to the right, share right upwards, the diagonal is perfect calibration.

    The area of a point is the number of its proposals.
    """
    picture = np.full((_SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN, 3), 255, np.uint8)
    for step in range(11):
        share = step / 10
        cv2.line(picture, _at(share, 0), _at(share, 1), _GREY, 1)
        cv2.line(picture, _at(0, share), _at(1, share), _GREY, 1)
        _label(picture, f"{share:.1f}", _at(share, 0), (-14, 28))
        _label(picture, f"{100 * share:.0f} %", _at(0, share), (-62, 6))
    cv2.line(picture, _at(0, 0), _at(1, 1), _GREY, 2, cv2.LINE_AA)
    bins = report.calibration()
    points = [_at(one.mean_confidence, one.share_right) for one in bins]
    for start, end in itertools.pairwise(points):
        cv2.line(picture, start, end, _BLUE, 2, cv2.LINE_AA)
    for point, one in zip(points, bins, strict=True):
        cv2.circle(picture, point, 4 + round(one.count**0.5 / 2), _BLUE, -1, cv2.LINE_AA)
        _label(picture, str(one.count), point, (8, 24))
    _label(picture, "confidence -> share of values that are right", (_MARGIN, _MARGIN), (0, -30))
    target.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


def _at(x: float, y: float) -> tuple[int, int]:
    return _MARGIN + round(x * _SIZE), _MARGIN + round((1 - y) * _SIZE)


def _label(picture: np.ndarray, text: str, place: tuple[int, int], offset: tuple[int, int]) -> None:
    where = (place[0] + offset[0], place[1] + offset[1])
    cv2.putText(picture, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.55, _BLACK, 1, cv2.LINE_AA)
