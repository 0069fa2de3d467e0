"""Print as words with places and confidence: Tesseract, one recogniser of each model per process."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tesserocr import OEM, PSM, RIL, PyResultIterator, PyTessBaseAPI, iterate_level

from connector.domain.errors import ConfigurationError
from ocr_worker.pages.clean import PixelBox

TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")

Grey = npt.NDArray[np.uint8]


class Model(Enum):
    """A recognition model: Debian's file and its SHA-256."""

    FAST = ("vie", "79df64caf7bcfb2a27df5042ecb6121e196eada34da774956995747636d5bfa1")
    SCRIPT = ("Vietnamese", "30546eea618459e79761f962391e6879778b026ad7b4459a11664a1b654758bd")


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """One letter with its box."""

    text: str
    box: PixelBox
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word; ``confidence`` from 0 to 1, ``line`` numbers the text line it stands in, ``block`` its block."""

    text: str
    box: PixelBox
    confidence: float
    line: int = 0
    block: int = 0
    symbols: tuple[Symbol, ...] = field(default=(), repr=False)

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Centre of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @cached_property
    def height(self) -> float:
        """Height of the box."""
        return self.box[3] - self.box[1]


class Recognizer:
    """Reads whole pages with the fast model and crops with either."""

    def __init__(self, tessdata: Path = TESSDATA) -> None:
        """Raises ConfigurationError when a model is missing or is not the one that was measured."""
        self._tessdata = tessdata
        self._engines: dict[Model, PyTessBaseAPI] = {}
        check_models(tessdata)

    def page(self, grey: Grey, dpi: float) -> list[Word]:
        """All words of a page, in reading order."""
        return self._read(Model.FAST, grey, dpi, PSM.AUTO, (0, 0))

    def crop(self, grey: Grey, dpi: float, box: PixelBox, *, model: Model, lines: bool = True) -> list[Word]:
        """The words within a box; ``lines``: several lines of one column, else one line."""
        height, width = grey.shape
        x0, y0 = max(round(box[0]), 0), max(round(box[1]), 0)
        x1, y1 = min(round(box[2]), width), min(round(box[3]), height)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return []
        edge = round(dpi / 25)
        part = np.pad(grey[y0:y1, x0:x1], edge, constant_values=255)
        mode = PSM.SINGLE_BLOCK if lines else PSM.SINGLE_LINE
        return self._read(model, part, dpi, mode, (x0 - edge, y0 - edge))

    def load(self) -> None:
        """Loads both models now. Raises ConfigurationError."""
        for model in Model:
            self._engine(model)

    def close(self) -> None:
        """Gives the models' memory back."""
        for engine in self._engines.values():
            engine.End()
        self._engines.clear()

    def _read(self, model: Model, grey: Grey, dpi: float, mode: int, shift: tuple[int, int]) -> list[Word]:
        engine = self._engine(model)
        engine.SetPageSegMode(mode)
        picture = np.ascontiguousarray(grey)
        engine.SetImageBytes(picture.tobytes(), picture.shape[1], picture.shape[0], 1, picture.shape[1])
        engine.SetSourceResolution(round(dpi))
        try:
            engine.Recognize()
            return list(_words(engine, shift))
        finally:
            engine.Clear()

    def _engine(self, model: Model) -> PyTessBaseAPI:
        if model not in self._engines:
            name = model.value[0]
            try:
                self._engines[model] = PyTessBaseAPI(path=str(self._tessdata), lang=name, oem=OEM.LSTM_ONLY)
            except RuntimeError as error:
                raise ConfigurationError(f"recognition model {name} cannot be loaded") from error
        return self._engines[model]


@cache
def shared_recognizer() -> Recognizer:
    """The one recogniser of this process."""
    return Recognizer()


def check_models(tessdata: Path = TESSDATA) -> None:
    """Raises ConfigurationError when a model is missing or is not the one that was measured."""
    for model in Model:
        _check(tessdata, model)


@cache
def _check(tessdata: Path, model: Model) -> None:
    name, wanted = model.value
    file = tessdata / f"{name}.traineddata"
    if not file.is_file():
        raise ConfigurationError(f"recognition model {file} is missing (Debian: see apt-packages.txt)")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != wanted:
        raise ConfigurationError(f"recognition model {file} is another one: SHA-256 {found}, expected {wanted}")


def _words(engine: PyTessBaseAPI, shift: tuple[int, int]) -> Iterator[Word]:
    results = engine.GetIterator()
    if results is None:
        return
    line = block = -1
    symbols: list[Symbol] = []
    confidence = 0.0
    for symbol in iterate_level(results, RIL.SYMBOL):
        if symbol.IsAtBeginningOf(RIL.WORD):
            if symbols:
                yield _word(symbols, confidence, line, block)
            symbols = []
            confidence = symbol.Confidence(RIL.WORD) / 100
            block += bool(symbol.IsAtBeginningOf(RIL.BLOCK))
            line += bool(symbol.IsAtBeginningOf(RIL.TEXTLINE))
        text, box = _text_of(symbol), symbol.BoundingBox(RIL.SYMBOL)
        if not text.strip() or box is None:
            continue
        placed = (box[0] + shift[0], box[1] + shift[1], box[2] + shift[0], box[3] + shift[1])
        symbols.append(Symbol(text=text, box=placed, confidence=symbol.Confidence(RIL.SYMBOL) / 100))
    if symbols:
        yield _word(symbols, confidence, line, block)


def _text_of(symbol: PyResultIterator) -> str:
    try:
        return str(symbol.GetUTF8Text(RIL.SYMBOL) or "")
    except RuntimeError:  # tesserocr's way to say that the recogniser saw a mark and no letter
        return ""


def _word(symbols: list[Symbol], confidence: float, line: int, block: int) -> Word:
    x0, y0, x1, y1 = zip(*(symbol.box for symbol in symbols), strict=True)
    return Word(
        text=unicodedata.normalize("NFC", "".join(symbol.text for symbol in symbols)).replace("\u00d0", "\u0110"),
        box=(min(x0), min(y0), max(x1), max(y1)),
        confidence=confidence,
        line=line,
        block=block,
        symbols=tuple(symbols),
    )
