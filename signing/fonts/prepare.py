"""Make ``tinos-vietnamese.ttf`` from Debian's fonts-croscore: a developer's step, run once.

Visible signatures need a Times-metric serif with every Vietnamese letter, 1000 units per em (pyHanko writes
widths unscaled) and few enough tables that embedding it costs little at each signature.
"""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

from fontTools import subset, ttLib
from fontTools.ttLib.scaleUpem import scale_upem

SOURCE = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")
TARGET = Path(__file__).with_name("tinos-vietnamese.ttf")

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def vietnamese_letters() -> str:
    """Every Vietnamese letter with every tone, in both cases, precomposed."""
    toned = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
    letters = toned + "abcdefghijklmnopqrstuvwxyzđ"
    return "".join(sorted(set(letters + letters.upper())))


def prepare() -> None:
    """Write the font beside this file."""
    font = ttLib.TTFont(SOURCE)
    scale_upem(font, 1000)
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    subsetter = subset.Subsetter(options)
    ascii_letters = "".join(map(chr, range(0x20, 0x7F)))
    subsetter.populate(text=ascii_letters + vietnamese_letters() + "–“”’…°")
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    prepare()
