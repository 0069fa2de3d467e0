"""Kinds of official papers, and what they may be about: put together anew for each paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connector.demo.papers.agencies import Agency
from connector.demo.papers.people import some_person


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A named type of NĐ 30: sample code, name, abbreviation in the notation, share in a set."""

    code: str
    name: str
    abbreviation: str
    share: float
    addressed: bool = False
    deciding: bool = False


KINDS = (
    Kind(code="MAU-QD", name="Quyết định", abbreviation="QĐ", share=0.22, deciding=True),
    Kind(code="MAU-CV", name="Công văn", abbreviation="", share=0.2, addressed=True),
    Kind(code="MAU-TB", name="Thông báo", abbreviation="TB", share=0.09),
    Kind(code="MAU-CT", name="Chỉ thị", abbreviation="CT", share=0.07),
    Kind(code="MAU-TTR", name="Tờ trình", abbreviation="TTr", share=0.08, addressed=True),
    Kind(code="MAU-BC", name="Báo cáo", abbreviation="BC", share=0.08),
    Kind(code="MAU-KH", name="Kế hoạch", abbreviation="KH", share=0.08),
    Kind(code="MAU-NQ", name="Nghị quyết", abbreviation="NQ", share=0.05, deciding=True),
    Kind(code="MAU-HD", name="Hướng dẫn", abbreviation="HD", share=0.05),
    Kind(code="MAU-GM", name="Giấy mời", abbreviation="GM", share=0.05, addressed=True),
    Kind(code="MAU-BB", name="Biên bản", abbreviation="BB", share=0.03),
)

_ACTIONS = (
    "tăng cường công tác", "triển khai thực hiện", "đẩy mạnh", "kiểm tra, giám sát", "sơ kết", "tổng kết", "chấn chỉnh",
    "nâng cao chất lượng", "phối hợp thực hiện", "rà soát, đánh giá", "tổ chức thực hiện", "điều chỉnh, bổ sung",
)  # fmt: skip
_MATTERS = (
    "cải cách thủ tục hành chính", "chi trả lương hưu và trợ cấp bảo hiểm xã hội hằng tháng", "phòng cháy, chữa cháy",
    "phát triển người tham gia bảo hiểm xã hội tự nguyện", "quản lý, sử dụng tài sản công", "tiêm chủng mở rộng",
    "số hóa hồ sơ, giấy tờ tại Bộ phận Một cửa", "phòng, chống thiên tai và tìm kiếm cứu nạn", "an toàn thực phẩm",
    "tuyển sinh các lớp đầu cấp", "cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi", "giải quyết khiếu nại, tố cáo",
    "hỗ trợ nhà ở cho hộ nghèo, hộ cận nghèo", "quản lý đất đai có nguồn gốc nông, lâm trường",
    "xây dựng nông thôn mới",
    "đấu giá quyền sử dụng đất ở tại các khu dân cư", "vệ sinh môi trường nông thôn", "đo đạc, lập bản đồ địa chính",
    "phổ cập giáo dục, xóa mù chữ", "trợ giúp pháp lý cho người khuyết tật", "bảo vệ rừng và phát triển lâm nghiệp",
    "quyết toán ngân sách nhà nước", "đào tạo nghề cho lao động nông thôn", "quản lý hoạt động khai thác cát, sỏi",
    "đón tiếp và chăm sóc người có công với cách mạng", "ứng dụng công nghệ thông tin trong hoạt động của cơ quan",
)  # fmt: skip
_SCOPES = (
    "trên địa bàn {place}", "năm {year}", "giai đoạn {year} - {later}", "đối với cán bộ, công chức, viên chức",
    "6 tháng đầu năm {year}", "tại {place} năm {year}", "trong tình hình mới", "", "quý III năm {year}",
    "theo Nghị quyết số 68/NQ-CP của Chính phủ",
)  # fmt: skip
_DECISIONS = (
    "phê duyệt Kế hoạch {matter} {scope}", "phê duyệt kết quả {matter} {scope}", "ban hành Quy chế {matter} {scope}",
    "thành lập Đoàn kiểm tra công tác {matter} {scope}", "công nhận kết quả {matter} {scope}",
    "kiện toàn Ban Chỉ đạo {matter} {scope}", "giao chỉ tiêu {matter} {scope}",
)  # fmt: skip
_PERSONAL = (
    "điều động và bổ nhiệm {person}", "hưởng chế độ hưu trí hằng tháng đối với {person}",
    "nâng bậc lương thường xuyên đối với {person}", "trợ cấp một lần đối với {person}",
    "cho thôi việc và giải quyết chế độ đối với {person}", "hưởng trợ cấp tuất hằng tháng",
)  # fmt: skip
_SENTENCES = (
    "Căn cứ tình hình thực tế và chức năng, nhiệm vụ được giao, các đơn vị chủ động xây dựng kế hoạch, phân công "
    "rõ trách nhiệm, thời hạn hoàn thành và báo cáo kết quả trước ngày 20 hằng tháng.",
    "Trong thời gian qua, công tác {matter} đã đạt được một số kết quả tích cực; tuy nhiên vẫn còn những tồn tại, "
    "hạn chế cần được khắc phục kịp thời.",
    "Thực hiện Quyết định số {number}/QĐ-TTg ngày {day}/{month}/{year} của Thủ tướng Chính phủ, {agency} yêu cầu "
    "các cơ quan, đơn vị, địa phương tập trung thực hiện tốt các nội dung sau đây.",
    "Kinh phí thực hiện được bố trí trong dự toán chi thường xuyên đã giao đầu năm và các nguồn huy động hợp pháp "
    "khác theo quy định của Luật Ngân sách nhà nước.",
    "Giao bộ phận chuyên môn theo dõi, đôn đốc, kiểm tra; định kỳ hằng quý tổng hợp, tham mưu lãnh đạo xem xét, "
    "chỉ đạo.",
    "Tổng số hồ sơ tiếp nhận trong kỳ là {number} hồ sơ, trong đó giải quyết đúng hạn {percent}%; số hồ sơ còn "
    "lại đang trong thời hạn giải quyết.",
    "Đẩy mạnh tuyên truyền trên hệ thống truyền thanh cơ sở, niêm yết công khai tại trụ sở để nhân dân biết, thực "
    "hiện và giám sát.",
    "Quá trình thực hiện nếu có khó khăn, vướng mắc, đề nghị phản ánh bằng văn bản để được hướng dẫn, giải quyết.",
    "Các phòng, ban, đơn vị trực thuộc căn cứ chức năng, nhiệm vụ tổ chức quán triệt đến toàn thể công chức, viên "
    "chức, người lao động.",
    "Thời gian thực hiện: từ ngày {day}/{month}/{year} đến khi hoàn thành nhiệm vụ. Địa điểm: hội trường tầng 2, "
    "trụ sở cơ quan.",
)
_BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương;",
    "Căn cứ Luật Bảo hiểm xã hội;",
    "Căn cứ Nghị định số {number}/NĐ-CP ngày {day} tháng {month} năm {year} của Chính phủ;",
    "Căn cứ Quyết định số {number}/QĐ-UBND ngày {day}/{month}/{year} của cơ quan có thẩm quyền;",
)


def some_abstract(kind: Kind, agency: Agency, year: int, rng: np.random.Generator) -> str:
    """One to four lines on what a paper is about."""
    matter, scope = str(rng.choice(_MATTERS)), _filled(str(rng.choice(_SCOPES)), agency, year, rng)
    if kind.deciding and rng.uniform() < 0.35:
        person = some_person(rng)
        called = f"{'bà' if person.female else 'ông'} {person.name}"
        text = str(rng.choice(_PERSONAL)).format(person=called)
    elif kind.deciding:
        text = str(rng.choice(_DECISIONS)).format(matter=matter, scope=scope)
    else:
        text = f"{rng.choice(_ACTIONS)} {matter} {scope}"
    text = " ".join(text.split())
    if kind.name == "Giấy mời":
        return f"Dự hội nghị {text}"
    if kind.name in ("Báo cáo", "Kế hoạch", "Biên bản") or (kind.name != "Công văn" and rng.uniform() < 0.2):
        return text[0].upper() + text[1:]
    return text if kind.name == "Công văn" else f"Về việc {text}"


def some_body(kind: Kind, agency: Agency, year: int, rng: np.random.Generator) -> tuple[list[str], int]:
    """Paragraphs of markup, and how many of them are legal bases."""
    bases = [f"<i>{_filled(str(text), agency, year, rng)}</i>" for text in rng.permutation(_BASES)[:3]]
    if not kind.deciding:
        bases = bases[: int(rng.integers(0, 2))]
    count = int(rng.choice([2, 3, 4, 5, 8], p=[0.2, 0.3, 0.25, 0.15, 0.1]))
    texts = [_filled(str(text), agency, year, rng) for text in rng.permutation(_SENTENCES)[:count]]
    if kind.deciding:
        texts = [f"<b>Điều {place + 1}.</b> {text}" for place, text in enumerate(texts)]
    texts[-1] = texts[-1].rstrip(".;") + "./."
    return bases + texts, len(bases)


def _filled(text: str, agency: Agency, year: int, rng: np.random.Generator) -> str:
    return text.format(
        place=agency.place,
        year=year,
        later=year + 5,
        matter=str(rng.choice(_MATTERS)),
        agency=agency.name,
        number=int(rng.integers(11, 2400)),
        day=f"{int(rng.integers(1, 29)):02d}",
        month=int(rng.integers(3, 13)),
        percent=f"{rng.uniform(91, 99.9):.1f}".replace(".", ","),
    )


def signers(agency: Agency, rng: np.random.Generator) -> Sequence[str]:
    """Authority and position as they stand above a signature."""
    if agency.short in ("UBND", "HĐND"):
        body = "ỦY BAN NHÂN DÂN" if agency.short == "UBND" else "HỘI ĐỒNG NHÂN DÂN"
        options: tuple[tuple[str, ...], ...] = (
            (f"TM. {body}", "CHỦ TỊCH"),
            (f"TM. {body}", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            ("CHỦ TỊCH",),
        )
    else:
        options = (("GIÁM ĐỐC",), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"))
    return options[int(rng.integers(len(options)))]
