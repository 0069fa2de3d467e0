"""Places and offices for labelled sets; some are made up, so that no list of real names knows them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from connector.demo.papers.agencies import (
    Agency,
    balanced,
    hospital,
    people_committee_of_commune,
    social_insurance_of_district,
    social_insurance_of_province,
    without_rank,
)

# province -> some of its districts; the last of each is made up
PROVINCES: dict[str, tuple[str, ...]] = {
    "An Giang": ("huyện Châu Phú", "thị xã Tân Châu", "huyện Vĩnh Lộc Tây"),
    "Bắc Giang": ("huyện Lục Ngạn", "huyện Yên Dũng", "huyện Sơn Khê"),
    "Bến Tre": ("huyện Ba Tri", "huyện Giồng Trôm", "huyện Rạch Dừa"),
    "Bình Định": ("huyện Tuy Phước", "thị xã An Nhơn", "huyện Vân Hòa"),
    "Cà Mau": ("huyện Năm Căn", "huyện U Minh", "huyện Biển Bạch Tây"),
    "Đắk Lắk": ("huyện Cư M'gar", "huyện Krông Pắc", "huyện Ea Tul"),
    "Điện Biên": ("huyện Mường Nhé", "huyện Tủa Chùa", "huyện Nậm Lay"),
    "Đồng Nai": ("huyện Xuân Lộc", "huyện Trảng Bom", "huyện Suối Tre"),
    "Gia Lai": ("huyện Chư Sê", "huyện Ia Grai", "huyện Ia Băng"),
    "Hà Giang": ("huyện Đồng Văn", "huyện Quản Bạ", "huyện Sà Phìn"),
    "Hà Tĩnh": ("huyện Can Lộc", "huyện Hương Khê", "huyện Ngàn Sâu"),
    "Khánh Hòa": ("huyện Diên Khánh", "thị xã Ninh Hòa", "huyện Suối Ngổ"),
    "Lạng Sơn": ("huyện Bắc Sơn", "huyện Chi Lăng", "huyện Mẫu Lâm"),
    "Nghệ An": ("huyện Quỳ Hợp", "huyện Đô Lương", "huyện Nậm Giải"),
    "Quảng Nam": ("huyện Đại Lộc", "huyện Tiên Phước", "huyện Trà Leng"),
    "Quảng Ngãi": ("huyện Sơn Tịnh", "huyện Nghĩa Hành", "huyện Trà Bồng", "huyện Sơn Mỹ Tây"),
    "Sóc Trăng": ("huyện Kế Sách", "huyện Mỹ Xuyên", "huyện Cù Lao Tây"),
    "Thái Bình": ("huyện Kiến Xương", "huyện Quỳnh Phụ", "huyện Diêm Hộ"),
    "Thanh Hóa": ("huyện Thọ Xuân", "huyện Nga Sơn", "huyện Mường Lý"),
    "Tuyên Quang": ("huyện Na Hang", "huyện Chiêm Hóa", "huyện Thượng Lâm"),
}
COMMUNES = (
    "xã Bình Thạnh", "xã Tịnh Ấn Đông", "xã Nghĩa Lâm", "xã Hòa Phú", "xã Đức Chánh", "xã Ia Hrú Đông", "xã Cẩm Yên",
    "xã Phước Lộc", "phường Trần Phú", "phường Nghĩa Lộ", "thị trấn Sông Vệ", "xã Mường Khoa", "xã Tân Khánh Trung",
    "xã Sơn Lĩnh Hạ", "xã Đồi Sim", "xã Suối Quýt",
)  # fmt: skip
DEPARTMENTS = {
    "Sở Nội vụ": "SNV", "Sở Tài chính": "STC", "Sở Y tế": "SYT", "Sở Tư pháp": "STP", "Sở Giáo dục và Đào tạo": "SGDĐT",
    "Sở Lao động - Thương binh và Xã hội": "SLĐTBXH", "Sở Tài nguyên và Môi trường": "STNMT", "Sở Xây dựng": "SXD",
    "Sở Thông tin và Truyền thông": "STTTT", "Sở Văn hóa, Thể thao và Du lịch": "SVHTTDL", "Sở Công Thương": "SCT",
}  # fmt: skip
# name, short form, parent; most of them stand in no list
ODD_OFFICES = (
    ("Trung tâm Nuôi dưỡng người có công Suối Ngọc", "TTNDNCC", "Sở Lao động - Thương binh và Xã hội"),
    ("Ban Quản lý Khu di tích Đồi Sim", "BQLDT", "Sở Văn hóa, Thể thao và Du lịch"),
    ("Công ty Cổ phần Thủy nông Nam Sông Trà", "TNNST", ""),
    ("Trường Cao đẳng Nghề Việt Khê", "CĐNVK", "Bộ Lao động - Thương binh và Xã hội"),
    ("Trung tâm Dịch vụ việc làm Hải Đăng", "TTDVVL", "Sở Lao động - Thương binh và Xã hội"),
    ("Liên đoàn Lao động huyện Ngàn Sâu", "LĐLĐ", "Liên đoàn Lao động tỉnh Hà Tĩnh"),
    ("Hội đồng Giám định y khoa tỉnh Bến Tre", "HĐGĐYK", "Sở Y tế tỉnh Bến Tre"),
    ("Ban Quản lý rừng phòng hộ Thạch Nham", "BQLRPH", "Sở Nông nghiệp và Phát triển nông thôn"),
    ("Công ty TNHH Một thành viên Giày Phương Mai", "GPM", ""),
    ("Chi cục Kiểm lâm vùng Nậm Lay", "CCKL", "Cục Kiểm lâm"),
)


def _province(rng: np.random.Generator) -> str:
    return str(rng.choice(list(PROVINCES)))


def _district(rng: np.random.Generator) -> tuple[str, str]:
    province = _province(rng)
    return str(rng.choice(PROVINCES[province])), province


def _committee_of_province(rng: np.random.Generator) -> Agency:
    province = _province(rng)
    return Agency(
        name=f"Ủy ban nhân dân tỉnh {province}",
        lines=("ỦY BAN NHÂN DÂN", f"TỈNH {province.upper()}"),
        place=province,
        short="UBND",
        seal_around=f"ỦY BAN NHÂN DÂN TỈNH {province.upper()}",
    )


def _committee_of_district(rng: np.random.Generator) -> Agency:
    district, province = _district(rng)
    return Agency(
        name=f"Ủy ban nhân dân {district}",
        lines=("ỦY BAN NHÂN DÂN", district.upper()),
        place=without_rank(district),
        short="UBND",
        seal_around=f"ỦY BAN NHÂN DÂN {district.upper()}",
        parent_lines=(f"TỈNH {province.upper()}",) if rng.uniform() < 0.15 else (),
    )


def commune_committee(rng: np.random.Generator) -> Agency:
    """UBND of a commune, the one that registers births and deaths."""
    district, province = _district(rng)
    return people_committee_of_commune(str(rng.choice(COMMUNES)), district, province)


def _council(rng: np.random.Generator) -> Agency:
    province = _province(rng)
    return Agency(
        name=f"Hội đồng nhân dân tỉnh {province}",
        lines=("HỘI ĐỒNG NHÂN DÂN", f"TỈNH {province.upper()}"),
        place=province,
        short="HĐND",
        seal_around=f"HỘI ĐỒNG NHÂN DÂN TỈNH {province.upper()}",
    )


def _department(rng: np.random.Generator) -> Agency:
    province, name = _province(rng), str(rng.choice(list(DEPARTMENTS)))
    return _below(name, DEPARTMENTS[name], f"Ủy ban nhân dân tỉnh {province}", province)


def _odd_office(rng: np.random.Generator) -> Agency:
    name, short, parent = ODD_OFFICES[int(rng.integers(len(ODD_OFFICES)))]
    return _below(name, short, parent, _province(rng))


def _below(name: str, short: str, parent: str, place: str) -> Agency:
    upper = parent.upper().replace("ỦY BAN NHÂN DÂN TỈNH", "UBND TỈNH")
    return Agency(
        name=name,
        lines=balanced(name.upper()),
        parent_lines=balanced(upper, longest=30) if parent else (),
        place=place,
        short=short,
        seal_around=upper or place.upper(),
        seal_inside=balanced(name.upper(), longest=16),
    )


def _insurance_of_province(rng: np.random.Generator) -> Agency:
    return social_insurance_of_province(_province(rng))


def _insurance_of_district(rng: np.random.Generator) -> Agency:
    return social_insurance_of_district(*_district(rng))


def some_hospital(rng: np.random.Generator) -> Agency:
    """A hospital or a district's health centre."""
    district, province = _district(rng)
    kinds = (
        f"Bệnh viện Đa khoa tỉnh {province}",
        f"Trung tâm Y tế {district}",
        "Bệnh viện Phục hồi chức năng Suối Mơ",
        f"Bệnh viện Đa khoa khu vực {without_rank(district)}",
    )
    return hospital(str(rng.choice(kinds)), province)


_KINDS: tuple[tuple[Callable[[np.random.Generator], Agency], float], ...] = (
    (_committee_of_province, 0.2),
    (_committee_of_district, 0.14),
    (commune_committee, 0.12),
    (_department, 0.14),
    (_insurance_of_province, 0.14),
    (_insurance_of_district, 0.12),
    (_odd_office, 0.14),
)


def some_agency(rng: np.random.Generator, *, council: bool = False) -> Agency:
    """Any issuing agency; ``council`` where only a people's council issues (nghị quyết)."""
    if council:
        return _council(rng)
    makers = [maker for maker, _ in _KINDS]
    return makers[int(rng.choice(len(makers), p=[share for _, share in _KINDS]))](rng)
