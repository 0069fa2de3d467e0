"""Reads the handwritten number, day, month or year of a slot and says how sure it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from ocr_worker.digits.columns import column_texts
from ocr_worker.digits.ink import Box, Ink, find_ink
from ocr_worker.digits.lattice import LONGEST, Kind, Spelling, allowed, spell
from ocr_worker.digits.segments import Piece, Segments, cut, joined, line_picture, piece_picture, pieces

Doubles = npt.NDArray[np.float64]

MODEL = Path(__file__).with_name("model.onnx")
CALIBRATION = "confidence"  # key of the model's metadata
LEAST = 1e-6
# numbers and days below ten are written with a leading zero (Decree 30/2020): a lone digit may have lost its
# neighbour, or be a stroke of print
LONE_DIGIT = 0.9


@dataclass(frozen=True, kw_only=True)
class SlotReading:
    """What stands in a slot: `text` is None when nothing or nothing readable does; `box` is in pixels of the crop.

    `confidence` is the calibrated probability that the whole text is right, `digits` that of each digit before
    calibration; `reason` is "" for an ordinary reading, "touching" where digits had to be cut apart,
    "empty", "not a digit" or "out of range" where `text` is None.
    """

    text: str | None
    confidence: float
    digits: tuple[float, ...]
    box: Box | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The best text that fits the slot's kind, and what speaks for it."""

    text: str
    spelling: Spelling | None
    signs: tuple[float, ...]


class SlotReader:
    """A piece-wise reading over all cuts and a whole-slot reading; they agree where the confidence is high."""

    def __init__(self, model: Path | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model or MODEL), sess_options=options, providers=["CPUExecutionProvider"]
        )
        stored = self._session.get_modelmeta().custom_metadata_map.get(CALIBRATION)
        self._weights: list[float] | None = json.loads(stored) if stored else None

    def read(
        self, crop: npt.NDArray[np.uint8], *, dpi: int, kind: Kind, margin_print: Sequence[Box] = ()
    ) -> SlotReading:
        """Reads one RGB crop; `margin_print` holds boxes of known print within it."""
        ink = find_ink(crop, dpi, margin_print)
        segments = cut(ink)
        if not segments.count:
            return SlotReading(text=None, confidence=0.0, digits=(), box=None, reason="empty")
        found = pieces(segments)
        shown, columns = self._probabilities(segments, found)
        spelt = spell(found, shown, segments.count)
        evidence = weigh(spelt, column_texts(columns, LONGEST), shown, kind)
        if evidence is None:
            return SlotReading(text=None, confidence=0.0, digits=(), box=None, reason=_why_nothing(spelt))
        return self._reading(evidence, kind, found, shown, ink, segments)

    def evidence(
        self, crop: npt.NDArray[np.uint8], *, dpi: int, kind: Kind, margin_print: Sequence[Box]
    ) -> Evidence | None:
        """What calibration learns from: the reading before its confidence is known."""
        segments = cut(find_ink(crop, dpi, margin_print))
        if not segments.count:
            return None
        found = pieces(segments)
        shown, columns = self._probabilities(segments, found)
        return weigh(spell(found, shown, segments.count), column_texts(columns, LONGEST), shown, kind)

    def _probabilities(self, segments: Segments, found: list[Piece]) -> tuple[Doubles, Doubles]:
        pictures = np.stack([piece_picture(segments, piece) for piece in found])
        inputs = {"piece": pictures, "line": line_picture(segments)[None]}
        logits, line = (np.asarray(values, np.float64) for values in self._session.run(None, inputs))
        return np.exp(_log_softmax(logits)), _log_softmax(line[0])

    def _reading(
        self, evidence: Evidence, kind: Kind, found: list[Piece], shown: Doubles, ink: Ink, segments: Segments
    ) -> SlotReading:
        confidence = self._confidence(evidence.signs)
        if len(evidence.text) == 1 and kind in ("number", "day"):
            confidence = min(confidence, LONE_DIGIT)
        if evidence.spelling is None:
            return SlotReading(
                text=evidence.text, confidence=min(confidence, 0.5), digits=(), box=None, reason="touching"
            )
        used = [found[number] for number in evidence.spelling.pieces]
        digits = tuple(
            float(shown[number, int(digit)])
            for number, digit in zip(evidence.spelling.pieces, evidence.text, strict=True)
        )
        x0, y0, x1, y1 = (round(edge / ink.scale) for edge in joined(tuple(piece.box for piece in used)))
        reason = "touching" if _cut_apart(used, ink, segments) else ""
        return SlotReading(
            text=evidence.text, confidence=confidence, digits=digits, box=(x0, y0, x1, y1), reason=reason
        )

    def _confidence(self, signs: tuple[float, ...]) -> float:
        if self._weights is None:
            return float(1 / (1 + np.exp(-min(signs))))
        highest, bias, *weights = self._weights
        score = bias + float(np.dot(weights, signs))
        return min(highest, float(1 / (1 + np.exp(-score))))


def weigh(spelt: dict[str, Spelling], columns: dict[str, float], shown: Doubles, kind: Kind) -> Evidence | None:
    """The text both readings together find likeliest; texts out of range still take their share of probability."""
    scores = {
        text: np.log(max(spelt[text].probability if text in spelt else 0, LEAST))
        + np.log(max(columns.get(text, 0), LEAST))
        for text in spelt.keys() | columns.keys()
    }
    fitting = {text: score for text, score in scores.items() if allowed(text, kind)}
    if not fitting:
        return None
    best = max(fitting, key=lambda text: fitting[text])
    if scores.get("", -np.inf) > fitting[best]:
        return None
    share = float(np.exp(fitting[best] - np.logaddexp.reduce(list(scores.values()))))
    spelling = spelt.get(best)
    weakest = (
        min((shown[piece, int(digit)] for piece, digit in zip(spelling.pieces, best, strict=True)), default=LEAST)
        if spelling
        else LEAST
    )
    signs = (share, spelling.probability if spelling else LEAST, columns.get(best, LEAST), float(weakest))
    return Evidence(text=best, spelling=spelling, signs=tuple(_log_odds(sign) for sign in signs))


def _why_nothing(spelt: dict[str, Spelling]) -> str:
    likeliest = max(spelt, key=lambda text: spelt[text].probability, default="")
    return "out of range" if likeliest else "not a digit"


def _cut_apart(used: list[Piece], ink: Ink, segments: Segments) -> bool:
    """Whether two digits come from one connected stroke."""
    strokes: set[int] = set()
    for piece in used:
        mine = (segments.owner > piece.first) & (segments.owner <= piece.last)
        here = {int(stroke) for stroke in np.unique(ink.labels[mine])}
        if strokes & here:
            return True
        strokes |= here
    return False


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-5), 1 - 1e-5)
    return float(np.log(bounded / (1 - bounded)))


def _log_softmax(logits: Doubles) -> Doubles:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
