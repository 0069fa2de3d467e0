"""Reads the handwritten number, day, month or year of a slot and says how sure it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr_worker.digits.ink import Box, Ink, find_ink, pixels
from ocr_worker.digits.kinds import Kind, allowed
from ocr_worker.digits.picture import SlotPicture, slot_picture
from ocr_worker.digits.slot_views import SlotNetwork, SlotViews
from ocr_worker.digits.stroke_reader import StrokeReader, StrokeTexts

CALIBRATION = Path(__file__).with_name("confidence.json")
WHOLE_SLOT = 16.0  # what the reading of the whole slot weighs beside each reading of the strokes
OFFERED = 6  # texts that each reading of the strokes offers
LEAST = float(np.log(1e-6))  # log probability of a text that one reading does not offer
# numbers and days below ten are written with a leading zero (Decree 30/2020): a lone digit may have lost its
# neighbour, or be a stroke of print
LONE_DIGIT = 0.9
BESIDE_MM = 0.8  # a digit that shows this near to its strokes


Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SlotReading:
    """What stands in a slot: `text` is None when nothing or nothing readable does; `box` is in pixels of the crop.

    `confidence` is the calibrated probability that the whole text is right; `reason` says why `text` is None:
    "empty", "not a digit" or "out of range".
    """

    text: str | None
    confidence: float
    box: Box | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The best text that fits the slot's kind, and what speaks for it.

    ``signs`` are its log odds by pieces, by columns and by the whole slot, and its lead before any other text there.
    """

    text: str
    signs: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A slot as both readers of strokes and the network of the whole slot see it."""

    ink: Ink
    strokes: StrokeTexts
    picture: SlotPicture
    views: SlotViews


class SlotReader:
    """Three readings: the whole slot, the columns of its strokes, and their pieces; agreement makes the confidence."""

    def __init__(self, calibration: Path = CALIBRATION) -> None:
        self._strokes = StrokeReader()
        self._network = SlotNetwork()
        stored = calibration.read_text(encoding="utf-8") if calibration.exists() else "null"
        self._weights: list[float] | None = json.loads(stored)

    def read(
        self, crop: npt.NDArray[np.uint8], *, dpi: int, kind: Kind, margin_print: Sequence[Box] = ()
    ) -> SlotReading:
        """Reads one RGB crop; `margin_print` holds boxes of known print within it."""
        seen = self._look(crop, dpi, margin_print)
        if seen is None:
            return SlotReading(text=None, confidence=0.0, box=None, reason="empty")
        evidence = weigh(seen.strokes, seen.views, kind)
        if evidence is None:
            return SlotReading(text=None, confidence=0.0, box=None, reason=_why_nothing(seen.strokes))
        confidence = self._confidence(evidence.signs)
        if len(evidence.text) == 1 and kind in ("number", "day"):
            confidence = min(confidence, LONE_DIGIT)
        box = seen.strokes.box(evidence.text) or _shown(seen, evidence.text)
        x0, y0, x1, y1 = (round(edge / seen.ink.scale) for edge in box)
        return SlotReading(text=evidence.text, confidence=confidence, box=(x0, y0, x1, y1), reason="")

    def evidence(
        self, crop: npt.NDArray[np.uint8], *, dpi: int, kind: Kind, margin_print: Sequence[Box]
    ) -> Evidence | None:
        """What calibration learns from: the reading before its confidence is known."""
        seen = self._look(crop, dpi, margin_print)
        return None if seen is None else weigh(seen.strokes, seen.views, kind)

    def _look(self, crop: npt.NDArray[np.uint8], dpi: int, margin_print: Sequence[Box]) -> _Seen | None:
        """None where there is no stroke."""
        ink = find_ink(crop, dpi, margin_print)
        strokes = self._strokes.read(ink)
        if strokes is None:
            return None
        picture = slot_picture(crop, dpi, margin_print)
        return _Seen(ink=ink, strokes=strokes, picture=picture, views=self._network.look(picture))

    def _confidence(self, signs: tuple[float, ...]) -> float:
        if self._weights is None:
            return float(1 / (1 + np.exp(-min(signs))))
        highest, bias, *weights = self._weights
        score = bias + float(np.dot(weights, signs))
        return min(highest, float(1 / (1 + np.exp(-score))))


def weigh(strokes: StrokeTexts, views: SlotViews, kind: Kind) -> Evidence | None:
    """The text that all readings together find likeliest; one out of range may still lead before it."""
    seen = views.chances({"", *views.offered(), *_likeliest(strokes)})
    logs = {text: _three_logs(text, strokes, chances) for text, chances in seen.items()}
    scores = {text: pieces + columns + WHOLE_SLOT * whole for text, (pieces, columns, whole) in logs.items()}
    fitting = {text: score for text, score in scores.items() if allowed(text, kind)}
    if not fitting:
        return None
    best = max(fitting, key=lambda text: fitting[text])
    if scores[""] > fitting[best]:
        return None
    lead = logs[best][2] - max((whole for text, (_, _, whole) in logs.items() if text != best), default=LEAST)
    return Evidence(text=best, signs=(*(_log_odds(log) for log in logs[best]), lead))


def _three_logs(text: str, strokes: StrokeTexts, chances: Doubles) -> tuple[float, float, float]:
    """By the pieces of the strokes, by their columns, by the whole slot."""
    spelling = strokes.by_pieces.get(text)
    by_pieces = float(np.log(spelling.probability)) if spelling and spelling.probability > 0 else LEAST
    logs = (by_pieces, strokes.by_columns.get(text, LEAST), float(chances.mean()))
    return max(logs[0], LEAST), max(logs[1], LEAST), max(logs[2], LEAST)


def _likeliest(strokes: StrokeTexts) -> set[str]:
    by_pieces = sorted(strokes.by_pieces, key=lambda text: -strokes.by_pieces[text].probability)
    by_columns = sorted(strokes.by_columns, key=lambda text: -strokes.by_columns[text])
    return {*by_pieces[:OFFERED], *by_columns[:OFFERED]}


def _why_nothing(strokes: StrokeTexts) -> str:
    likeliest = max(strokes.by_pieces, key=lambda text: strokes.by_pieces[text].probability, default="")
    return "out of range" if likeliest else "not a digit"


def _shown(seen: _Seen, text: str) -> Box:
    """Around where the digits show, as high as the strokes, at the resolution of the ink."""
    shown = [seen.picture.column(place) * seen.ink.scale for place in seen.views.places(text)]
    rows = np.flatnonzero((seen.ink.labels > 0).any(1))
    reach = pixels(BESIDE_MM)
    return round(min(shown)) - reach, int(rows[0]), round(max(shown)) + reach, int(rows[-1]) + 1


def _log_odds(log: float) -> float:
    bounded = min(max(float(np.exp(log)), 1e-5), 1 - 1e-5)
    return float(np.log(bounded / (1 - bounded)))
