"""Two small networks that look at the strokes alone: at each piece of them, and at their columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr_worker.digits.columns import column_texts
from ocr_worker.digits.ink import Box, Ink
from ocr_worker.digits.kinds import LONGEST
from ocr_worker.digits.lattice import Spelling, spell
from ocr_worker.digits.network_session import log_softmax, open_session
from ocr_worker.digits.segments import Piece, cut, joined, line_picture, piece_picture, pieces

Doubles = npt.NDArray[np.float64]

MODEL = Path(__file__).with_name("pieces.onnx")


@dataclass(frozen=True, kw_only=True)
class StrokeTexts:
    """What the strokes may be: by the pieces they are cut into, and by columns, each text with its log probability."""

    by_pieces: dict[str, Spelling]
    by_columns: dict[str, float]
    pieces: tuple[Piece, ...]

    def box(self, text: str) -> Box | None:
        """Around the pieces that spell a text."""
        spelling = self.by_pieces.get(text)
        if spelling is None or not spelling.pieces:
            return None
        return joined(tuple(self.pieces[number].box for number in spelling.pieces))


class StrokeReader:
    """Reads strokes that ``find_ink`` found."""

    def __init__(self, model: Path = MODEL) -> None:
        self._session = open_session(model)

    def read(self, ink: Ink) -> StrokeTexts | None:
        """None where there is no stroke."""
        segments = cut(ink)
        if not segments.count:
            return None
        found = pieces(segments)
        pictures = np.stack([piece_picture(segments, piece) for piece in found])
        inputs = {"piece": pictures, "line": line_picture(segments)[None]}
        logits, line = (np.asarray(values, np.float64) for values in self._session.run(None, inputs))
        classes = np.exp(log_softmax(logits))
        return StrokeTexts(
            by_pieces=spell(found, classes, segments.count),
            by_columns=column_texts(log_softmax(line[0]), LONGEST),
            pieces=tuple(found),
        )
