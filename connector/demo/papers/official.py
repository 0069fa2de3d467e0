"""Official papers as Decree 30/2020 App. I lays them out: named types and công văn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from connector.demo.papers.agencies import Agency, balanced
from connector.demo.papers.handwriting import BLUE, Colour, Hand, sign_name, write
from connector.demo.papers.sheet import Sheet
from connector.demo.papers.stamps import round_seal
from connector.demo.papers.typefaces import TINOS, Style, Typeface

HEAD_SIZE = 12.5
_LEFT_MIDDLE, _RIGHT_MIDDLE = 63.0, 146.0
_LEFT_WIDTH = 68.0


@dataclass(frozen=True, kw_only=True)
class Official:
    """What stands on an official paper; ``heading`` is the type in capitals, None for a công văn."""

    agency: Agency
    number: str
    notation: str
    date: dt.date
    heading: str | None
    abstract: str
    body: Sequence[str]
    receivers: Sequence[str]
    signer: Sequence[str]  # authority and position, line by line
    signer_name: str
    addressees: Sequence[str] = ()
    # the line between the legal bases and the articles, "QUYẾT ĐỊNH:"
    middle: str = ""
    middle_after: int = 0
    # "-" on papers of the Party: 15-CV/TU
    separator: str = "/"
    # how a letter's subject begins
    lead: str = "V/v"
    # who decides, under the heading, as until 2005: CỦA GIÁM ĐỐC SỞ TƯ PHÁP
    issuer: Sequence[str] = ()

    @property
    def document_number(self) -> str:
        return f"{self.number}{self.separator}{self.notation}"

    @property
    def of_party(self) -> bool:
        """Whether the Party's title stands in the header."""
        return self.separator == "-"


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How one office prints and writes: face, sizes, and what the clerk fills in by hand."""

    face: Typeface = TINOS
    size: float = 13.5
    head_size: float = HEAD_SIZE
    # a typewriter has no bold letters
    strong: Style = "bold"
    slanted: Style = "italic"
    top: float = 23
    left: float = 30
    number_hand: Hand | None = None
    day_hand: Hand | None = None
    month_hand: Hand | None = None
    leading: float = 1.25
    sealed: bool = True
    signed: bool = True
    signature: Colour = BLUE
    # the abstract: its face if not ``strong``, letters in a line, and the rule under it
    abstract_style: Style | None = None
    abstract_width: int = 50
    abstract_rule: bool = True
    # what is left free beside a printed number
    number_room: str = ""


def draw_official(
    paper: Official,
    habits: Habits,
    rng: np.random.Generator,
    *,
    first_page: Callable[[Sheet], None] | None = None,
) -> Sheet:
    """The paper with its signature block; ``first_page`` puts more ink on page 1."""
    sheet = Sheet(habits.face, left=habits.left, top=habits.top)
    y = _header(sheet, paper, habits, rng)
    if first_page:
        first_page(sheet)
    y = _subject(sheet, paper, habits, y)
    for place, text in enumerate(paper.body):
        if paper.middle and place == paper.middle_after:
            y = sheet.room(10, y)
            middle, size = (sheet.left + sheet.right) / 2, habits.head_size + 1.5
            sheet.text(paper.middle, middle, y + 5.5, size=size, style=habits.strong, align="centre")
            y += 10
        y = sheet.paragraph(text, y, size=habits.size, leading=habits.leading)
    _closing(sheet, paper, habits, y + 4, rng)
    return sheet


def _header(sheet: Sheet, paper: Official, habits: Habits, rng: np.random.Generator) -> float:
    """Boxes 1 to 4 (and 5b): agency, quốc hiệu, number and date; answers the line below."""
    y = sheet.top + 4
    left = y
    for line in paper.agency.parent_lines:
        sheet.text(line, _LEFT_MIDDLE, left, size=habits.head_size, align="centre")
        left += 5.2
    width = 0.0
    for line in paper.agency.lines:
        sheet.text(line, _LEFT_MIDDLE, left, size=habits.head_size, style=habits.strong, align="centre")
        width = sheet.width(line, habits.head_size, habits.strong)
        left += 5.2
    if paper.of_party:
        sheet.text("*", _LEFT_MIDDLE, left, size=habits.head_size, align="centre")
        right = party_title(sheet, _RIGHT_MIDDLE, y, size=habits.head_size, style=habits.strong)
    else:
        sheet.rule(_LEFT_MIDDLE - width * 0.2, _LEFT_MIDDLE + width * 0.2, left - 3.6)
        right = motto(sheet, _RIGHT_MIDDLE, y, size=habits.head_size, style=habits.strong)
    number_line = max(left, right) + 4.2
    _number(sheet, paper, habits, number_line, rng)
    _date(sheet, paper, habits, number_line + 0.3, rng)
    if paper.heading is not None:
        return number_line + 6
    below = sheet.paragraph(
        "<br/>".join(balanced(f"{paper.lead} {paper.abstract}", longest=30)),
        number_line + 1.5,
        size=habits.head_size - 0.5,
        align="centre",
        indent=0,
        leading=1.15,
        x0=_LEFT_MIDDLE - _LEFT_WIDTH / 2 + 4,
        x1=_LEFT_MIDDLE + _LEFT_WIDTH / 2 - 4,
    )
    return below + 3


def motto(sheet: Sheet, middle: float, y: float, *, size: float = HEAD_SIZE, style: Style = "bold") -> float:
    """Quốc hiệu and tiêu ngữ with their rule; answers the line below."""
    sheet.text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", middle, y, size=size, style=style, align="centre")
    words = "Độc lập - Tự do - Hạnh phúc"
    sheet.text(words, middle, y + 5.4, size=size + 1, style=style, align="centre")
    half = sheet.width(words, size + 1, style) / 2
    sheet.rule(middle - half, middle + half, y + 7.2)
    return y + 10.4


def party_title(sheet: Sheet, middle: float, y: float, *, size: float, style: Style) -> float:
    """ĐẢNG CỘNG SẢN VIỆT NAM with its rule; answers the line below."""
    words = "ĐẢNG CỘNG SẢN VIỆT NAM"
    sheet.text(words, middle, y, size=size + 2, style=style, align="centre")
    half = sheet.width(words, size + 2, style) / 2
    sheet.rule(middle - half, middle + half, y + 1.8)
    return y + 6


def _number(sheet: Sheet, paper: Official, habits: Habits, y: float, rng: np.random.Generator) -> None:
    hand, size = habits.number_hand, habits.head_size + 0.5
    label, notation = "Số" if paper.of_party else "Số:", f"{paper.separator}{paper.notation}"
    if hand is None:
        room = habits.number_room
        sheet.text(f"{label} {room}{paper.number}{room}{notation}", _LEFT_MIDDLE, y, size=size, align="centre")
        return
    gap = max(9.0, hand.width(paper.number) + rng.uniform(0, 5))
    width = sheet.width(label, size) + gap + sheet.width(notation, size)
    edge = sheet.text(label, _LEFT_MIDDLE - width / 2, y, size=size)
    write(sheet.pen, paper.number, edge + rng.uniform(0.2, 1.4), y, hand, rng)
    sheet.text(notation, edge + gap, y, size=size)


def _date(sheet: Sheet, paper: Official, habits: Habits, y: float, rng: np.random.Generator) -> None:
    """``Quảng Ngãi, ngày 06 tháng 01 năm 2025`` in italics; day and month may be written."""
    parts = date_parts(f"{paper.agency.place}, ngày ", paper.date, habits)
    slanted_line(sheet, parts, _RIGHT_MIDDLE, y, rng, size=habits.head_size + 1, style=habits.slanted)


def date_parts(lead: str, date: dt.date, habits: Habits) -> list[tuple[str, Hand | None]]:
    """A date line in pieces, each with the hand that writes it; None is print."""
    return [
        (lead, None),
        (f"{date.day:02d}", habits.day_hand),
        (" tháng ", None),
        (month_text(date), habits.month_hand),
        (f" năm {date.year}", None),
    ]


def month_text(date: dt.date) -> str:
    """Months 1 and 2 with a leading zero, as Decree 30/2020 asks."""
    return f"{date.month:02d}" if date.month < 3 else str(date.month)


def slanted_line(
    sheet: Sheet,
    parts: Sequence[tuple[str, Hand | None]],
    middle: float,
    y: float,
    rng: np.random.Generator,
    *,
    size: float = 13,
    style: Style = "italic",
) -> None:
    """A centred line of print with gaps that a hand fills."""
    widths = [
        sheet.width(text, size, style) if hand is None else max(7.5, hand.width(text)) + rng.uniform(-1.6, 2.5)
        for text, hand in parts
    ]
    x = middle - sum(widths) / 2
    for (text, hand), width in zip(parts, widths, strict=True):
        if hand is None:
            sheet.text(text, x, y, size=size, style=style)
        else:
            write(sheet.pen, text, x + rng.uniform(-0.8, 0.8), y, hand, rng)
        x += width


def _subject(sheet: Sheet, paper: Official, habits: Habits, y: float) -> float:
    """Box 5a (type and abstract) and 9a (Kính gửi)."""
    middle, size = (sheet.left + sheet.right) / 2, habits.head_size + 1.5
    if paper.heading is not None:
        sheet.text(paper.heading, middle, y + 7, size=size, style=habits.strong, align="centre")
        for line in paper.issuer:
            y += 5.8
            sheet.text(line, middle, y + 7, size=size, style=habits.strong, align="centre")
        lines = "<br/>".join(balanced(paper.abstract, longest=habits.abstract_width))
        y = sheet.paragraph(
            f"<b>{lines}</b>" if (habits.abstract_style or habits.strong) == "bold" else lines,
            y + 8.5,
            size=size,
            align="centre",
            indent=0,
            leading=1.15,
            x0=sheet.left + 14,
            x1=sheet.right - 14,
        )
        if habits.abstract_rule:
            sheet.rule(middle - 14, middle + 14, y + 0.3)
        y += 4
    if len(paper.addressees) == 1:
        sheet.text(f"Kính gửi: {paper.addressees[0]}", middle, y + 8, size=habits.size, align="centre")
        return y + 13
    if paper.addressees:
        sheet.text("Kính gửi:", middle - 32, y + 8, size=habits.size)
        for place, name in enumerate(paper.addressees):
            end = ";" if place < len(paper.addressees) - 1 else "."
            sheet.text(f"- {name}{end}", middle - 18, y + 14 + place * 5.8, size=habits.size)
        return y + 18 + len(paper.addressees) * 5.8
    return y + 4


def _closing(sheet: Sheet, paper: Official, habits: Habits, y: float, rng: np.random.Generator) -> None:
    """Boxes 7 to 9b: receivers, position, signature, seal, name."""
    y = sheet.room(50, y)
    _receivers(sheet, paper, habits, y)
    size, middle = habits.head_size + 1, _RIGHT_MIDDLE
    for place, line in enumerate(paper.signer):
        sheet.text(line, middle, y + 4.5 + place * 5.4, size=size, style=habits.strong, align="centre")
    top = y + 4.5 + len(paper.signer) * 5.4
    sheet.text(paper.signer_name, middle, top + 26, size=size, style=habits.strong, align="centre")
    if habits.signed:
        sign_name(sheet.pen, middle + rng.uniform(-2, 6), top + 12 + rng.uniform(-2, 2), rng, colour=habits.signature)
    if habits.sealed:
        round_seal(
            sheet.stamp,
            middle - 19 + rng.uniform(-3, 3),
            top + 11 + rng.uniform(-2, 3),
            around=paper.agency.seal_around,
            inside=paper.agency.seal_inside,
            turned=rng.normal(0, 5),
        )


def _receivers(sheet: Sheet, paper: Official, habits: Habits, y: float) -> None:
    """Box 9b, Nơi nhận."""
    style: Style = "bold_italic" if habits.strong == "bold" else "regular"
    sheet.text("Nơi nhận:", sheet.left, y + 4, size=habits.head_size - 0.5, style=style)
    for place, line in enumerate(paper.receivers):
        end = "." if place == len(paper.receivers) - 1 else ";"
        sheet.text(f"- {line}{end}", sheet.left, y + 8.8 + place * 4.5, size=habits.head_size - 1.5)
