"""Which papers are digitized: Articles 4 and 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.domain.metadata import SubmissionForm

# What an official may write into `bhxh:canCu` to say why a copy is taken, or why a paper is not.
LISTED_BY_AGENCY = "4.1.c"  # the list of papers that Vietnam Social Security itself wants digitized
SHARED_AS_DATA = "5.1"


@dataclass(frozen=True, kw_only=True)
class ScopeVerdict:
    """Whether a paper is digitized; ``clause`` says by which clause, ``sentence`` says it in Vietnamese."""

    digitize: bool
    clause: str
    sentence: str = ""
    secret: bool = False


def judge_scope(properties: Mapping[str, object]) -> ScopeVerdict:
    """The verdict from what the official declared; pictures are judged apart.

    Secret papers come first (Art. 5.4), then papers that are only shown (5.3), data that other systems share
    with legal value (5.1), and copies on paper that no list of the agency names (5.2).
    """
    if properties.get("secrecy"):
        return ScopeVerdict(digitize=False, clause="5.4", sentence="Giấy tờ mật: liên hệ văn thư.", secret=True)
    if properties.get("show_only"):
        return ScopeVerdict(digitize=False, clause="5.3", sentence="Khoản 3 Điều 5: giấy tờ chỉ xuất trình.")
    basis = str(properties.get("scope_basis") or "").strip()
    if basis == SHARED_AS_DATA:
        return ScopeVerdict(digitize=False, clause="5.1", sentence="Khoản 1 Điều 5: đã được chia sẻ dưới dạng dữ liệu.")
    form = properties.get("submission_form")
    if form in (SubmissionForm.BAN_SAO_CHUP, SubmissionForm.BAN_SAO_CHUNG_THUC) and basis != LISTED_BY_AGENCY:
        return ScopeVerdict(digitize=False, clause="5.2", sentence="Khoản 2 Điều 5: bản sao nộp trên giấy.")
    return ScopeVerdict(digitize=True, clause=basis or "4.1")
