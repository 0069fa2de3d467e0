"""Texts that the network reads from the columns of a slot (connectionist temporal classification)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

BLANK = 0
BEAM = 12
NOTHING = -1e30
LIKELY = -8.0  # log of the least probability that makes a digit worth following


def column_texts(logs: Doubles, longest: int) -> dict[str, float]:
    """The likeliest texts and their log probability, by prefix beam search; class 0 is the blank, d + 1 the digit d."""
    beam: dict[str, tuple[float, float]] = {"": (0.0, NOTHING)}  # ends in a blank, ends in its last digit
    for column in logs.tolist():
        likely = [symbol for symbol in range(10) if column[symbol + 1] > LIKELY]
        following: dict[str, tuple[float, float]] = {}
        for text, (blank, digit) in beam.items():
            either = log_sum(blank, digit)
            _add(following, text, either + column[BLANK], NOTHING)
            if text:
                _add(following, text, NOTHING, digit + column[int(text[-1]) + 1])
            if len(text) == longest:
                continue
            for symbol in likely:
                repeated = text[-1:] == str(symbol)
                _add(following, text + str(symbol), NOTHING, (blank if repeated else either) + column[symbol + 1])
        best = sorted(following.items(), key=lambda item: -log_sum(*item[1]))[:BEAM]
        beam = dict(best)
    return {text: log_sum(*ends) for text, ends in beam.items()}


def _add(beam: dict[str, tuple[float, float]], text: str, blank: float, digit: float) -> None:
    old = beam.get(text, (NOTHING, NOTHING))
    beam[text] = (log_sum(old[0], blank), log_sum(old[1], digit))


def log_sum(one: float, other: float) -> float:
    """Of two probabilities given by their logs."""
    if one < other:
        one, other = other, one
    return one if other <= NOTHING else one + math.log1p(math.exp(other - one))


def plain_text(logs: Doubles) -> str:
    """The likeliest class of each column, repeats and blanks left out."""
    symbols = logs.argmax(axis=1)
    changes = np.append(True, symbols[1:] != symbols[:-1])
    return "".join(str(symbol - 1) for symbol in symbols[changes] if symbol != BLANK)


def text_chances(views: Doubles, texts: Sequence[str]) -> Doubles:
    """Log of the sum over all ways in which the columns of each view spell each text: a row for each text."""
    longest = max(len(text) for text in texts)
    states = np.full((len(texts), 2 * longest + 1), BLANK)
    inside = np.zeros(states.shape, bool)
    for row, text in enumerate(texts):
        states[row, 1 : 2 * len(text) : 2] = [int(digit) + 1 for digit in text]
        inside[row, : 2 * len(text) + 1] = True
    skips = _skips(states)[:, None]
    emitted = np.where(inside[:, None, None], views[:, :, states].transpose(2, 0, 1, 3), NOTHING)
    reached = np.full((len(texts), len(views), states.shape[1]), NOTHING)
    reached[..., :2] = emitted[:, :, 0, :2]
    for column in range(1, views.shape[1]):
        moved = np.full_like(reached, NOTHING)
        moved[..., 1:] = reached[..., :-1]
        skipped = np.full_like(reached, NOTHING)
        skipped[..., 2:] = reached[..., :-2]
        ways = np.logaddexp(np.logaddexp(reached, moved), np.where(skips, skipped, NOTHING))
        reached = ways + emitted[:, :, column]
    ends = [
        np.logaddexp.reduce(reached[row, :, max(2 * len(text) - 1, 0) : 2 * len(text) + 1], axis=-1)
        for row, text in enumerate(texts)
    ]
    return np.array(ends)


def digit_places(logs: Doubles, text: str) -> list[int]:
    """The column in which each digit of a text shows most, along the likeliest way to spell it."""
    states = np.array([[BLANK, *(part for digit in text for part in (int(digit) + 1, BLANK))]])
    skips, states = _skips(states)[0], states[0]
    score = np.full(len(states), NOTHING)
    score[:2] = logs[0, states[:2]]
    came: list[npt.NDArray[np.int64]] = []
    for column in logs[1:]:
        ways = np.full((3, len(states)), NOTHING)
        ways[0], ways[1, 1:] = score, score[:-1]
        ways[2, 2:] = np.where(skips[2:], score[:-2], NOTHING)
        came.append(ways.argmax(axis=0))
        score = ways.max(axis=0) + column[states]
    path = [len(states) - 1 if score[-1] > score[-2] else len(states) - 2]
    for steps in reversed(came):
        path.append(path[-1] - int(steps[path[-1]]))
    path.reverse()
    return [_clearest(logs, path, 2 * place + 1, int(digit) + 1) for place, digit in enumerate(text)]


def _clearest(logs: Doubles, path: Sequence[int], state: int, symbol: int) -> int:
    """The column of those that a digit takes in which it shows most."""
    return max((at for at, reached in enumerate(path) if reached == state), key=lambda at: float(logs[at, symbol]))


def _skips(states: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the blank before a state may be left out: not between equal digits."""
    skips = np.zeros(states.shape, bool)
    skips[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    return skips
