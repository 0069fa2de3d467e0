"""The agency's signature on its own paper that was born digital: the red seal, at real size, on its left third.

Decree 30/2020, App. I part I, II.8a: the seal covers about a third of the competent person's signature on its left.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp.static import StaticStampStyle

from connector.domain.errors import ConfigurationError, NoRoomForStamp
from signing.pades import AGENCY_FIELD, Mark
from signing.pdf_file import opened
from signing.stamp import Appearance

_POINTS_PER_MILLIMETRE = 72 / 25.4
_FILLED = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    margins=Margins(0, 0, 0, 0),
    inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
)


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A red seal on transparent ground (PNG) and its real diameter in millimetres."""

    picture: Path
    diameter: float = 36.0


def seal_mark(source: Path, seal: Seal) -> Mark:
    """The seal over the person's visible signature.

    Raises NoRoomForStamp where no person's signature is seen, ConfigurationError where the seal is no picture with
    transparent ground.
    """
    picture = _picture(seal)
    with opened(source) as reader:
        page, person = _last_visible_signature(reader)
        box = _on_the_left_third(person, seal.diameter * _POINTS_PER_MILLIMETRE)
    style = StaticStampStyle(
        border_width=0,
        background=PdfImage(picture, box=None),
        background_layout=_FILLED,
    )
    return Mark(field=AGENCY_FIELD, appearance=Appearance(page, box, style))


def _picture(seal: Seal) -> Image.Image:
    try:
        picture = Image.open(seal.picture)
        picture.load()
    except (OSError, UnidentifiedImageError) as error:
        raise ConfigurationError(f"the seal {seal.picture} is no picture") from error
    if picture.mode != "RGBA":
        raise ConfigurationError(f"the seal {seal.picture} has no transparent ground")
    return picture


def _last_visible_signature(reader: PdfFileReader) -> tuple[int, tuple[float, float, float, float]]:
    """The page (from 0) and the rectangle of the signature that is seen and was made last."""
    for signature in reversed(reader.embedded_regular_signatures):
        edges = [float(edge) for edge in signature.sig_field.get("/Rect", (0, 0, 0, 0))]
        left, right = sorted((edges[0], edges[2]))
        bottom, top = sorted((edges[1], edges[3]))
        if right - left > 1 and top - bottom > 1:
            return _page_of(reader, signature.sig_field), (left, bottom, right, top)
    raise NoRoomForStamp("no person's signature is seen, over whose left third the seal belongs")


def _page_of(reader: PdfFileReader, field: Any) -> int:
    wanted = field.raw_get("/P").reference
    for number in range(int(reader.root["/Pages"]["/Count"])):
        found, _ = reader.find_page_for_modification(number)  # type: ignore[no-untyped-call]
        if found.reference == wanted:
            return number
    raise NoRoomForStamp("the person's signature is on no page")


def _on_the_left_third(person: tuple[float, float, float, float], size: float) -> tuple[int, int, int, int]:
    left, bottom, right, top = person
    seal_right, middle = left + (right - left) / 3, (bottom + top) / 2
    edges = (seal_right - size, middle - size / 2, seal_right, middle + size / 2)
    x0, y0, x1, y1 = (round(edge) for edge in edges)
    return x0, y0, x1, y1
