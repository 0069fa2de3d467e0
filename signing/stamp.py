"""Visible signatures: lines of upright black serif on blank paper, no seal image (Decree 30/2020 App. I)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from connector.domain.errors import NoRoomForStamp
from connector.domain.metadata import VIETNAM
from connector.domain.signatures import AgencyStamp, ScannerStamp
from signing.blank_space import Corner, FirstPage, Place, find_place
from signing.font import SerifFont

_SERIF = SerifFont()
AGENCY_SIZE = 10.0  # points, set by Decree 30/2020
_SCANNER_SIZES = (9.0, 8.0, 7.0, 6.0)
_LEADING = 1.2
_MARGIN = 1.0  # points between the box and its letters


def scanner_lines(stamp: ScannerStamp) -> tuple[str, ...]:
    """Name and time of scanning (Art. 8.1)."""
    moment = stamp.scanned_at.astimezone(VIETNAM)
    return (f"Người sao chụp: {stamp.full_name}", f"Thời gian sao chụp: {moment:%d/%m/%Y %H:%M:%S} +07:00")


def agency_forms(stamp: AgencyStamp, signed_at: dt.datetime) -> tuple[tuple[str, ...], ...]:
    """Copy form, agency, signing time: first as officials set it, then flatter, then narrower."""
    form, name = str(stamp.copy_form), stamp.agency_name
    moment = signed_at.astimezone(VIETNAM)
    date, time = f"{moment:%d.%m.%Y}", f"{moment:%H:%M:%S} +07:00"
    return (
        (form, *_wrapped(name, 38), f"{date} {time}"),
        (f"{form}, {name}", f"{date} {time}"),
        (form, *_wrapped(name, 24), date, time),
    )


def _wrapped(name: str, longest: int) -> list[str]:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


@dataclass(frozen=True)
class Layout:
    """Lines, their size, and where they stand."""

    lines: tuple[str, ...]
    size: float
    place: Place


def place_scanner(page: FirstPage, stamp: ScannerStamp) -> Layout:
    """Top left, shrunk within limits where there is little room. Raises NoRoomForStamp."""
    lines = scanner_lines(stamp)
    return _first_that_fits(page, [(lines, size) for size in _SCANNER_SIZES], "left")


def place_agency(page: FirstPage, stamp: AgencyStamp, signed_at: dt.datetime) -> Layout:
    """Top right, 10 points and never less: where there is no room a person decides. Raises NoRoomForStamp."""
    return _first_that_fits(page, [(lines, AGENCY_SIZE) for lines in agency_forms(stamp, signed_at)], "right")


def _first_that_fits(page: FirstPage, forms: Sequence[tuple[tuple[str, ...], float]], corner: Corner) -> Layout:
    for lines, size in forms:
        width = max(_SERIF.width(line) for line in lines) * size + 2 * _MARGIN
        top, bottom = _SERIF.reach(lines[0])[1] * size, -_SERIF.reach(lines[-1])[0] * size
        height = top + (len(lines) - 1) * size * _LEADING + bottom + 2 * _MARGIN
        place = find_place(page, width, height, corner)
        if place is not None:
            return Layout(lines, size, place)
    raise NoRoomForStamp(f"top {corner}")


@dataclass(frozen=True)
class LinesStyle(BaseStampStyle):
    """The lines of a layout, upright as the reader sees them whatever the page's /Rotate."""

    border_width: int = 0
    lines: tuple[str, ...] = ()
    size: float = AGENCY_SIZE
    rotation: int = 0

    def create_stamp(
        self, writer: BasePdfFileWriter, box: layout.BoxConstraints, text_params: dict[str, Any]
    ) -> BaseStamp:
        """Called by pyHanko with the annotation's box."""
        if self.rotation in (90, 270):
            box = layout.BoxConstraints(width=box.height, height=box.width)
        return _LinesStamp(writer=writer, style=self, box=box)


class _LinesStamp(BaseStamp):
    def _render_inner_content(self) -> list[bytes]:
        style: LinesStyle = self.style
        assert self.writer is not None
        font = _SERIF.resource(self.writer, "".join(style.lines))
        self.set_resource(category=ResourceType.FONT, name=pdf_name("/Serif"), value=font)
        commands = [b"BT 0 g /Serif %g Tf" % style.size]
        y = self.box.height - _MARGIN - style.size * _SERIF.reach(style.lines[0])[1]
        for line in style.lines:
            commands.append(b"1 0 0 1 %g %g Tm %s" % (_MARGIN, y, _SERIF.shown(line)))
            y -= style.size * _LEADING
        return [*commands, b"ET"]

    def as_form_xobject(self) -> generic.StreamObject:
        """A viewer draws the page turned by /Rotate; the appearance is turned back beforehand."""
        stream = super().as_form_xobject()
        turned = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}.get(self.style.rotation)
        if turned:
            matrix = [
                generic.NumberObject(number)  # type: ignore[no-untyped-call]
                for number in (*turned, 0, 0)
            ]
            stream[pdf_name("/Matrix")] = generic.ArrayObject(matrix)
        return stream


@dataclass(frozen=True)
class Appearance:
    """Where a signature is seen (page from 0, rectangle in its user space) and how it is drawn."""

    page: int
    box: tuple[int, int, int, int]
    style: BaseStampStyle


def appearance_of(found: Layout, page: FirstPage) -> Appearance:
    """Lines on page 1."""
    style = LinesStyle(lines=found.lines, size=found.size, rotation=page.rotation)
    return Appearance(0, page.in_user_space(found.place), style)
