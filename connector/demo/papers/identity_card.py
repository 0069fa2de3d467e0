"""A sheet with both sides of an identity card: a paper that is only shown (Decision 1333 Art. 5.3)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import zxingcpp
from PIL import Image

from connector.demo.papers.people import Person
from connector.demo.papers.sheet import HEIGHT, MM, Sheet
from connector.demo.papers.typefaces import ARIMO

_WIDTH, _HEIGHT = 100.0, 63.0
_LEFT = 55.0


def draw_identity_card(holder: Person, home: str, rng: np.random.Generator) -> Sheet:
    """Front and back on one page, marked as a specimen: no real card looks like this."""
    sheet = Sheet(ARIMO, top=23)
    expiry = dt.date(holder.birth_date.year + 40, holder.birth_date.month, min(holder.birth_date.day, 28))
    _card(sheet, 45)
    _front(sheet, holder, home, expiry, 45)
    _card(sheet, 125)
    _back(sheet, 125, rng)
    canvas = sheet.print
    canvas.saveState()
    canvas.setFillColorRGB(0.55, 0.55, 0.55)
    canvas.translate(105 * MM, (HEIGHT - 220) * MM)
    canvas.setFont(ARIMO.font("bold"), 26)
    canvas.drawCentredString(0, 0, "MẪU - DỮ LIỆU GIẢ LẬP")
    canvas.restoreState()
    return sheet


def card_code(holder: Person, home: str) -> str:
    """What the code of a card says: id, old id, name, birth, sex, home and day of issue between bars."""
    sex = "Nữ" if holder.female else "Nam"
    return f"{holder.personal_id}||{holder.name}|{holder.birth_date:%d%m%Y}|{sex}|{home}|01012022"


def draw_code(sheet: Sheet, text: str, x: float, y: float, size: float) -> None:
    """A QR code with its top left corner at (x, y), all in millimetres."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = Image.fromarray(np.asarray(code.to_image(scale=8, add_quiet_zones=False)))
    sheet.print.drawInlineImage(picture, x * MM, (HEIGHT - y - size) * MM, size * MM, size * MM)


def _card(sheet: Sheet, top: float) -> None:
    canvas = sheet.print
    canvas.saveState()
    canvas.setFillColorRGB(0.86, 0.93, 0.95)
    canvas.setStrokeColorRGB(0.5, 0.62, 0.66)
    canvas.setLineWidth(0.6)
    canvas.roundRect(_LEFT * MM, (HEIGHT - top - _HEIGHT) * MM, _WIDTH * MM, _HEIGHT * MM, 4 * MM, stroke=1, fill=1)
    canvas.setStrokeColorRGB(0.78, 0.88, 0.91)
    for step in range(14):
        y = (HEIGHT - top - 6 - step * 4) * MM
        canvas.bezier(
            (_LEFT + 3) * MM, y, (_LEFT + 35) * MM, y + 9, (_LEFT + 65) * MM, y - 9, (_LEFT + _WIDTH - 3) * MM, y
        )
    canvas.restoreState()


def _front(sheet: Sheet, holder: Person, home: str, expiry: dt.date, top: float) -> None:
    middle = _LEFT + 62
    sheet.text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", middle, top + 7, size=6.6, style="bold", align="centre")
    sheet.text("Độc lập - Tự do - Hạnh phúc", middle, top + 10.4, size=6.2, align="centre")
    draw_code(sheet, card_code(holder, home), _LEFT + _WIDTH - 18, top + 12, 14.0)
    sheet.text("CĂN CƯỚC CÔNG DÂN", middle, top + 17.5, size=11, style="bold", align="centre")
    _portrait(sheet, top + 19)
    rows = (
        ("Số: ", holder.personal_id, 9.0),
        ("Họ và tên: ", holder.name.upper(), 7.2),
        ("Ngày sinh: ", holder.birth_date.strftime("%d/%m/%Y"), 6.6),
        ("Giới tính: ", f"{'Nữ' if holder.female else 'Nam'}      Quốc tịch: Việt Nam", 6.6),
        ("Nơi thường trú: ", home, 6.6),
    )
    y = top + 25
    for label, value, size in rows:
        edge = sheet.text(label, _LEFT + 33, y, size=6.4)
        sheet.text(value, edge + 0.5, y, size=size, style="bold" if size > 7 else "regular")
        y += 6.4
    sheet.text(f"Có giá trị đến: {expiry:%d/%m/%Y}", _LEFT + 6, top + 58.5, size=5.6)


def _portrait(sheet: Sheet, top: float) -> None:
    canvas = sheet.print
    canvas.saveState()
    canvas.setFillColorRGB(0.72, 0.80, 0.84)
    canvas.rect((_LEFT + 6) * MM, (HEIGHT - top - 33) * MM, 23 * MM, 33 * MM, stroke=0, fill=1)
    canvas.setFillColorRGB(0.48, 0.54, 0.58)
    canvas.circle((_LEFT + 17.5) * MM, (HEIGHT - top - 13) * MM, 5.2 * MM, stroke=0, fill=1)
    canvas.ellipse(
        (_LEFT + 8) * MM, (HEIGHT - top - 43) * MM, (_LEFT + 27) * MM, (HEIGHT - top - 20) * MM, stroke=0, fill=1
    )
    canvas.setFillColorRGB(0.86, 0.93, 0.95)
    canvas.rect((_LEFT + 6) * MM, (HEIGHT - top - 45) * MM, 23 * MM, 12 * MM, stroke=0, fill=1)
    canvas.restoreState()


def _back(sheet: Sheet, top: float, rng: np.random.Generator) -> None:
    sheet.text("Đặc điểm nhận dạng: Sẹo nhỏ cách 1 cm trên đuôi mày trái", _LEFT + 6, top + 9, size=6.4)
    sheet.text("CỤC TRƯỞNG CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH", _LEFT + 64, top + 18, size=5.4, align="centre")
    sheet.text("VỀ TRẬT TỰ XÃ HỘI", _LEFT + 64, top + 21.2, size=5.4, align="centre")
    canvas = sheet.print
    canvas.saveState()
    canvas.setStrokeColorRGB(0.55, 0.60, 0.62)
    for place in range(2):
        for ring in range(7):
            canvas.ellipse(
                (_LEFT + 10 + place * 15 - ring * 0.75) * MM,
                (HEIGHT - top - 28 - ring) * MM,
                (_LEFT + 10 + place * 15 + ring * 0.75) * MM,
                (HEIGHT - top - 28 + ring) * MM,
            )
    canvas.restoreState()
    for place in range(3):
        line = "".join(rng.choice(list("<<<<<0123456789ABCDXYZ"), 30))
        sheet.text(f"MAU{line[3:]}", _LEFT + 6, top + 46 + place * 5, size=9.5)
