"""One paper of a labelled set: any kind, any office, any hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from connector.demo.papers.agencies import Agency
from connector.demo.papers.civil_status import Birth, Death, draw_birth, draw_death
from connector.demo.papers.handwriting import BLACK, BLUE, Hand, some_hand, write
from connector.demo.papers.medical import Discharge, SickLeave, draw_discharge, draw_sick_leave
from connector.demo.papers.office_habits import PARTY, PARTY_KINDS, of_its_office, of_the_party
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.people import Person, some_person
from connector.demo.papers.places import commune_committee, some_agency, some_hospital
from connector.demo.papers.sheet import Drawing, Sheet
from connector.demo.papers.stamps import RED, VIOLET, incoming, round_seal, urgency
from connector.demo.papers.subjects import KINDS, Kind, signers, some_abstract, some_body
from connector.demo.papers.typefaces import ARIMO, COUSINE, FREE_SERIF, TINOS

# what share of a set has another layout than NĐ 30's
_FORMS = 0.24
_TYPED = 0.08
_BY_HAND = 0.45
_UNITS = "VP NC KTTH TH CĐ TNHS KHTC TCCB VX TTHC CCVC QLĐT".split()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A drawn paper before it is scanned; ``hand`` wrote its number, None if that is printed."""

    slug: str
    drawing: Drawing
    truth: dict[str, str]
    date: dt.date
    hand: Hand | None
    worn: bool = False


def draw_sample(rng: np.random.Generator, *, fonts: Sequence[Path]) -> Sample:
    """Any paper; ``fonts`` are handwriting fonts that may be used beside drawn strokes."""
    draw = rng.uniform()
    if draw < _FORMS:
        makers: tuple[Callable[[np.random.Generator, Habits, Hand | None], Sample], ...] = (
            _sick_leave,
            _discharge,
            _birth,
            _birth_extract,
            _death,
        )
        hand = some_hand(rng, fonts=fonts) if rng.uniform() < _BY_HAND else None
        habits = Habits(number_hand=hand, day_hand=hand, top=float(rng.uniform(18, 25)))
        return makers[int(rng.integers(len(makers)))](rng, habits, hand)
    return _official(rng, fonts, typed=draw < _FORMS + _TYPED)


def _official(rng: np.random.Generator, fonts: Sequence[Path], *, typed: bool) -> Sample:
    kinds = [kind for kind in KINDS if not typed or kind.name in ("Quyết định", "Công văn", "Thông báo", "Báo cáo")]
    shares = np.array([kind.share for kind in kinds])
    kind = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
    agency = some_agency(rng, council=kind.abbreviation == "NQ")
    date = _some_date(rng, (1991, 1999) if typed else (2011, 2026))
    hand = some_hand(rng, fonts=fonts) if rng.uniform() < _BY_HAND else None
    paper = _some_official(kind, agency, date, typed, rng)
    habits = _some_habits(hand, typed, rng)
    # dice of their own, so that what they are thrown for leaves the rest of the paper as it was
    own = rng.spawn(1)[0]
    if not typed and kind.name in PARTY_KINDS and own.uniform() < PARTY:
        paper = of_the_party(paper, own)
    paper, habits = of_its_office(paper, habits, own, typed=typed)
    agency = paper.agency
    sheet = draw_official(paper, habits, rng, first_page=lambda sheet: _stamped(sheet, agency, date, rng))
    abstract = f"V/v {paper.abstract}" if paper.heading is None else paper.abstract
    truth = {
        "document_type_code": kind.code,
        "document_name": kind.name,
        "document_number": paper.document_number,
        "issue_date": date.isoformat(),
        "issuing_authority": agency.name,
        "abstract": abstract,
    }
    worn = typed or bool(rng.uniform() < 0.15)
    return Sample(slug="van-ban", drawing=sheet.finish(), truth=truth, date=date, hand=hand, worn=worn)


def _some_official(kind: Kind, agency: Agency, date: dt.date, typed: bool, rng: np.random.Generator) -> Official:
    body, bases = some_body(kind, agency, date.year, rng)
    if typed:
        body = [text.replace("<i>", "").replace("</i>", "").replace("<b>", "").replace("</b>", "") for text in body]
    addressees = [some_agency(rng).name for _ in range(int(rng.integers(1, 4)))] if kind.addressed else []
    unit = str(rng.choice(_UNITS))
    if not kind.abbreviation:
        notation = f"{agency.short}-{unit}"
    else:
        notation = f"{kind.abbreviation}-{agency.short}" + (f"-{unit}" if typed and rng.uniform() < 0.4 else "")
    heading = None if not kind.abbreviation else kind.name.upper()
    person = some_person(rng)
    return Official(
        agency=agency,
        number=_some_number(rng),
        notation=notation,
        date=date,
        heading=heading,
        abstract=some_abstract(kind, agency, date.year, rng),
        body=body,
        addressees=addressees,
        middle=f"{heading}:" if kind.deciding else "",
        middle_after=bases,
        receivers=("Như trên" if addressees else "Như Điều 3", "Lãnh đạo cơ quan", f"Lưu: VT, {unit}"),
        signer=signers(agency, rng),
        signer_name=person.name,
    )


def _some_number(rng: np.random.Generator) -> str:
    """One to four digits, with the leading zero that Decree 30 asks for below ten."""
    number = int(
        rng.choice([rng.integers(1, 10), rng.integers(10, 100), rng.integers(100, 1000), rng.integers(1000, 5000)])
    )
    return f"{number:02d}"


def _some_date(rng: np.random.Generator, years: tuple[int, int]) -> dt.date:
    return dt.date(int(rng.integers(*years)), 1, 1) + dt.timedelta(days=int(rng.integers(0, 365)))


def _some_habits(hand: Hand | None, typed: bool, rng: np.random.Generator) -> Habits:
    """How an office prints; in 1994 on a typewriter."""
    month_hand = hand if hand and rng.uniform() < 0.2 else None
    signature = BLUE if rng.uniform() < 0.7 else BLACK
    habits = Habits(
        face=[TINOS, FREE_SERIF, ARIMO][int(rng.choice(3, p=[0.76, 0.14, 0.1]))],
        size=float(rng.choice([13.0, 13.5, 14.0])),
        top=float(rng.uniform(17, 26)),
        left=float(rng.uniform(26, 33)),
        leading=float(rng.uniform(1.15, 1.4)),
        number_hand=hand,
        day_hand=hand if hand and rng.uniform() < 0.85 else None,
        month_hand=month_hand,
        signature=signature,
    )
    if typed:
        return replace(habits, face=COUSINE, head_size=9.2, size=10.8, strong="regular", slanted="regular")
    return replace(habits, head_size=11.2, size=12.0) if habits.face is ARIMO else habits


def _stamped(sheet: Sheet, agency: Agency, date: dt.date, rng: np.random.Generator) -> None:
    """What was stamped on page 1 afterwards, if anything."""
    draw = rng.uniform()
    if draw < 0.07:
        text = str(rng.choice(["HỎA TỐC", "KHẨN", "THƯỢNG KHẨN"]))
        urgency(sheet.stamp, rng.uniform(45, 75), rng.uniform(78, 100), text=text, turned=rng.normal(8, 9))
    elif draw < 0.22:
        _arrived(sheet, date, rng)
    elif draw < 0.26:
        # a seal set by mistake over the date
        round_seal(sheet.stamp, rng.uniform(150, 175), rng.uniform(45, 58), around=agency.seal_around)


def _arrived(sheet: Sheet, date: dt.date, rng: np.random.Generator) -> None:
    """CÔNG VĂN ĐẾN with the receiving office's own number and day, by hand."""
    colour = RED if rng.uniform() < 0.6 else VIOLET
    turned = float(rng.normal(0, 4))
    x, y = rng.uniform(40, 62), rng.uniform(80, 105)
    office = str(rng.choice(["VĂN PHÒNG UBND TỈNH", "BHXH TỈNH QUẢNG NGÃI", "TRUNG TÂM LƯU TRỮ", "PHÒNG NỘI VỤ"]))
    slot_x, slot_y = incoming(sheet.stamp, x, y, office=office, turned=turned, colour=colour)
    hand = some_hand(rng, colour=BLUE)
    small = replace(hand, size=3.4, pen=min(hand.pen, 0.5))
    write(sheet.pen, str(int(rng.integers(20, 4000))), slot_x, slot_y, small, rng)
    arrived = date + dt.timedelta(days=int(rng.integers(1, 9)))
    write(sheet.pen, f"{arrived.day}/{arrived.month}", slot_x + 2, slot_y + 5, small, rng)


def _some_address(rng: np.random.Generator) -> str:
    return f"Tổ {int(rng.integers(1, 20))}, {commune_committee(rng).name.removeprefix('Ủy ban nhân dân ')}"


def _owner(person: Person) -> dict[str, str]:
    return {
        "owner_id": person.personal_id,
        "owner_name": person.name,
        "owner_birth_date": person.birth_date.isoformat(),
    }


def _form(code: str, name: str, number: str, date: dt.date, agency: Agency, owner: Person) -> dict[str, str]:
    return {
        "document_type_code": code,
        "document_name": name,
        "document_number": number,
        "issue_date": date.isoformat(),
        "issuing_authority": agency.name,
    } | _owner(owner)


def _sick_leave(rng: np.random.Generator, habits: Habits, hand: Hand | None) -> Sample:
    date = _some_date(rng, (2018, 2026))
    paper = SickLeave(
        agency=some_hospital(rng),
        number=f"{int(rng.integers(1, 3000)):04d}",
        serial=f"{int(rng.integers(10, 99))}A{int(rng.integers(0, 10**7)):07d}",
        patient=some_person(rng),
        employer=str(
            rng.choice(["Công ty TNHH May Bình Minh (mẫu)", "Trường THCS Hoa Sen (mẫu)", "Xí nghiệp Gạch Tuynel"])
        ),
        diagnosis=str(rng.choice(["Viêm phế quản cấp (J20)", "Đau thắt lưng (M54.5)", "Sốt xuất huyết (A97)"])),
        treatment=str(rng.choice(["Nội khoa, nghỉ ngơi tại nhà", "Thuốc theo đơn, tái khám sau 5 ngày"])),
        first_day=date,
        days=int(rng.integers(2, 11)),
        date=date,
        doctor=f"BS. {some_person(rng).name}",
        head=f"BSCKI. {some_person(rng).name}",
    )
    name = "Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội"
    truth = _form("MAU-C65HD", name, paper.document_number, date, paper.agency, paper.patient)
    drawing = draw_sick_leave(paper, habits, rng).finish()
    return Sample(slug="c65-hd", drawing=drawing, truth=truth, date=date, hand=hand)


def _discharge(rng: np.random.Generator, habits: Habits, hand: Hand | None) -> Sample:
    date = _some_date(rng, (2018, 2026))
    paper = Discharge(
        agency=some_hospital(rng),
        number=_some_number(rng),
        patient=some_person(rng),
        address=_some_address(rng),
        admitted=date - dt.timedelta(days=int(rng.integers(2, 15))),
        discharged=date,
        diagnosis=str(rng.choice(["Viêm ruột thừa cấp (K35)", "Tăng huyết áp (I10)", "Gãy kín xương quay (S52)"])),
        treatment=str(rng.choice(["Phẫu thuật nội soi, kháng sinh", "Nội khoa", "Bó bột, giảm đau"])),
        doctor=f"BS. {some_person(rng).name}",
        head=f"BSCKII. {some_person(rng).name}",
    )
    truth = _form("MAU-GRV", "Giấy ra viện", paper.document_number, date, paper.agency, paper.patient)
    drawing = draw_discharge(paper, habits, rng).finish()
    return Sample(slug="giay-ra-vien", drawing=drawing, truth=truth, date=date, hand=hand)


def _birth(rng: np.random.Generator, habits: Habits, hand: Hand | None, *, extract: bool = False) -> Sample:
    date = _some_date(rng, (2017, 2026))
    father = some_person(rng, female=False)
    born = date - dt.timedelta(days=int(rng.integers(420, 900) if extract else rng.integers(3, 50)))
    paper = Birth(
        agency=commune_committee(rng),
        number=_some_number(rng),
        child=some_person(rng, family=father.name.split()[0], born_on=born),
        birthplace=some_hospital(rng).name,
        home=_some_address(rng),
        mother=some_person(rng, female=True),
        father=father,
        residence=_some_address(rng),
        registered=date - dt.timedelta(days=int(rng.integers(0, 400))) if extract else date,
        signer_position="CHỦ TỊCH" if rng.uniform() < 0.5 else "PHÓ CHỦ TỊCH",
        signer_name=some_person(rng).name,
        extract=extract,
        issued=date if extract else None,
    )
    code, name = ("MAU-TLKS", "Trích lục khai sinh") if extract else ("MAU-GKS", "Giấy khai sinh")
    truth = _form(code, name, paper.document_number, date, paper.agency, paper.child)
    drawing = draw_birth(paper, habits, rng).finish()
    return Sample(slug="khai-sinh", drawing=drawing, truth=truth, date=date, hand=hand)


def _birth_extract(rng: np.random.Generator, habits: Habits, hand: Hand | None) -> Sample:
    return _birth(rng, habits, hand, extract=True)


def _death(rng: np.random.Generator, habits: Habits, hand: Hand | None) -> Sample:
    date = _some_date(rng, (2017, 2026))
    paper = Death(
        agency=commune_committee(rng),
        number=_some_number(rng),
        deceased=some_person(rng, born=(1930, 1970)),
        home=_some_address(rng),
        died=date - dt.timedelta(days=int(rng.integers(1, 14))),
        registered=date,
        issued=date,
        signer_position="CHỦ TỊCH" if rng.uniform() < 0.5 else "PHÓ CHỦ TỊCH",
        signer_name=some_person(rng).name,
    )
    truth = _form("MAU-TLKT", "Trích lục khai tử", paper.document_number, date, paper.agency, paper.deceased)
    drawing = draw_death(paper, habits, rng).finish()
    return Sample(slug="khai-tu", drawing=drawing, truth=truth, date=date, hand=hand)
