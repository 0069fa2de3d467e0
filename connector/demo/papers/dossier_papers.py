"""The texts of the demo's dossier: a mother who asks for maternity benefit in Quảng Ngãi."""

from __future__ import annotations

import datetime as dt

from connector.demo.papers.agencies import (
    Agency,
    hospital,
    people_committee_of_commune,
    social_insurance_of_district,
    social_insurance_of_province,
)
from connector.demo.papers.civil_status import Birth
from connector.demo.papers.medical import SickLeave
from connector.demo.papers.official import Official
from connector.demo.papers.people import Person

PROVINCE = "Quảng Ngãi"
EMPLOYER = "Công ty TNHH May mặc Sao Mai (mẫu)"
HOME = "Thôn An Bình, xã Tịnh Giang, huyện Sơn Tịnh, tỉnh Quảng Ngãi"


def sick_leave_decision(owner: Person) -> Official:
    """A decision of another province's BHXH, handed in as a component."""
    return Official(
        agency=social_insurance_of_province("Bình Định", place="Quy Nhơn"),
        number="1174",
        notation="QĐ-BHXH",
        date=dt.date(2024, 10, 9),
        heading="QUYẾT ĐỊNH",
        abstract="Về việc hưởng trợ cấp ốm đau đối với người lao động",
        body=(
            "<i>Căn cứ Luật Bảo hiểm xã hội số 58/2014/QH13 ngày 20 tháng 11 năm 2014;</i>",
            "<i>Căn cứ Nghị định số 115/2015/NĐ-CP ngày 11 tháng 11 năm 2015 của Chính phủ quy định chi tiết một số "
            "điều của Luật Bảo hiểm xã hội về bảo hiểm xã hội bắt buộc;</i>",
            "<i>Căn cứ Quyết định số 166/QĐ-BHXH ngày 31 tháng 01 năm 2019 của Tổng Giám đốc Bảo hiểm xã hội Việt Nam "
            "ban hành Quy trình giải quyết hưởng các chế độ bảo hiểm xã hội;</i>",
            "<i>Theo đề nghị của Trưởng phòng Chế độ bảo hiểm xã hội,</i>",
            f"<b>Điều 1.</b> Bà {owner.name}, sinh ngày {owner.birth_date:%d/%m/%Y}, số định danh cá nhân "
            f"{owner.personal_id}, mã số bảo hiểm xã hội {owner.insurance_number}, làm việc tại {EMPLOYER}, được "
            "hưởng trợ cấp ốm đau kể từ ngày 16/9/2024 đến hết ngày 27/9/2024.",
            "<b>Điều 2.</b> Mức trợ cấp bằng 75% mức tiền lương đóng bảo hiểm xã hội của tháng liền kề trước khi nghỉ "
            "việc. Số tiền: 2.835.000 đồng <i>(Hai triệu tám trăm ba mươi lăm nghìn đồng)</i>.",
            "<b>Điều 3.</b> Quyết định này có hiệu lực kể từ ngày ký. Trưởng phòng Chế độ bảo hiểm xã hội, Trưởng "
            "phòng Kế hoạch - Tài chính, đơn vị sử dụng lao động và bà có tên tại Điều 1 chịu trách nhiệm thi hành "
            "Quyết định này./.",
        ),
        middle="QUYẾT ĐỊNH:",
        middle_after=4,
        receivers=("Như Điều 3", "Giám đốc (để b/c)", "Lưu: VT, CĐBHXH"),
        signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        signer_name="Lê Minh Khôi",
    )


def verification_letter(owner: Person) -> Official:
    """A công văn of two pages that answers a question about the time insured."""
    return Official(
        agency=social_insurance_of_district("huyện Sơn Tịnh", PROVINCE),
        number="87",
        notation="BHXH-CS",
        date=dt.date(2025, 1, 14),
        heading=None,
        abstract="xác minh quá trình đóng bảo hiểm xã hội của người lao động",
        addressees=("Phòng Chế độ bảo hiểm xã hội", "Phòng Quản lý Thu - Sổ, Thẻ", EMPLOYER),
        body=(
            "Bảo hiểm xã hội huyện Sơn Tịnh nhận được Phiếu đề nghị xác minh số 12/PXM ngày 08 tháng 01 năm 2025 của "
            "Phòng Chế độ bảo hiểm xã hội về quá trình tham gia bảo hiểm xã hội bắt buộc của bà "
            f"{owner.name}, mã số bảo hiểm xã hội {owner.insurance_number}. Sau khi kiểm tra, đối chiếu hồ sơ, Bảo "
            "hiểm xã hội huyện có ý kiến như sau:",
            "<b>1.</b> Về thời gian tham gia: từ tháng 3 năm 2017 đến tháng 12 năm 2024, bà "
            f"{owner.name} tham gia bảo hiểm xã hội bắt buộc liên tục tại {EMPLOYER}; tổng thời gian đã đóng là 7 năm "
            "10 tháng. Không có thời gian gián đoạn, không trùng với thời gian đóng tại đơn vị khác.",
            "<b>2.</b> Về mức tiền lương làm căn cứ đóng: trong 06 tháng liền kề trước khi nghỉ việc sinh con, mức "
            "bình quân tiền lương tháng đóng bảo hiểm xã hội là 6.120.000 đồng. Bảng kê chi tiết từng tháng được gửi "
            "kèm theo Công văn này.",
            "<b>3.</b> Về tình hình đóng của đơn vị: đến hết ngày 31 tháng 12 năm 2024 đơn vị đã nộp đủ tiền, không có "
            "khoản chậm đóng, trốn đóng phải tính lãi theo quy định tại khoản 3 Điều 122 Luật Bảo hiểm xã hội.",
            "<b>4.</b> Về sổ bảo hiểm xã hội: sổ đã được rà soát, in lại tờ rời đến tháng 12 năm 2024; các thông tin "
            "về họ tên, ngày sinh, giới tính, số định danh cá nhân khớp đúng với Cơ sở dữ liệu quốc gia về dân cư.",
            "<b>5.</b> Về người phụ thuộc và tài khoản nhận tiền: người lao động đã đăng ký nhận trợ cấp qua tài khoản "
            "cá nhân mở tại ngân hàng; thông tin tài khoản do đơn vị sử dụng lao động lập trong danh sách đề nghị "
            "hưởng chế độ, đã được Bộ phận Tiếp nhận và Trả kết quả kiểm tra.",
            "<b>6.</b> Về việc lưu trữ: toàn bộ chứng từ đóng, danh sách lao động tham gia và biên bản đối chiếu của "
            "đơn vị được số hóa, lưu tại kho của Bảo hiểm xã hội huyện; bản giấy được bảo quản theo thời hạn quy định.",
            "Đề nghị Phòng Chế độ bảo hiểm xã hội căn cứ nội dung xác minh nêu trên để giải quyết chế độ thai sản cho "
            "người lao động bảo đảm đúng thời hạn. Trường hợp cần làm rõ thêm, liên hệ Bộ phận Thu - Sổ, Thẻ của Bảo "
            "hiểm xã hội huyện để được phối hợp.",
            f"Bảo hiểm xã hội huyện Sơn Tịnh trả lời để các phòng và {EMPLOYER} biết, thực hiện./.",
        ),
        receivers=("Như trên", "Giám đốc (để b/c)", "Lưu: VT, CS"),
        signer=("GIÁM ĐỐC",),
        signer_name="Phạm Quốc Hưng",
    )


def payment_notice(owner: Person) -> Official:
    """A notice on where and when benefits are paid."""
    return Official(
        agency=social_insurance_of_district("huyện Sơn Tịnh", PROVINCE),
        number="05",
        notation="TB-BHXH",
        date=dt.date(2025, 2, 6),
        heading="THÔNG BÁO",
        abstract="Về việc tiếp nhận hồ sơ và thời hạn trả kết quả giải quyết chế độ thai sản",
        addressees=(f"Bà {owner.name}",),
        body=(
            "Ngày 05 tháng 02 năm 2025, Bộ phận Tiếp nhận và Trả kết quả thủ tục hành chính của Bảo hiểm xã hội huyện "
            f"Sơn Tịnh đã tiếp nhận hồ sơ đề nghị hưởng chế độ thai sản của bà {owner.name}, địa chỉ: {HOME}.",
            "Qua kiểm tra, hồ sơ đầy đủ thành phần theo quy định tại Điều 101 Luật Bảo hiểm xã hội, gồm: giấy khai "
            "sinh của con; giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội; danh sách đề nghị hưởng chế độ do đơn vị "
            "sử dụng lao động lập.",
            "Bảo hiểm xã hội huyện thông báo thời hạn trả kết quả: trong 06 ngày làm việc kể từ ngày nhận đủ hồ sơ. "
            "Người lao động nhận kết quả tại Bộ phận Tiếp nhận và Trả kết quả hoặc qua dịch vụ bưu chính công ích; "
            "tiền trợ cấp được chuyển vào tài khoản ngân hàng đã đăng ký.",
            "Mọi vướng mắc, đề nghị liên hệ số điện thoại hỗ trợ 1900 9068 để được giải đáp./.",
        ),
        receivers=("Như trên", "Phòng Chế độ BHXH (để p/h)", "Lưu: VT, TNHS"),
        signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        signer_name="Võ Thị Thanh Tâm",
    )


def sick_leave_form(owner: Person) -> SickLeave:
    """The C65-HD of the owner."""
    return SickLeave(
        agency=hospital("Bệnh viện Sản Nhi tỉnh Quảng Ngãi", PROVINCE),
        number="0236",
        serial="51A0000236",
        patient=owner,
        employer=EMPLOYER,
        diagnosis="Thai 36 tuần, dọa sinh non (O60)",
        treatment="Nội khoa, nghỉ ngơi, theo dõi tại nhà",
        first_day=dt.date(2024, 12, 16),
        days=7,
        date=dt.date(2024, 12, 16),
        doctor="BS. Huỳnh Ngọc Lan",
        head="BSCKII. Trần Đình Phú",
    )


def birth_certificate(mother: Person, father: Person, child: Person) -> Birth:
    """The child's birth certificate."""
    return Birth(
        agency=committee(),
        number="18",
        child=child,
        birthplace="Bệnh viện Sản Nhi tỉnh Quảng Ngãi",
        home="Xã Tịnh Giang, huyện Sơn Tịnh, tỉnh Quảng Ngãi",
        mother=mother,
        father=father,
        residence=HOME,
        registered=dt.date(2025, 1, 21),
        signer_position="CHỦ TỊCH",
        signer_name="Nguyễn Hữu Phước",
    )


def committee() -> Agency:
    """The commune that registers births."""
    return people_committee_of_commune("xã Tịnh Giang", "huyện Sơn Tịnh", PROVINCE)


def maternity_decision(owner: Person, child: Person) -> Official:
    """The dossier's own result, born digital."""
    return Official(
        agency=social_insurance_of_province(PROVINCE),
        number="312",
        notation="QĐ-BHXH",
        date=dt.date(2025, 2, 13),
        heading="QUYẾT ĐỊNH",
        abstract="Về việc hưởng chế độ thai sản khi sinh con",
        body=(
            "<i>Căn cứ Luật Bảo hiểm xã hội số 58/2014/QH13 ngày 20 tháng 11 năm 2014;</i>",
            "<i>Căn cứ Nghị định số 115/2015/NĐ-CP ngày 11 tháng 11 năm 2015 của Chính phủ quy định chi tiết một số "
            "điều của Luật Bảo hiểm xã hội về bảo hiểm xã hội bắt buộc;</i>",
            "<i>Xét hồ sơ đề nghị hưởng chế độ thai sản và đề nghị của Trưởng phòng Chế độ bảo hiểm xã hội,</i>",
            f"<b>Điều 1.</b> Bà {owner.name}, sinh ngày {owner.birth_date:%d/%m/%Y}, số định danh cá nhân "
            f"{owner.personal_id}, mã số bảo hiểm xã hội {owner.insurance_number}, được hưởng chế độ thai sản khi sinh "
            f"con ngày {child.birth_date:%d/%m/%Y}: thời gian hưởng 06 tháng, từ ngày 06/01/2025 đến hết ngày "
            "05/7/2025.",
            "<b>Điều 2.</b> Trợ cấp thai sản: 36.720.000 đồng; trợ cấp một lần khi sinh con: 4.680.000 đồng. Tổng "
            "cộng: 41.400.000 đồng <i>(Bốn mươi mốt triệu bốn trăm nghìn đồng)</i>.",
            "<b>Điều 3.</b> Quyết định này có hiệu lực kể từ ngày ký. Trưởng phòng Chế độ bảo hiểm xã hội, Trưởng "
            "phòng Kế hoạch - Tài chính, Giám đốc Bảo hiểm xã hội huyện Sơn Tịnh và bà có tên tại Điều 1 chịu trách "
            "nhiệm thi hành Quyết định này./.",
        ),
        middle="QUYẾT ĐỊNH:",
        middle_after=3,
        receivers=("Như Điều 3", "BHXH huyện Sơn Tịnh", "Lưu: VT, CĐBHXH"),
        signer=("GIÁM ĐỐC",),
        signer_name="Đặng Thanh Bình",
    )
