"""Which papers are digitized: Articles 4 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.domain.metadata import SubmissionForm
from connector.domain.roles import Role

# What an official may write into `bhxh:canCu` to say why a copy is taken, or why a paper is not.
LISTED_BY_AGENCY = "4.1.c"  # the list of papers that Vietnam Social Security itself wants digitized
VERIFICATION_REPLY = "4.2"
SHARED_AS_DATA = "5.1"
_REASONS_TO_DIGITIZE = frozenset({"4.1.a", "4.1.b", LISTED_BY_AGENCY, "4.1.d", VERIFICATION_REPLY})
# electronic data exist and differ from the paper (Art. 13.3.b); what differs follows: "13.3.b: ngày sinh"
_DATA_DIFFER = "13.3.b:"


@dataclass(frozen=True, kw_only=True)
class ReasonToSkip:
    """A named reason for the button BO_QUA, in words, and who may decide it."""

    sentence: str
    roles: frozenset[Role]


_SETTLING = frozenset({Role.GIAI_QUYET, Role.LANH_DAO})
REASONS_TO_SKIP: Mapping[str, ReasonToSkip] = {
    SHARED_AS_DATA: ReasonToSkip(
        sentence="Khoản 1 Điều 5: đã được chia sẻ dưới dạng dữ liệu có giá trị pháp lý.", roles=_SETTLING
    ),
    "5.2": ReasonToSkip(sentence="Khoản 2 Điều 5: bản sao nộp trên giấy.", roles=_SETTLING),
    "5.3": ReasonToSkip(sentence="Khoản 3 Điều 5: giấy tờ chỉ xuất trình.", roles=_SETTLING),
    "5.4": ReasonToSkip(
        sentence="Giấy tờ cần xử lý riêng: liên hệ văn thư.", roles=frozenset({Role.VAN_THU, Role.LANH_DAO})
    ),
    "13.3.b": ReasonToSkip(
        sentence="Điểm b khoản 3 Điều 13: lãnh đạo cho ý kiến không số hóa giấy tờ dễ hỏng.",
        roles=frozenset({Role.LANH_DAO}),
    ),
}


@dataclass(frozen=True, kw_only=True)
class ScopeRules:
    """What a dated profile (mappings/profiles) changes; the default is Decision 1333 as issued in 2023."""

    name: str = "qd1333-2023"
    digitize_verification_replies: bool = True  # Art. 4.2; Circular 03/2025/TT-VPCP Art. 5.2.c leaves them out


@dataclass(frozen=True, kw_only=True)
class ScopeVerdict:
    """Whether a paper is digitized; ``clause`` says by which clause, ``sentence`` says it in Vietnamese."""

    digitize: bool
    clause: str
    sentence: str = ""
    secret: bool = False


def says_why_digitized(basis: str) -> bool:
    """Whether ``canCu`` holds a reason for taking a copy."""
    differs = basis.startswith(_DATA_DIFFER) and basis.removeprefix(_DATA_DIFFER).strip() != ""
    return basis in _REASONS_TO_DIGITIZE or differs


def judge_scope(properties: Mapping[str, object], rules: ScopeRules | None = None) -> ScopeVerdict:
    """The verdict from what the official declared; pictures are judged apart.

    Secret papers come first (Art. 5.4), then papers that are only shown (5.3), data that other systems share
    with legal value (5.1), and copies on paper that no list of the agency names (5.2).
    """
    rules = rules or ScopeRules()
    if properties.get("secrecy"):
        return _left_out("5.4", secret=True)
    if properties.get("show_only"):
        return _left_out("5.3")
    basis = str(properties.get("scope_basis") or "").strip()
    if basis == SHARED_AS_DATA:
        return _left_out("5.1")
    if basis == VERIFICATION_REPLY and not rules.digitize_verification_replies:
        sentence = "Điểm c khoản 2 Điều 5 Thông tư 03/2025/TT-VPCP: kết quả thẩm tra, xác minh."
        return ScopeVerdict(digitize=False, clause="TT03/2025 5.2.c", sentence=sentence)
    form = properties.get("submission_form")
    if form in (SubmissionForm.BAN_SAO_CHUP, SubmissionForm.BAN_SAO_CHUNG_THUC) and basis != LISTED_BY_AGENCY:
        return _left_out("5.2")
    return ScopeVerdict(digitize=True, clause=basis if says_why_digitized(basis) else "4.1")


def _left_out(clause: str, *, secret: bool = False) -> ScopeVerdict:
    return ScopeVerdict(digitize=False, clause=clause, sentence=REASONS_TO_SKIP[clause].sentence, secret=secret)
