"""What people read on buttons and of states."""

from __future__ import annotations

from collections.abc import Mapping

from connector.domain.states import Action, State

BUTTON_LABELS: Mapping[Action, str] = {
    Action.XAC_NHAN: "Xác nhận dữ liệu",
    Action.THU_LAI: "Thử lại",
    Action.NHAP_TAY: "Nhập tay",
    Action.BO_QUA: "Không số hóa",
    Action.KY_CO_QUAN: "Duyệt ký cơ quan",
    Action.KIEM_TRA_KHO: "Kiểm tra Kho",
    Action.THU_HOI: "Thu hồi",
    Action.THAY_THE: "Thay thế",
}
STATE_LABELS: Mapping[State, str] = {
    State.TIEP_NHAN: "Đã tiếp nhận",
    State.KHONG_SO_HOA: "Không thuộc diện số hóa",
    State.CACH_LY: "Cần xử lý riêng",
    State.CHO_KY_CA_NHAN: "Chờ ký số cá nhân",
    State.SAO_CHUP: "Đã sao chụp, ký số cá nhân",
    State.CHO_XAC_NHAN: "Chờ xác nhận",
    State.DA_XAC_NHAN: "Đã xác nhận",
    State.KHONG_GIAI_QUYET: "Không giải quyết",
    State.DA_CAP_MA: "Đã cấp mã",
    State.CHO_KY_CO_QUAN: "Chờ ký số cơ quan",
    State.DA_KY: "Đã ký số cơ quan",
    State.DA_LUU: "Đã lưu Kho",
    State.LUU_CHUYEN_TIEP: "Lưu chuyển tiếp",
    State.THU_HOI: "Đã thu hồi",
    State.THAY_THE: "Đã được thay thế",
    State.LOI: "Có lỗi, cần xem",
}

assert set(BUTTON_LABELS) == set(Action)
assert set(STATE_LABELS) == set(State)
