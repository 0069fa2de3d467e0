"""Looking for a secrecy stamp before anything is signed (Decision 1333 Art. 5.4).

Only the answer leaves this module: no cut-out and no word that was read is kept or logged.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from tesserocr import OEM, PSM, PyTessBaseAPI

from connector.domain.capture import Doubt
from connector.domain.errors import ConfigurationError
from ocr_worker.pages.document import DEFAULT_LIMITS, Limits, open_document, open_page
from ocr_worker.pages.render import shown_page
from ocr_worker.secrecy.dark_stamps import dark_frames, dark_ink, dark_words
from ocr_worker.secrecy.stamp_frame import Stamp, balanced, colour_stamps, other_ink, red_ink, stronger
from ocr_worker.secrecy.torn_frames import torn_frames, words_in_broken_frames

TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")
# the letters are about 5 mm high: 40 pixels
LOOK_DPI = 200
# letters of this height are what the recogniser was taught
LETTER_PIXELS = 42
MARKS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
SECRET = ("MAT", "TOIMAT", "TUYETMAT")
# MAT must be read whole; of the longer marks two letters may be wrong
ALIKE = 72
ALIKE_HARMLESS = 78
NEAR = 70
# two letters of MAT
LEFT = 66
# of the page's height: where torn frames are looked for
HEAD = 0.5
# from here on a person looks
DOUBTFUL = 58
HARMLESS = (
    "HOATOC", "HOATOCHENGIO", "KHAN", "THUONGKHAN", "CONGVANDEN", "CVDEN", "DEN", "CONGVANDI", "SAOY",
    "SAOYBANCHINH", "BANCHINH", "BANSAO", "SAOLUC", "TRICHSAO", "CHUNGTHUC", "DATHUTIEN", "DATHANHTOAN",
    "DATHULEPHI", "DAKIEMTRA", "DANHAN", "LUUHANHNOIBO", "XEMXONGTRALAI", "DAHUY", "BANGOC", "DUTHAO",
)  # fmt: skip
# blue and violet ink stands above the fringes that a sensor gives to black print
OTHER_LEVEL = 34
# a frame of which fading took one side is still a frame
FRAMED_SIDES = 3
# what black and white scans leave of one: no line of text is as high (millimetres, with the room around it)
TORN_SIDES, TORN_HEIGHT = 2, 8.5
# below this mean confidence the words of a frame count as unread
READ = 60
_CLUTTER = str.maketrans({"0": "O", "1": "I", "Đ": "D", "Ð": "D", "8": "B", "5": "S"})

Reading = tuple[str, int]


class StampReader:
    """Reads the words of a stamp."""

    def __init__(self, tessdata: Path = TESSDATA) -> None:
        """Raises ConfigurationError when the Vietnamese model is not installed."""
        try:
            self._engine = PyTessBaseAPI(path=str(tessdata), lang="vie", oem=OEM.LSTM_ONLY, psm=PSM.SINGLE_LINE)
        except RuntimeError as error:
            raise ConfigurationError("no Vietnamese recognition model") from error
        # stamps come as dark letters on white: reading what is unclear once more as a negative costs half the time
        self._engine.SetVariable("invert_threshold", "0.0")

    def readings(self, ink: npt.NDArray[np.uint8]) -> Iterator[Reading]:
        """What the ink may say, upright and upside down, in several preparations: letters A to Z, confidence."""
        for picture in _preparations(ink):
            for turned in (picture, _upside_down(picture)):
                text = self._text(turned)
                yield plain_letters(text), int(self._engine.MeanTextConf())

    def upright(self, ink: npt.NDArray[np.uint8]) -> Iterator[str]:
        """``readings`` of a page that stands upright, the letters alone."""
        for picture in _preparations(ink):
            yield plain_letters(self._text(picture))

    def capitals(self, stamp: Stamp) -> Iterator[str]:
        """What a line that is all in capitals may say, upright and else upside down.

        One preparation does for most of a page's lines; what is near to a mark is read in all of them.
        """
        inks = (stamp.whole, stamp.ink) if stamp.sides >= FRAMED_SIDES else (stamp.whole,)
        for ink in inks:
            first = next(_preparations(ink))
            for picture, turn in ((first, np.asarray), (_upside_down(first), _upside_down)):
                text = self._capitals(picture)
                sure = self._engine.MeanTextConf() >= READ
                yield text
                if is_near_secret(plain_letters(text)):
                    yield from (self._capitals(turn(other)) for other in itertools.islice(_preparations(ink), 1, None))
                if sure:
                    return

    def _capitals(self, picture: npt.NDArray[np.uint8]) -> str:
        text = self._text(picture)
        return unicodedata.normalize("NFC", text).strip() if text.isupper() else ""

    def _text(self, picture: npt.NDArray[np.uint8]) -> str:
        self._engine.SetImageBytes(picture.tobytes(), picture.shape[1], picture.shape[0], 1, picture.shape[1])
        self._engine.SetSourceResolution(300)
        return str(self._engine.GetUTF8Text())


@cache
def stamp_reader(tessdata: Path = TESSDATA) -> StampReader:
    """The one reader of stamps of this process. Raises ConfigurationError."""
    return StampReader(tessdata)


def secrecy_stamp(pdf: Path, *, limits: Limits = DEFAULT_LIMITS, tessdata: Path = TESSDATA) -> Doubt:
    """Whether a stamp MẬT, TỐI MẬT or TUYỆT MẬT stands on any page.

    UNSURE for a red frame of a stamp's shape whose words cannot be read, and for capitals that stand alone and are
    those of a mark but for an accent: a person has to look.

    Raises UnreadableFile, EncryptedFile, LimitExceeded, ConfigurationError.
    """
    reader = stamp_reader(tessdata)
    answer = Doubt.NO
    with open_document(pdf, limits) as document:
        for number in range(1, len(document) + 1):
            page = open_page(document, number)
            try:
                rgb = shown_page(page, number, dpi=LOOK_DPI, limits=limits).rgb
            finally:
                page.close()
            found = page_doubt(rgb, LOOK_DPI, reader)
            if found is Doubt.YES:
                return found
            answer = found if found is Doubt.UNSURE else answer
    return answer


class Verdict(Enum):
    """What the words of one stamp are."""

    SECRET = "a secrecy mark"
    ALIKE = "perhaps what is left of one"
    UNREAD = "not to be read"
    HARMLESS = "something else"


def page_doubt(rgb: npt.NDArray[np.uint8], dpi: float, reader: StampReader) -> Doubt:
    """``secrecy_stamp`` for the picture of one page."""
    verdicts: list[tuple[Stamp, Verdict]] = []
    coloured = balanced(rgb)
    red = red_ink(coloured)
    for stamp in colour_stamps(red, dpi):
        verdicts.append((stamp, _verdict(stamp, reader)))
        if verdicts[-1][1] is Verdict.SECRET:
            return Doubt.YES
    pale = [stamp for stamp in colour_stamps(stronger(red, dpi), dpi) if not _is_known(stamp, verdicts)]
    if any(_verdict(stamp, reader) is Verdict.SECRET for stamp in pale):
        return Doubt.YES
    in_doubt = _red_doubt(verdicts)
    others = colour_stamps(other_ink(coloured), dpi, OTHER_LEVEL)
    darkness = dark_ink(rgb, dpi)
    words = list(dark_words(darkness, dpi))
    for stamp in itertools.chain(others, dark_frames(darkness, dpi)):
        # signatures are blue, tables and forms full of black frames: only words that are read count
        verdict = _verdict(stamp, reader)
        if verdict is Verdict.SECRET:
            return Doubt.YES
        in_doubt = in_doubt or verdict is Verdict.ALIKE
    # a stamp stands at the head of a paper
    head = darkness[: round(HEAD * darkness.shape[0])]
    torn = [letters for stamp in torn_frames(head, dpi) for letters in reader.upright(stamp.ink)]
    framed = (letters for stamp in words_in_broken_frames(head, dpi) for letters in reader.upright(stamp.ink))
    if any(map(says_secret, torn)) or any(map(spells_secret, framed)):
        return Doubt.YES
    in_doubt = in_doubt or any(is_left_of_secret(letters) for letters in torn)
    lone = _words_doubt(words, reader)
    return Doubt.UNSURE if in_doubt and lone is Doubt.NO else lone


def _words_doubt(words: Sequence[Stamp], reader: StampReader) -> Doubt:
    """Whether a short line that stands alone is a mark; UNSURE when an accent or a letter of it was misread."""
    torn = (stamp for stamp in words if stamp.sides >= TORN_SIDES and stamp.millimetres[1] >= TORN_HEIGHT)
    if any(_verdict(stamp, reader) is Verdict.SECRET for stamp in torn):
        return Doubt.YES
    doubt = Doubt.NO
    for line in itertools.chain.from_iterable(reader.capitals(stamp) for stamp in words):
        if line in MARKS:
            return Doubt.YES
        # MẶT and MẤT seldom stand alone in capitals
        doubt = Doubt.UNSURE if says_secret(plain_letters(line)) else doubt
    return doubt


def _is_known(stamp: Stamp, verdicts: Sequence[tuple[Stamp, Verdict]]) -> bool:
    return any(stamp.within(other) for other, _ in verdicts)


def _red_doubt(verdicts: Sequence[tuple[Stamp, Verdict]]) -> bool:
    """Whether a red mark may be a secrecy stamp: like one, or a frame that is not to be read."""
    known = [stamp for stamp, verdict in verdicts if verdict is Verdict.HARMLESS and stamp.sides >= FRAMED_SIDES]
    unread = [stamp for stamp, verdict in verdicts if verdict is Verdict.UNREAD and stamp.sides >= FRAMED_SIDES]
    alike = any(verdict is Verdict.ALIKE for _, verdict in verdicts)
    return alike or any(not any(stamp.within(other) for other in known) for stamp in unread)


def _verdict(stamp: Stamp, reader: StampReader) -> Verdict:
    harmless = alike = False
    for letters, confidence in reader.readings(stamp.ink):
        if says_secret(letters):
            return Verdict.SECRET
        known = says_harmless(letters)
        alike = alike or (not known and is_like_secret(letters))
        harmless = harmless or known or (confidence >= READ and len(letters) >= 4)
    # what was taken for a side of the frame may be the stem of a letter
    half_framed = 0 < stamp.sides < FRAMED_SIDES
    if half_framed and any(says_secret(letters) for letters, _ in reader.readings(stamp.whole)):
        return Verdict.SECRET
    if alike:
        return Verdict.ALIKE
    return Verdict.HARMLESS if harmless else Verdict.UNREAD


def plain_letters(text: str) -> str:
    """Capital letters A to Z only: marks, spaces and the remains of a frame do not count."""
    upper = text.upper().translate(_CLUTTER)
    return "".join(letter for letter in unicodedata.normalize("NFD", upper) if "A" <= letter <= "Z")


def says_secret(letters: str) -> bool:
    """Whether the letters are one of the three secrecy marks, as far as a recogniser may err."""
    # the sides of a frame are read as I, L or J
    bare = letters.strip("ILJ")
    return letters in SECRET or spells_secret(bare)


def spells_secret(letters: str) -> bool:
    """``says_secret`` where nothing is left of a frame."""
    return letters in SECRET or any(fuzz.ratio(letters, mark) >= ALIKE for mark in SECRET[1:])


def is_like_secret(letters: str) -> bool:
    """Whether the letters may be what is left of one of the longer marks."""
    bare = letters.strip("ILJ")
    return len(bare) >= 5 and any(fuzz.ratio(bare, mark) >= DOUBTFUL for mark in SECRET[1:])


def is_left_of_secret(letters: str) -> bool:
    """Whether the letters are most of a mark in a frame of which only pieces are left."""
    return is_like_secret(letters) or (len(letters) <= 4 and fuzz.ratio(letters, SECRET[0]) >= LEFT)


def is_near_secret(letters: str) -> bool:
    """Whether the letters are so near to a mark that they have to be read again."""
    return any(fuzz.ratio(letters, mark) >= NEAR for mark in SECRET)


def says_harmless(letters: str) -> bool:
    """Whether the letters are those of another well-known stamp."""
    return any(fuzz.ratio(letters, mark) >= ALIKE_HARMLESS for mark in HARMLESS if len(mark) > 3) or letters == "DEN"


def _upside_down(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(picture[::-1, ::-1])


def _preparations(ink: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.uint8]]:
    """The ink as black letters on white, grey and hard, with room around them."""
    factor = min(LETTER_PIXELS * 1.5 / max(ink.shape[0], 1), 4.0)
    scaled = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    strongest = max(float(np.percentile(scaled, 98)), 30.0)
    even = np.clip(scaled.astype(np.float32) * (255.0 / strongest), 0, 255).astype(np.uint8)
    _, hard = cv2.threshold(cv2.GaussianBlur(even, (0, 0), 1.0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(hard, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    for picture in (even, np.asarray(hard, np.uint8), np.asarray(closed, np.uint8)):
        yield np.ascontiguousarray(255 - cv2.copyMakeBorder(picture, 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=0))
