"""Texts that the pieces of a slot spell, with their share of the probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_worker.digits.columns import log_sum
from ocr_worker.digits.kinds import LONGEST
from ocr_worker.digits.segments import Piece

Doubles = npt.NDArray[np.float64]

PRINT_CLASS = 10
BEAM = 20  # texts that are followed at each place
LIKELY = 1e-4  # least probability that makes a digit worth following
LEAST = 1e-9


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """One text of the lattice: its probability and, along its best path, the pieces that are its digits."""

    probability: float
    pieces: tuple[int, ...]


def spell(pieces: Sequence[Piece], probabilities: Doubles, segments: int) -> dict[str, Spelling]:
    """Sums over all ways to cut: each segment belongs to one digit or is passed over as print."""
    logs = np.log(np.maximum(probabilities, LEAST))
    likely = [
        [(str(digit), float(logs[number, digit])) for digit in range(10) if probabilities[number, digit] > LIKELY]
        for number in range(len(pieces))
    ]
    ending: list[list[int]] = [[] for _ in range(segments + 1)]
    for number, piece in enumerate(pieces):
        ending[piece.last].append(number)
    # for each place: text -> (log of all paths, log of the best path, pieces of the best path)
    reached: list[dict[str, tuple[float, float, tuple[int, ...]]]] = [{"": (0.0, 0.0, ())}]
    for place in range(1, segments + 1):
        here: dict[str, tuple[float, float, tuple[int, ...]]] = {}
        for number in ending[place]:
            for text, path in reached[pieces[number].first].items():
                _pass_over(here, text, path, float(logs[number, PRINT_CLASS]))
                if len(text) < LONGEST:
                    for digit, cost in likely[number]:
                        _append(here, text + digit, path, cost, number)
        best = sorted(here.items(), key=lambda item: -item[1][0])[:BEAM]
        reached.append(dict(best))
    ends = reached[segments]
    total = np.logaddexp.reduce([path[0] for path in ends.values()]) if ends else 0.0
    return {text: Spelling(probability=float(np.exp(path[0] - total)), pieces=path[2]) for text, path in ends.items()}


_Path = tuple[float, float, tuple[int, ...]]


def _pass_over(here: dict[str, _Path], text: str, path: _Path, cost: float) -> None:
    _merge(here, text, (path[0] + cost, path[1] + cost, path[2]))


def _append(here: dict[str, _Path], text: str, path: _Path, cost: float, piece: int) -> None:
    _merge(here, text, (path[0] + cost, path[1] + cost, (*path[2], piece)))


def _merge(here: dict[str, _Path], text: str, path: _Path) -> None:
    known = here.get(text)
    if known is None:
        here[text] = path
        return
    better = path if path[1] > known[1] else known
    here[text] = (log_sum(known[0], path[0]), better[1], better[2])
