"""What some offices do otherwise than most: older titles, wider gaps, small letters, papers of the Party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from connector.demo.papers.agencies import Agency, balanced, without_rank
from connector.demo.papers.official import Habits, Official
from connector.demo.papers.places import COMMUNES, PROVINCES

# what share of papers
_YEAR_IN_NUMBER, _ISSUER, _OTHER_LEAD, _SMALL_LETTERS, _PLAIN_ABSTRACT, _ROOM = 0.3, 0.5, 0.2, 0.06, 0.15, 0.1
PARTY = 0.08
PARTY_KINDS = frozenset({"Quyết định", "Công văn", "Thông báo", "Báo cáo", "Kế hoạch", "Chỉ thị", "Tờ trình"})
_LEADS = ("V/v:", "Về việc")
_RULERS = {"UBND": ("CHỦ TỊCH ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN")}


def of_its_office(paper: Official, habits: Habits, rng: np.random.Generator, *, typed: bool) -> tuple[Official, Habits]:
    """The same paper, printed as its office is used to."""
    if paper.notation.startswith(("QĐ-UBND", "NQ-HĐND")) and not typed and rng.uniform() < _YEAR_IN_NUMBER:
        paper = replace(paper, notation=f"{paper.date.year}/{paper.notation}")
    if typed and paper.heading == "QUYẾT ĐỊNH" and rng.uniform() < _ISSUER:
        paper = replace(paper, issuer=_issuer(paper.agency, rng))
    if paper.heading is None and rng.uniform() < _OTHER_LEAD:
        paper = replace(paper, lead=str(rng.choice(_LEADS)))
    if paper.agency.parent_lines and rng.uniform() < _SMALL_LETTERS:
        lines = balanced(paper.agency.name)
        paper = replace(paper, agency=replace(paper.agency, lines=lines))
    if rng.uniform() < _PLAIN_ABSTRACT:
        habits = replace(habits, abstract_style="regular", abstract_rule=bool(rng.uniform() < 0.5))
    if rng.uniform() < _ROOM:
        habits = replace(habits, number_room=" " * int(rng.integers(1, 5)))
    return paper, replace(habits, abstract_width=int(rng.integers(34, 54)))


def _issuer(agency: Agency, rng: np.random.Generator) -> Sequence[str]:
    """CỦA and who decides, on one or two lines."""
    printed = agency.name.upper()
    if agency.short in _RULERS:
        ruler = str(rng.choice(_RULERS[agency.short]))
        printed = printed.replace("ỦY BAN NHÂN DÂN", ruler)
    else:
        printed = f"GIÁM ĐỐC {printed}"
    return balanced(f"CỦA {printed}", longest=44)


def some_committee(rng: np.random.Generator) -> tuple[Agency, str]:
    """A committee of the Party with its letters in a notation: Tỉnh ủy (TU), Huyện ủy (HU), Đảng ủy (ĐU)."""
    province = str(rng.choice(list(PROVINCES)))
    district = str(rng.choice([one for one in PROVINCES[province] if one.startswith("huyện")]))
    commune = str(rng.choice([one for one in COMMUNES if one.startswith("xã")]))
    options = (
        (f"Tỉnh ủy {province}", (), province, "TU"),
        (f"Huyện ủy {without_rank(district)}", (f"ĐẢNG BỘ TỈNH {province.upper()}",), without_rank(district), "HU"),
        (f"Đảng ủy {commune}", (f"ĐẢNG BỘ {district.upper()}",), without_rank(commune), "ĐU"),
    )
    name, parent, place, short = options[int(rng.integers(len(options)))]
    agency = Agency(
        name=name,
        lines=balanced(name.upper()),
        parent_lines=parent,
        place=place,
        short=short,
        seal_around=name.upper(),
    )
    return agency, short


def of_the_party(paper: Official, rng: np.random.Generator) -> Official:
    """The paper as a committee of the Party issues it: `Số 15-CV/TU`, no motto, the abstract in small letters."""
    agency, short = some_committee(rng)
    kind = paper.notation.split("-")[0] if paper.heading is not None else "CV"
    abstract = paper.abstract[:1].lower() + paper.abstract[1:]
    return replace(
        paper,
        agency=agency,
        notation=f"{kind}/{short}",
        separator="-",
        abstract=abstract,
        signer=("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"),
    )
