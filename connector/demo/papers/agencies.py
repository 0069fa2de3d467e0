"""Agencies as their papers name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Agency:
    """An issuing agency: its name in normal capitals, the header's lines, its place and its seal."""

    name: str
    lines: Sequence[str]
    place: str
    short: str  # as in a notation: UBND, BHXH
    parent_lines: Sequence[str] = ()
    seal_around: str = ""
    seal_inside: Sequence[str] = ()


def social_insurance_of_province(province: str, *, place: str | None = None) -> Agency:
    """BHXH of a province, below BHXH Việt Nam."""
    return Agency(
        name=f"Bảo hiểm xã hội tỉnh {province}",
        lines=("BẢO HIỂM XÃ HỘI", f"TỈNH {province.upper()}"),
        parent_lines=("BẢO HIỂM XÃ HỘI VIỆT NAM",),
        place=place or province,
        short="BHXH",
        seal_around="BẢO HIỂM XÃ HỘI VIỆT NAM",
        seal_inside=("BẢO HIỂM", "XÃ HỘI", f"TỈNH {province.upper()}"),
    )


def social_insurance_of_district(district: str, province: str) -> Agency:
    """BHXH of a district, below that of its province; ``district`` as in "huyện Sơn Tịnh"."""
    return Agency(
        name=f"Bảo hiểm xã hội {district}",
        lines=("BẢO HIỂM XÃ HỘI", district.upper()),
        parent_lines=(f"BHXH TỈNH {province.upper()}",),
        place=district.split(" ", 1)[1] if not district.startswith("thành phố") else district[10:],
        short="BHXH",
        seal_around=f"BẢO HIỂM XÃ HỘI TỈNH {province.upper()}",
        seal_inside=("BẢO HIỂM", "XÃ HỘI", district.upper()),
    )


def people_committee_of_commune(commune: str, district: str, province: str) -> Agency:
    """UBND of a commune; ``commune`` as in "xã Tịnh Giang"."""
    name = commune.split(" ", 1)[1]
    return Agency(
        name=f"Ủy ban nhân dân {commune}",
        lines=("ỦY BAN NHÂN DÂN", commune.upper()),
        place=name,
        short="UBND",
        seal_around=f"{district.upper()} - T. {province.upper()}",
        seal_inside=(),
    )


def hospital(name: str, province: str) -> Agency:
    """A hospital below the province's department of health; ``name`` as in "Bệnh viện Đa khoa tỉnh Quảng Ngãi"."""
    return Agency(
        name=name,
        lines=_balanced(name.upper()),
        parent_lines=(f"SỞ Y TẾ TỈNH {province.upper()}",),
        place=province,
        short="BV",
        seal_around=f"SỞ Y TẾ {province.upper()}",
        seal_inside=_balanced(name.upper()),
    )


def _balanced(text: str) -> tuple[str, ...]:
    """One line, or two of about the same length where one is too long for a header's column."""
    if len(text) <= 26:
        return (text,)
    words = text.split()
    cut = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))))
    return " ".join(words[:cut]), " ".join(words[cut:])
