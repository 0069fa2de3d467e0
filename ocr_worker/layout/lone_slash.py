"""Whether a slash stands alone in its room: one straight stroke that leans as a slash does, and no digit beside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr_worker.layout.number_line import NumberLine
from ocr_worker.layout.slot_ink import dark_between
from ocr_worker.recognition.page_text import PageText

# of the size of type: how wide the stroke is at most, how far it strays from a straight line, and how far it leans
WIDEST_STROKE, STRAIGHT, LEAST_LEAN, MOST_LEAN = 0.2, 0.05, 0.1, 0.5
# of the height of capitals: what of it is looked at, and how many of its rows hold the stroke
MARGIN, INKED_ROWS = 0.1, 0.85


def is_lone_slash(page: PageText, found: NumberLine) -> bool:
    """Whether the room of the slash holds nothing else: a digit would be a second stroke, a bent or a broad one."""
    _, top, _, foot = found.letters_box
    inset = MARGIN * (foot - top)
    left, head, right, bottom = (round(edge) for edge in (found.gap_end - 2, top + inset, found.edge, foot - inset))
    ink = dark_between(page.clean, (left, head, right, bottom))
    if min(ink.shape) < 6:
        return False
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size < INKED_ROWS * len(ink) or _broad(ink[rows]) > WIDEST_STROKE * found.em:
        return False
    middles = np.array([np.flatnonzero(row).mean() for row in ink[rows]])
    slope, start = np.polyfit(rows, middles, 1)
    strayed = np.abs(middles - (slope * rows + start)).max()
    return bool(strayed < STRAIGHT * found.em and LEAST_LEAN < -slope * (foot - top) / found.em < MOST_LEAN)


def _broad(ink: npt.NDArray[np.bool_]) -> float:
    """From the first to the last pixel of ink in a row, at the most."""
    return float(max(np.ptp(np.flatnonzero(row)) + 1 for row in ink))
