"""Medical papers: C65-HD (leave with social insurance benefit) and giấy ra viện (discharge)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from connector.demo.papers.agencies import Agency
from connector.demo.papers.handwriting import BLUE, Hand, sign_name, write
from connector.demo.papers.official import HEAD_SIZE, Habits, date_parts, motto, slanted_line
from connector.demo.papers.people import Person
from connector.demo.papers.sheet import Sheet
from connector.demo.papers.stamps import round_seal

SIZE = 13.0


@dataclass(frozen=True, kw_only=True)
class SickLeave:
    """What stands on a C65-HD; the patient stays home from ``first_day`` for ``days`` days."""

    agency: Agency
    number: str
    serial: str
    patient: Person
    employer: str
    diagnosis: str
    treatment: str
    first_day: dt.date
    days: int
    date: dt.date
    doctor: str
    head: str

    @property
    def document_number(self) -> str:
        return f"{self.number}/KCB"

    @property
    def last_day(self) -> dt.date:
        return self.first_day + dt.timedelta(days=self.days - 1)


def draw_sick_leave(paper: SickLeave, habits: Habits, rng: np.random.Generator) -> Sheet:
    """Form C65-HD of Circular 56/2017/TT-BYT, filled in by a hospital's software, numbered by hand or not."""
    sheet = Sheet(habits.face, left=26, right=18, top=habits.top)
    y = _letterhead(sheet, paper.agency)
    sheet.rule(48, 76, y - 3.4)
    sheet.text("Mẫu số: C65-HD", 150, sheet.top + 4, size=11.5, style="bold", align="centre")
    sheet.text("(Ban hành kèm theo Thông tư số 56/2017/TT-BYT)", 150, sheet.top + 8.6, size=9, align="centre")
    sheet.text(f"Số seri: {paper.serial}", 128, sheet.top + 14, size=12)
    edge = sheet.text("Số: ", 128, sheet.top + 20, size=12)
    _numbered(sheet, paper.number, "/KCB", edge, sheet.top + 20, habits.number_hand, rng)
    y = _title(sheet, sheet.top + 33)
    y = _patient(sheet, paper, y)
    _signed(sheet, paper, habits, y + 6, rng)
    return sheet


def _letterhead(sheet: Sheet, agency: Agency) -> float:
    """The hospital and the department above it; answers the line below."""
    y = sheet.top + 4
    for line in agency.parent_lines:
        sheet.text(line, 62, y, size=11.5, align="centre")
        y += 5
    for line in agency.lines:
        sheet.text(line, 62, y, size=11.5, style="bold", align="centre")
        y += 5
    return y


def _numbered(
    sheet: Sheet, number: str, notation: str, x: float, y: float, hand: Hand | None, rng: np.random.Generator
) -> None:
    """A number before its notation, printed or written on dots."""
    if hand is None:
        sheet.text(f"{number}{notation}", x, y, size=12)
        return
    gap = hand.width(number) + 5
    sheet.dots(x, x + gap, y)
    write(sheet.pen, number, x + rng.uniform(0.5, 2.5), y - 0.4, hand, rng)
    sheet.text(notation, x + gap, y, size=12)


def _title(sheet: Sheet, y: float) -> float:
    middle = (sheet.left + sheet.right) / 2
    sheet.text("GIẤY CHỨNG NHẬN", middle, y, size=15, style="bold", align="centre")
    sheet.text("NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI", middle, y + 6.6, size=14, style="bold", align="centre")
    sheet.text("(chỉ áp dụng cho điều trị ngoại trú)", middle, y + 12.2, size=12, style="italic", align="centre")
    return y + 20


def _patient(sheet: Sheet, paper: SickLeave, y: float) -> float:
    """Parts I to III of the form."""
    patient, step = paper.patient, 7.4
    born = patient.birth_date.strftime("%d/%m/%Y")
    y = _part(sheet, "I. Thông tin người bệnh", y)
    y = filled(sheet, [("Họ và tên: ", patient.name.upper()), ("Ngày sinh: ", born)], y, step, second=132)
    y = filled(sheet, [("Số định danh cá nhân/CCCD: ", patient.personal_id)], y, step)
    gender = "Nữ" if patient.female else "Nam"
    y = filled(
        sheet, [("Mã số BHXH/Số thẻ BHYT: ", patient.insurance_number), ("Giới tính: ", gender)], y, step, second=132
    )
    y = filled(sheet, [("Đơn vị làm việc: ", paper.employer)], y, step)
    y = _part(sheet, "II. Chẩn đoán và phương pháp điều trị", y + 2)
    y = filled(sheet, [("Chẩn đoán: ", paper.diagnosis)], y, step)
    y = filled(sheet, [("Phương pháp điều trị: ", paper.treatment)], y, step)
    first, last = paper.first_day.strftime("%d/%m/%Y"), paper.last_day.strftime("%d/%m/%Y")
    y = filled(sheet, [("Số ngày nghỉ: ", f"{paper.days:02d} ngày")], y, step)
    y = filled(sheet, [("(Từ ngày ", f"{first} đến hết ngày {last})")], y, step)
    y = _part(sheet, "III. Thông tin cha, mẹ (chỉ áp dụng đối với trường hợp người bệnh là trẻ em dưới 7 tuổi)", y + 2)
    return filled(sheet, [("- Họ và tên cha: ", ""), ("- Họ và tên mẹ: ", "")], y, step, second=110)


def _part(sheet: Sheet, text: str, y: float) -> float:
    return sheet.paragraph(f"<b>{text}</b>", y - 4.4, size=SIZE, indent=0, align="left") + 4.4


def filled(sheet: Sheet, parts: list[tuple[str, str]], y: float, step: float, *, second: float = 0) -> float:
    """Label and value once or twice on a line of dots; the next line's y."""
    ends = [second - 2, sheet.right] if len(parts) == 2 else [sheet.right]
    for place, ((label, value), end) in enumerate(zip(parts, ends, strict=True)):
        start = sheet.text(label, second if place else sheet.left, y, size=SIZE)
        edge = sheet.text(value, start + 0.5, y, size=SIZE, style="regular")
        if edge < end - 2:
            sheet.dots(edge + 0.8, end, y)
    return y + step


def _signed(sheet: Sheet, paper: SickLeave, habits: Habits, y: float, rng: np.random.Generator) -> None:
    slanted_line(sheet, date_parts("Ngày ", paper.date, habits), 150, y, rng)
    for middle, lines, name in (
        (62, ("XÁC NHẬN CỦA", "THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"), paper.head),
        (150, ("NGƯỜI HÀNH NGHỀ KB, CB", "(Ký, ghi rõ họ tên)"), paper.doctor),
    ):
        for place, line in enumerate(lines):
            note = line.startswith("(")
            sheet.text(
                line,
                middle,
                y + 6.5 + place * 5.2,
                size=11 if note else 12.5,
                style="italic" if note else "bold",
                align="centre",
            )
        sheet.text(name, middle, y + 46, size=13, style="bold", align="centre")
        sign_name(sheet.pen, middle + rng.uniform(-3, 3), y + 31, rng, colour=BLUE)
    round_seal(
        sheet.stamp,
        50 + rng.uniform(-2, 3),
        y + 31,
        around=paper.agency.seal_around,
        inside=paper.agency.seal_inside,
        turned=rng.normal(0, 6),
    )


@dataclass(frozen=True, kw_only=True)
class Discharge:
    """What stands on a giấy ra viện."""

    agency: Agency
    number: str
    patient: Person
    address: str
    admitted: dt.date
    discharged: dt.date
    diagnosis: str
    treatment: str
    doctor: str
    head: str

    @property
    def document_number(self) -> str:
        return f"{self.number}/GRV"


def draw_discharge(paper: Discharge, habits: Habits, rng: np.random.Generator) -> Sheet:
    """Form of Circular 56/2017/TT-BYT Appendix 3; dated on the day of discharge."""
    sheet = Sheet(habits.face, left=26, right=18, top=habits.top)
    y = _letterhead(sheet, paper.agency)
    motto(sheet, 146, sheet.top + 4)
    edge = sheet.text("Số: ", 46, y + 2, size=HEAD_SIZE)
    _numbered(sheet, paper.number, "/GRV", edge, y + 2, habits.number_hand, rng)
    middle = (sheet.left + sheet.right) / 2
    sheet.text("GIẤY RA VIỆN", middle, y + 15, size=16, style="bold", align="centre")
    y, step, patient = y + 26, 7.4, paper.patient
    born = patient.birth_date.strftime("%d/%m/%Y")
    y = filled(sheet, [("- Họ tên người bệnh: ", patient.name.upper()), ("Ngày sinh: ", born)], y, step, second=138)
    y = filled(sheet, [("- Giới tính: ", "Nữ" if patient.female else "Nam"), ("Dân tộc: ", "Kinh")], y, step, second=90)
    y = filled(sheet, [("- Số định danh cá nhân/CCCD: ", patient.personal_id)], y, step)
    y = filled(sheet, [("- Mã số BHXH/Thẻ BHYT số: ", patient.insurance_number)], y, step)
    y = filled(sheet, [("- Địa chỉ: ", paper.address)], y, step)
    y = filled(sheet, [("- Vào viện lúc: ", f"08 giờ 15 phút, ngày {paper.admitted:%d/%m/%Y}")], y, step)
    y = filled(sheet, [("- Ra viện lúc: ", f"10 giờ 00 phút, ngày {paper.discharged:%d/%m/%Y}")], y, step)
    y = filled(sheet, [("- Chẩn đoán: ", paper.diagnosis)], y, step)
    y = filled(sheet, [("- Phương pháp điều trị: ", paper.treatment)], y, step)
    y = filled(sheet, [("- Ghi chú: ", "Tái khám theo hẹn, nghỉ ngơi tại nhà.")], y, step)
    _discharge_signed(sheet, paper, habits, y + 6, rng)
    return sheet


def _discharge_signed(sheet: Sheet, paper: Discharge, habits: Habits, y: float, rng: np.random.Generator) -> None:
    slanted_line(sheet, date_parts(f"{paper.agency.place}, ngày ", paper.discharged, habits), 146, y, rng)
    for middle, title, name in ((62, "TRƯỞNG KHOA ĐIỀU TRỊ", paper.doctor), (146, "GIÁM ĐỐC BỆNH VIỆN", paper.head)):
        sheet.text(title, middle, y + 6.5, size=12.5, style="bold", align="centre")
        sheet.text(name, middle, y + 36, size=13, style="bold", align="centre")
        sign_name(sheet.pen, middle, y + 22, rng, colour=BLUE)
    round_seal(sheet.stamp, 130, y + 22, around=paper.agency.seal_around, inside=paper.agency.seal_inside)
