"""The network that looks at the whole slot, in several slants and sizes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr_worker.digits.columns import column_texts, digit_places, plain_text, text_chances
from ocr_worker.digits.kinds import LONGEST
from ocr_worker.digits.network_session import log_softmax, open_session
from ocr_worker.digits.picture import SlotPicture, other_views

Doubles = npt.NDArray[np.float64]

MODEL = Path(__file__).with_name("slots.onnx")


class SlotViews:
    """Log probabilities of each column of a slot, seen in several ways."""

    def __init__(self, logs: Doubles) -> None:
        self._logs = logs

    def offered(self) -> set[str]:
        """Texts that any view finds likely."""
        return {*column_texts(self._logs[0], LONGEST), *(plain_text(view)[:LONGEST] for view in self._logs)}

    def chances(self, texts: Iterable[str]) -> dict[str, Doubles]:
        """The log probability of each text in each view."""
        wanted = sorted(texts)
        return dict(zip(wanted, text_chances(self._logs, wanted), strict=True))

    def places(self, text: str) -> list[int]:
        """The reading in which each digit shows."""
        return digit_places(self._logs[0], text)


class SlotNetwork:
    """Looks at pictures of slots."""

    def __init__(self, model: Path = MODEL) -> None:
        self._session = open_session(model)

    def look(self, picture: SlotPicture) -> SlotViews:
        """The slot as it is, leaning to either side, larger and smaller."""
        seen = np.stack([picture.pixels, *other_views(picture)]).astype(np.float32) / 255
        (logits,) = self._session.run(None, {"slot": seen})
        return SlotViews(log_softmax(np.asarray(logits, np.float64)))
