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
        place=without_rank(district),
        short="BHXH",
        seal_around=f"BẢO HIỂM XÃ HỘI TỈNH {province.upper()}",
        seal_inside=("BẢO HIỂM", "XÃ HỘI", district.upper()),
    )


def people_committee_of_commune(commune: str, district: str, province: str) -> Agency:
    """UBND of a commune; ``commune`` as in "xã Tịnh Giang"."""
    return Agency(
        name=f"Ủy ban nhân dân {commune}",
        lines=("ỦY BAN NHÂN DÂN", commune.upper()),
        place=without_rank(commune),
        short="UBND",
        seal_around=f"{district.upper()} - T. {province.upper()}",
        seal_inside=(),
    )


def hospital(name: str, province: str) -> Agency:
    """A hospital below the province's department of health; ``name`` as in "Bệnh viện Đa khoa tỉnh Quảng Ngãi"."""
    return Agency(
        name=name,
        lines=balanced(name.upper()),
        parent_lines=(f"SỞ Y TẾ TỈNH {province.upper()}",),
        place=province,
        short="BV",
        seal_around=f"SỞ Y TẾ {province.upper()}",
        seal_inside=balanced(name.upper()),
    )


def without_rank(unit: str) -> str:
    """The name of an administrative unit without its rank: "huyện Sơn Tịnh" -> "Sơn Tịnh"."""
    for rank in ("thành phố ", "thị xã ", "thị trấn ", "huyện ", "phường ", "xã "):
        unit = unit.removeprefix(rank)
    return unit


def balanced(text: str, *, longest: int = 26) -> tuple[str, ...]:
    """The text on as few lines as hold it, all of about one length."""
    words = text.split()
    for count in range(1, len(words) + 1):
        lines = [" ".join(words[start:end]) for start, end in _cuts([len(word) for word in words], count)]
        if max(len(line) for line in lines) <= longest or count == len(words):
            return tuple(lines)
    return (text,)


def _cuts(lengths: Sequence[int], count: int) -> list[tuple[int, int]]:
    """Where to break words into ``count`` lines so that the longest is shortest."""
    best: dict[tuple[int, int], tuple[int, list[tuple[int, int]]]] = {(0, 0): (0, [])}
    for line in range(1, count + 1):
        for end in range(line, len(lengths) + 1):
            options = [
                (max(best[line - 1, start][0], sum(lengths[start:end]) + end - start - 1), start)
                for start in range(line - 1, end)
                if (line - 1, start) in best
            ]
            width, start = min(options)
            best[line, end] = (width, [*best[line - 1, start][1], (start, end)])
    return best[count, len(lengths)][1]
