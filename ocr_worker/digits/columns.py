"""Texts that the whole-slot network reads from its columns (connectionist temporal classification)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

BLANK = 0
BEAM = 16
NOTHING = -1e30


def column_texts(logs: Doubles, longest: int) -> dict[str, float]:
    """The likeliest texts with their probability, by prefix beam search; class 0 is the blank, d + 1 the digit d."""
    beam: dict[str, tuple[float, float]] = {"": (0.0, NOTHING)}  # ends in a blank, ends in its last digit
    for column in logs:
        likely = [int(symbol) for symbol in np.flatnonzero(column[1:] > -11)]
        following: dict[str, tuple[float, float]] = {}
        for text, (blank, digit) in beam.items():
            _add(following, text, np.logaddexp(blank, digit) + column[BLANK], NOTHING)
            if text:
                _add(following, text, NOTHING, digit + column[int(text[-1]) + 1])
            if len(text) == longest:
                continue
            for symbol in likely:
                repeated = text[-1:] == str(symbol)
                before = blank if repeated else np.logaddexp(blank, digit)
                _add(following, text + str(symbol), NOTHING, before + column[symbol + 1])
        best = sorted(following.items(), key=lambda item: -np.logaddexp(*item[1]))[:BEAM]
        beam = dict(best)
    return {text: float(np.exp(np.logaddexp(*ends))) for text, ends in beam.items()}


def _add(beam: dict[str, tuple[float, float]], text: str, blank: float, digit: float) -> None:
    old = beam.get(text, (NOTHING, NOTHING))
    beam[text] = (float(np.logaddexp(old[0], blank)), float(np.logaddexp(old[1], digit)))
