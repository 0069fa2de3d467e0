"""Fits the confidence on hands never taught: `python -m ocr_worker.digits.teaching.calibrate SOURCES`.

Half of the drawn slots fit the weights, the other half is only reported.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from ocr_worker.digits.ink import WORKING_DPI
from ocr_worker.digits.kinds import Kind, allowed
from ocr_worker.digits.reader import CALIBRATION, LONE_DIGIT, Evidence, SlotReader
from ocr_worker.digits.teaching.drawn_data import random_text
from ocr_worker.digits.teaching.drawn_slots import draw_slot
from ocr_worker.digits.teaching.hands import unseen_hands

Doubles = npt.NDArray[np.float64]

HIGHEST = 0.999  # nothing read by machine is surer than the number of slots that this was measured on
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


def _kind(text: str, rng: np.random.Generator) -> Kind:
    if len(text) == 2 and 1 <= int(text) <= 31:
        return "month" if int(text) <= 12 and rng.uniform() < 0.3 else "day"
    return "number"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One drawn slot: the reader's evidence (None where it reads nothing) beside what was written."""

    text: str
    found: Evidence | None

    @property
    def right(self) -> bool:
        """Whether the text is the one that was written."""
        return self.found is not None and self.found.text == self.text


def measure(job: tuple[int, int, Path]) -> list[Measured]:
    """Reads drawn slots of unseen hands; empty ones in which nothing is read are left out."""
    seed, count, sources = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    hands = unseen_hands(sources)
    reader = SlotReader()
    rows = []
    for _ in range(count):
        text = random_text(rng)
        kind = _kind(text, rng)
        if text and not allowed(text, kind):
            continue
        slot = draw_slot(text, hands, rng)
        found = reader.evidence(slot.crop, dpi=WORKING_DPI, kind=kind, margin_print=slot.margin_print)
        if found is not None or text:
            rows.append(Measured(text=text, found=found))
    return rows


def fit(signs: Doubles, right: npt.NDArray[np.bool_]) -> list[float]:
    """Logistic weights after the cap and the bias."""
    model = LogisticRegression(C=10, max_iter=2000).fit(signs, right)
    return [HIGHEST, float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0])]


def confidences(weights: list[float], signs: Doubles) -> Doubles:
    """The confidence that the reader would give."""
    highest, bias, *rest = weights
    return np.asarray(np.minimum(highest, 1 / (1 + np.exp(-(bias + signs @ np.array(rest))))))


def report(confidence: Doubles, right: npt.NDArray[np.bool_]) -> str:
    """Reliability as a table, and what would pass at each threshold."""
    lines = ["| confidence | slots | said | right |", "|---|---|---|---|"]
    for low, high in pairwise(BANDS):
        band = (confidence >= low) & ((confidence < high) | (high == 1.0))
        if band.any():
            lines.append(f"| {low}-{high} | {band.sum()} | {confidence[band].mean():.3f} | {right[band].mean():.3f} |")
    lines += ["", "| threshold | passes | wrong among them | of all slots silently wrong |", "|---|---|---|---|"]
    for threshold in (0.9, 0.95, 0.97, 0.98, 0.99, 0.995):
        passing = confidence >= threshold
        wrong = int((passing & ~right).sum())
        lines.append(f"| {threshold} | {passing.mean():.3f} | {wrong} of {passing.sum()} | {wrong / len(right):.4f} |")
    return "\n".join(lines)


def main() -> None:
    """Measures, fits, writes the weights into confidence.json and prints the tables of MODEL.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--slots", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    jobs = [(900_000 + part, 500, chosen.sources) for part in range(chosen.slots // 500)]
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        parts = pool.map(measure, jobs, chunksize=1)
    rows = [row for part in parts for row in part]
    read = [row.found for row in rows if row.found is not None]
    signs = np.array([found.signs for found in read])
    right = np.array([row.right for row in rows if row.found is not None])
    print(f"{chosen.slots} slots, {len(read)} with a reading, {len(rows) - len(read)} missed")
    print(f"right of those with a reading: {right.mean():.4f}")
    for length in range(7):
        of_length = [row.right for row in rows if len(row.text) == length]
        if of_length:
            print(f"  {length} digits: {len(of_length)} slots, {np.mean(of_length):.4f} right")
    # lone digits are doubted by the reader for another reason, and say nothing of the others
    lone = np.array([len(found.text) == 1 for found in read])
    half = np.arange(len(right)) % 2 == 0
    weights = fit(signs[half & ~lone], right[half & ~lone])
    CALIBRATION.write_text(json.dumps([round(weight, 5) for weight in weights]) + "\n", encoding="utf-8")
    said = np.where(lone, np.minimum(confidences(weights, signs), LONE_DIGIT), confidences(weights, signs))
    print(report(said[~half], right[~half]))


if __name__ == "__main__":
    main()
