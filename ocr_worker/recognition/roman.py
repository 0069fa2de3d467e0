"""Roman numerals of several strokes: recognisers lose or add strokes of `III`, so its strokes are counted."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText, VotedLine

# words that a Roman numeral follows
BEFORE = frozenset(
    {"quý", "đợt", "kỳ", "khóa", "khoá", "hạng", "bậc", "tập", "phần", "chương", "loại", "nhóm", "lần", "vòng"}
)
# what `I`, `II` and `III` are read as
LIKE_STROKES = frozenset("IHlí1LTi|!")
# both bands of the letters show the same strokes, or it is no I
COUNTED = 0.97
MOST = 3
# of the letters' height: how much nearer two strokes may be below than above
NEARER = 0.12
UPPER, LOWER = (0.22, 0.42), (0.58, 0.78)


def with_numerals(page: PageText, line: VotedLine) -> VotedLine:
    """The line with numerals behind `quý`, `đợt`, … put right where their strokes can be counted."""
    words, confidences = line.text.split(), list(line.confidences)
    if not len(words) == len(line.words) == len(confidences):
        return line
    for place in range(1, len(words)):
        if words[place - 1].lower() not in BEFORE or not set(words[place]) <= LIKE_STROKES:
            continue
        strokes = count_strokes(page.clean.grey, line.words[place].box)
        if strokes is not None:
            words[place], confidences[place] = "I" * strokes, COUNTED
    return replace(line, text=" ".join(words), confidences=tuple(confidences))


def count_strokes(grey: np.ndarray, box: PixelBox) -> int | None:
    """How many upright strokes stand in a box: 1 to 3; None when it holds something else."""
    x0, y0, x1, y1 = (round(edge) for edge in box)
    part = np.ascontiguousarray(grey[max(y0 - 1, 0) : y1 + 1, max(x0 - 2, 0) : x1 + 2])
    if min(part.shape) < 4:
        return None
    _, mask = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    rows = np.flatnonzero(mask.any(axis=1))
    letters = mask[rows[0] : rows[-1] + 1] if rows.size else mask
    upper, lower = _strokes_in(letters, *UPPER), _strokes_in(letters, *LOWER)
    if not 1 <= len(upper) == len(lower) <= MOST:
        return None
    # strokes of V come nearer to each other, those of I only lean
    spread = np.abs(np.diff(upper) - np.diff(lower)).max(initial=0.0)
    return len(upper) if spread <= NEARER * len(letters) else None


def _strokes_in(letters: np.ndarray, start: float, end: float) -> list[float]:
    """The middles of the strokes that cross a band of the letters; none where one is too wide for a stroke."""
    height = len(letters)
    inked = letters[round(start * height) : max(round(end * height), round(start * height) + 1)].mean(axis=0) > 0.5
    edges = np.diff(np.concatenate(([0], inked.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if any(ends - starts >= 0.45 * height):
        return []
    return [float(middle) for middle in (starts + ends) / 2]
