"""Civil status papers: birth certificate and extracts, which have no NĐ 30 header."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from connector.demo.papers.agencies import Agency
from connector.demo.papers.handwriting import BLUE, Hand, sign_name, write
from connector.demo.papers.medical import filled
from connector.demo.papers.official import Habits, date_parts, motto, slanted_line
from connector.demo.papers.people import Person
from connector.demo.papers.sheet import HEIGHT, MM, WIDTH, Sheet
from connector.demo.papers.stamps import round_seal

_ONES = "không một hai ba bốn năm sáu bảy tám chín".split()


def number_in_words(number: int) -> str:
    """A number from 0 to 9999 as it is spelled out on a certificate."""
    if number < 10:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        head = "mười" if tens == 1 else f"{_ONES[tens]} mươi"
        irregular = {0: "", 5: " lăm"} if tens == 1 else {0: "", 1: " mốt", 4: " tư", 5: " lăm"}
        tail = irregular.get(ones, f" {_ONES[ones]}")
        return head + tail
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        tail = "" if rest == 0 else f" lẻ {_ONES[rest]}" if rest < 10 else f" {number_in_words(rest)}"
        return f"{_ONES[hundreds]} trăm{tail}"
    thousands, rest = divmod(number, 1000)
    tail = "" if rest == 0 else f" không trăm {number_in_words(rest)}" if rest < 100 else f" {number_in_words(rest)}"
    return f"{_ONES[thousands]} nghìn{tail}"


def date_in_words(date: dt.date) -> str:
    """``Ngày mười hai tháng một năm hai nghìn không trăm hai mươi lăm``."""
    day = number_in_words(date.day) if date.day > 10 else f"mùng {number_in_words(date.day)}"
    month = "tư" if date.month == 4 else number_in_words(date.month)
    return f"Ngày {day} tháng {month} năm {number_in_words(date.year)}"


@dataclass(frozen=True, kw_only=True)
class Birth:
    """What stands on a giấy khai sinh (or on its extract)."""

    agency: Agency
    number: str  # without the year
    child: Person
    birthplace: str
    home: str
    mother: Person
    father: Person
    residence: str
    registered: dt.date
    signer_position: str
    signer_name: str
    extract: bool = False
    # when the extract was made; the certificate itself is dated by its registration
    issued: dt.date | None = None

    @property
    def document_number(self) -> str:
        suffix = "/TLKS-BS" if self.extract else ""
        return f"{self.number}/{self.registered.year}{suffix}"


def draw_birth(paper: Birth, habits: Habits, rng: np.random.Generator) -> Sheet:
    """Giấy khai sinh (Circular 04/2020/TT-BTP), or trích lục khai sinh; the original has an ornamental frame."""
    sheet = Sheet(habits.face, left=30, right=24, top=habits.top + 6)
    if not paper.extract:
        frame(sheet, habits.top + 1)
    middle = WIDTH / 2
    y = sheet.top + 4
    if paper.extract:
        y = _extract_head(sheet, paper, habits, "TRÍCH LỤC KHAI SINH", rng)
    else:
        motto(sheet, middle, y)
        sheet.text("GIẤY KHAI SINH", middle, y + 26, size=22, style="bold", align="centre")
        _number(sheet, paper, habits, 130, y + 36, rng)
        y += 46
    title = "NGƯỜI KÝ TRÍCH LỤC" if paper.extract else "NGƯỜI KÝ GIẤY KHAI SINH"
    _signed(sheet, paper, title, _entries(sheet, paper, y) + 5, rng)
    return sheet


def frame(sheet: Sheet, top: float) -> None:
    """The ornamental border of an original certificate."""
    canvas = sheet.print
    canvas.saveState()
    canvas.setStrokeColorRGB(0.75, 0.30, 0.28)
    left, right, bottom = 16.0, WIDTH - 14.0, 280.0
    for inset, width in ((0.0, 1.6), (1.4, 0.4), (5.0, 0.4)):
        canvas.setLineWidth(width)
        canvas.rect(
            (left + inset) * MM,
            (HEIGHT - bottom + inset) * MM,
            (right - left - 2 * inset) * MM,
            (bottom - top - 2 * inset) * MM,
        )
    canvas.setLineWidth(0.5)
    steps = 74
    for row in (top + 3.2, bottom - 3.2):
        for step in range(steps):
            _rosette(canvas, left + 3.2 + (right - left - 6.4) * step / (steps - 1), row)
    rows = 100
    for column in (left + 3.2, right - 3.2):
        for step in range(rows):
            _rosette(canvas, column, top + 3.2 + (bottom - top - 6.4) * step / (rows - 1))
    canvas.restoreState()


def _rosette(canvas: Any, x: float, y: float) -> None:
    for turn in range(3):
        angle = turn * math.pi / 3
        dx, dy = 1.0 * math.cos(angle), 1.0 * math.sin(angle)
        canvas.line((x - dx) * MM, (HEIGHT - y - dy) * MM, (x + dx) * MM, (HEIGHT - y + dy) * MM)


def _number(sheet: Sheet, paper: Birth | Death, habits: Habits, x: float, y: float, rng: np.random.Generator) -> None:
    suffix = paper.document_number.removeprefix(paper.number)
    edge = sheet.text("Số: ", x, y, size=13)
    hand: Hand | None = habits.number_hand
    if hand is None:
        sheet.text(f"{paper.number}{suffix}", edge, y, size=13)
        return
    gap = hand.width(paper.number) + 4
    sheet.dots(edge, edge + gap, y)
    write(sheet.pen, paper.number, edge + rng.uniform(0.5, 2), y - 0.3, hand, rng)
    sheet.text(suffix, edge + gap, y, size=13)


def _entries(sheet: Sheet, paper: Birth, y: float) -> float:
    child, step = paper.child, 7.7
    gender = "Nữ" if child.female else "Nam"
    y = filled(sheet, [("Họ, chữ đệm, tên: ", child.name.upper())], y, step)
    y = filled(sheet, [("Ngày, tháng, năm sinh: ", child.birth_date.strftime("%d/%m/%Y"))], y, step)
    y = filled(sheet, [("ghi bằng chữ: ", date_in_words(child.birth_date))], y, step)
    y = filled(sheet, [("Giới tính: ", gender), ("Dân tộc: Kinh      Quốc tịch: ", "Việt Nam")], y, step, second=84)
    y = filled(sheet, [("Nơi sinh: ", paper.birthplace)], y, step)
    y = filled(sheet, [("Quê quán: ", paper.home)], y, step)
    y = filled(sheet, [("Số định danh cá nhân: ", child.personal_id)], y, step)
    for role, parent in (("mẹ", paper.mother), ("cha", paper.father)):
        y = filled(sheet, [(f"Họ, chữ đệm, tên người {role}: ", parent.name.upper())], y + 1.5, step)
        year = str(parent.birth_date.year)
        y = filled(sheet, [("Năm sinh: ", year), ("Dân tộc: Kinh      Quốc tịch: ", "Việt Nam")], y, step, second=84)
        y = filled(sheet, [("Nơi cư trú: ", paper.residence)], y, step)
    y = filled(sheet, [("Nơi đăng ký khai sinh: ", paper.agency.name)], y + 1.5, step)
    return filled(sheet, [("Ngày, tháng, năm đăng ký: ", paper.registered.strftime("%d/%m/%Y"))], y, step)


@dataclass(frozen=True, kw_only=True)
class Death:
    """What stands on a trích lục khai tử."""

    agency: Agency
    number: str  # without the year
    deceased: Person
    home: str
    died: dt.date
    registered: dt.date
    signer_position: str
    signer_name: str
    issued: dt.date | None = None

    @property
    def document_number(self) -> str:
        return f"{self.number}/{self.registered.year}/TLKT"


def draw_death(paper: Death, habits: Habits, rng: np.random.Generator) -> Sheet:
    """Trích lục khai tử (Circular 04/2020/TT-BTP)."""
    sheet = Sheet(habits.face, left=30, right=24, top=habits.top + 2)
    y = _extract_head(sheet, paper, habits, "TRÍCH LỤC KHAI TỬ", rng)
    person, step = paper.deceased, 7.9
    y = filled(sheet, [("Họ, chữ đệm, tên: ", person.name.upper())], y, step)
    y = filled(sheet, [("Ngày, tháng, năm sinh: ", person.birth_date.strftime("%d/%m/%Y"))], y, step)
    gender = "Nữ" if person.female else "Nam"
    y = filled(sheet, [("Giới tính: ", gender), ("Dân tộc: Kinh      Quốc tịch: ", "Việt Nam")], y, step, second=84)
    y = filled(sheet, [("Số định danh cá nhân: ", person.personal_id)], y, step)
    y = filled(sheet, [("Nơi cư trú cuối cùng: ", paper.home)], y, step)
    y = filled(sheet, [("Đã chết vào lúc: ", f"04 giờ 30 phút, ngày {paper.died:%d/%m/%Y}")], y, step)
    y = filled(sheet, [("ghi bằng chữ: ", date_in_words(paper.died))], y, step)
    y = filled(sheet, [("Nơi chết: ", "Tại nhà riêng")], y, step)
    y = filled(sheet, [("Nguyên nhân chết: ", "Bệnh già")], y, step)
    y = filled(sheet, [("Nơi đăng ký khai tử: ", paper.agency.name)], y, step)
    y = filled(sheet, [("Ngày, tháng, năm đăng ký: ", paper.registered.strftime("%d/%m/%Y"))], y, step)
    _signed(sheet, paper, "NGƯỜI KÝ TRÍCH LỤC", y + 8, rng)
    return sheet


def _extract_head(sheet: Sheet, paper: Birth | Death, habits: Habits, title: str, rng: np.random.Generator) -> float:
    """The head of an extract; answers the line below."""
    y = sheet.top + 4
    for place, line in enumerate(paper.agency.lines):
        sheet.text(line, 63, y + place * 5.2, size=12, style="bold", align="centre")
    motto(sheet, 146, y)
    _number(sheet, paper, habits, 40, y + 16, rng)
    parts = date_parts(f"{paper.agency.place}, ngày ", paper.issued or paper.registered, habits)
    slanted_line(sheet, parts, 146, y + 16.3, rng)
    sheet.text(title, WIDTH / 2, y + 30, size=17, style="bold", align="centre")
    sheet.text("(BẢN SAO)", WIDTH / 2, y + 36, size=12, style="bold", align="centre")
    return y + 46


def _signed(sheet: Sheet, paper: Birth | Death, title: str, y: float, rng: np.random.Generator) -> None:
    sheet.text(title, 146, y, size=12.5, style="bold", align="centre")
    sheet.text(paper.signer_position, 146, y + 5.4, size=12.5, style="bold", align="centre")
    sheet.text(paper.signer_name, 146, y + 31, size=13, style="bold", align="centre")
    sign_name(sheet.pen, 148, y + 18, rng, colour=BLUE)
    round_seal(sheet.stamp, 128 + rng.uniform(-2, 2), y + 17, around=paper.agency.seal_around, turned=rng.normal(0, 6))
