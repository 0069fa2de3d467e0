"""Made-up people: plausible names, numbers that no register has given out on purpose of this project."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

FAMILY_NAMES = "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Cao Tạ Mai".split()
MIDDLE_FEMALE = "Thị Thị Thị Ngọc Thu Thanh Bảo Khánh Hoài Kim Diệu Mỹ".split()
MIDDLE_MALE = "Văn Văn Hữu Đức Quang Minh Công Xuân Đình Anh Thành Quốc".split()
GIVEN_FEMALE = "An Anh Bích Châu Diễm Dung Giang Hà Hạnh Hiền Hoa Hương Lan Liên Mai Nga Ngân Nhung Oanh Phương".split()
GIVEN_MALE = (
    "Bình Cường Dũng Duy Đạt Hải Hiếu Hoàng Hùng Khoa Long Mạnh Nam Nghĩa Phong Quân Sơn Tài Thắng Tuấn".split()
)
# a run of numbers that starts with three zeros marks an id as made up
_SYNTHETIC_TAIL = 1000


@dataclass(frozen=True, kw_only=True)
class Person:
    """A made-up person; ``personal_id`` has the form of Decree 137/2015 Art. 13 and a tail 000xxx."""

    name: str
    female: bool
    birth_date: dt.date
    personal_id: str
    insurance_number: str


def person_id(province: str, birth_date: dt.date, female: bool, tail: int) -> str:
    """The 12 digits: province, century and sex, birth year, a synthetic tail."""
    century = 2 * (birth_date.year // 100 - 19) + female
    return f"{province}{century}{birth_date.year % 100:02d}{tail:06d}"


def some_person(
    rng: np.random.Generator,
    *,
    born: tuple[int, int] = (1965, 2003),
    province: str = "051",
    female: bool | None = None,
    family: str | None = None,
    born_on: dt.date | None = None,
) -> Person:
    """Anyone born between two years, or on a day; of one sex or family where that is asked."""
    female = bool(rng.uniform() < 0.5) if female is None else female
    middle, given = (MIDDLE_FEMALE, GIVEN_FEMALE) if female else (MIDDLE_MALE, GIVEN_MALE)
    birth_date = born_on or dt.date(int(rng.integers(*born)), 1, 1) + dt.timedelta(days=int(rng.integers(0, 365)))
    return Person(
        name=f"{family or rng.choice(FAMILY_NAMES)} {rng.choice(middle)} {rng.choice(given)}",
        female=female,
        birth_date=birth_date,
        personal_id=person_id(province, birth_date, female, int(rng.integers(1, _SYNTHETIC_TAIL))),
        insurance_number=f"51{int(rng.integers(0, 10**5)):05d}000",
    )
