"""The faces that papers are printed in: only those that hold every Vietnamese letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Style = Literal["regular", "bold", "italic", "bold_italic"]

FONTS = Path("/usr/share/fonts/truetype")
STYLES: tuple[Style, ...] = ("regular", "bold", "italic", "bold_italic")


@dataclass(frozen=True)
class Typeface:
    """A family of four fonts; ``files`` in the order of STYLES, below FONTS."""

    name: str
    files: Sequence[str]

    def font(self, style: Style = "regular") -> str:
        """The name under which reportlab knows one style; registers the family when first asked."""
        _register(self)
        return f"{self.name}-{style}"


_CROSCORE = ("Regular", "Bold", "Italic", "BoldItalic")
TINOS = Typeface("Tinos", [f"croscore/Tinos-{style}.ttf" for style in _CROSCORE])
ARIMO = Typeface("Arimo", [f"croscore/Arimo-{style}.ttf" for style in _CROSCORE])
# of one width, as a typewriter's
COUSINE = Typeface("Cousine", [f"croscore/Cousine-{style}.ttf" for style in _CROSCORE])
FREE_SERIF = Typeface("FreeSerif", [f"freefont/FreeSerif{style}.ttf" for style in ("", "Bold", "Italic", "BoldItalic")])


def _register(face: Typeface) -> None:
    if f"{face.name}-regular" in pdfmetrics.getRegisteredFontNames():
        return
    for style, file in zip(STYLES, face.files, strict=True):
        pdfmetrics.registerFont(TTFont(f"{face.name}-{style}", str(FONTS / file)))
    pdfmetrics.registerFontFamily(
        f"{face.name}-regular", *(f"{face.name}-{style}" for style in STYLES)
    )  # so that <b> and <i> in a paragraph find their fonts
