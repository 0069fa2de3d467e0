"""The states of a paper, the buttons people press, and where each button is allowed."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a paper stands (``bhxh:trangThai``)."""

    TIEP_NHAN = "TIEP_NHAN"
    KHONG_SO_HOA = "KHONG_SO_HOA"
    CACH_LY = "CACH_LY"
    CHO_KY_CA_NHAN = "CHO_KY_CA_NHAN"
    SAO_CHUP = "SAO_CHUP"
    CHO_XAC_NHAN = "CHO_XAC_NHAN"
    DA_XAC_NHAN = "DA_XAC_NHAN"
    KHONG_GIAI_QUYET = "KHONG_GIAI_QUYET"
    DA_CAP_MA = "DA_CAP_MA"
    CHO_KY_CO_QUAN = "CHO_KY_CO_QUAN"
    DA_KY = "DA_KY"
    DA_LUU = "DA_LUU"
    LUU_CHUYEN_TIEP = "LUU_CHUYEN_TIEP"
    THU_HOI = "THU_HOI"
    THAY_THE = "THAY_THE"
    LOI = "LOI"


class Action(StrEnum):
    """A button (``bhxh:thaoTac``) on a paper or on a whole dossier; carried out once, then cleared."""

    XAC_NHAN = "XAC_NHAN"
    THU_LAI = "THU_LAI"
    NHAP_TAY = "NHAP_TAY"
    BO_QUA = "BO_QUA"
    KY_CO_QUAN = "KY_CO_QUAN"
    KIEM_TRA_KHO = "KIEM_TRA_KHO"
    THU_HOI = "THU_HOI"
    THAY_THE = "THAY_THE"


STAGE_TASK = "sohoa.run_stage"  # the one task of the queue, by which the register defers it


class Stage(StrEnum):
    """One job of the pipeline; each has its module in ``connector.pipeline`` and its queue."""

    SCOPE = "scope"
    CAPTURE = "capture"
    PERSONAL_SIGNATURE = "personal_signature"
    EXTRACTION = "extraction"
    CONFIRMATION = "confirmation"
    CODE = "code"
    APPROVAL = "approval"
    AGENCY_SIGNATURE = "agency_signature"
    FILING = "filing"
    RENEWAL = "renewal"


# The state a stage starts from: a job that finds its paper elsewhere has already been done.
STARTS_FROM: dict[Stage, State] = {
    Stage.SCOPE: State.TIEP_NHAN,
    Stage.CAPTURE: State.TIEP_NHAN,
    Stage.PERSONAL_SIGNATURE: State.CHO_KY_CA_NHAN,
    Stage.EXTRACTION: State.SAO_CHUP,
    Stage.CONFIRMATION: State.CHO_XAC_NHAN,
    Stage.CODE: State.DA_XAC_NHAN,
    Stage.APPROVAL: State.DA_CAP_MA,
    Stage.AGENCY_SIGNATURE: State.CHO_KY_CO_QUAN,
    Stage.FILING: State.DA_KY,
    Stage.RENEWAL: State.DA_LUU,  # and ends there: the evidence of a stored paper is extended
}

FINAL: frozenset[State] = frozenset(
    {State.KHONG_SO_HOA, State.KHONG_GIAI_QUYET, State.DA_LUU, State.THU_HOI, State.THAY_THE}
)

# On none of these papers does anything happen by itself: at an end, or kept for later (Art. 15).
AT_REST: frozenset[State] = FINAL | {State.LUU_CHUYEN_TIEP}

# These end a paper's way without publishing it: it holds no code.
UNPUBLISHED: frozenset[State] = frozenset({State.KHONG_SO_HOA, State.KHONG_GIAI_QUYET})

# A person acts on these; the watcher polls them by id, so that a button never waits for an index.
WAITS_FOR_PERSON: frozenset[State] = frozenset(
    {State.CACH_LY, State.CHO_XAC_NHAN, State.DA_XAC_NHAN, State.CHO_KY_CO_QUAN, State.LOI}
)

PAPER_ACTIONS: dict[Action, frozenset[State]] = {
    # confirmed values may be corrected until they are part of a code
    # or, of a stored paper, become a new version of its metadata
    Action.XAC_NHAN: frozenset({State.CHO_XAC_NHAN, State.DA_XAC_NHAN, State.DA_LUU, State.LOI}),
    # of a stored paper: its document holds a new scan, which becomes a new version of it
    Action.THU_LAI: frozenset({State.LOI, State.CHO_XAC_NHAN, State.CACH_LY, State.DA_LUU}),
    Action.NHAP_TAY: frozenset({State.LOI, State.CHO_XAC_NHAN}),
    Action.BO_QUA: frozenset({State.LOI, State.CHO_XAC_NHAN, State.CACH_LY}),
    Action.KY_CO_QUAN: frozenset({State.CHO_KY_CO_QUAN}),
    Action.KIEM_TRA_KHO: frozenset(),
    Action.THU_HOI: frozenset({State.DA_LUU}),
    Action.THAY_THE: frozenset({State.DA_LUU}),
}

# In LOI these buttons help only after the failure of certain stages: before its signature a scan cannot be confirmed.
_HELPS_AFTER: dict[Action, frozenset[Stage]] = {
    Action.XAC_NHAN: frozenset({Stage.CODE}),
    Action.NHAP_TAY: frozenset({Stage.EXTRACTION, Stage.CODE}),
    Action.BO_QUA: frozenset({Stage.SCOPE, Stage.CAPTURE, Stage.PERSONAL_SIGNATURE, Stage.EXTRACTION, Stage.CODE}),
}


def action_allowed(action: Action, state: State, *, failed_stage: Stage | None = None) -> bool:
    """Whether ``action`` may be carried out on a paper in ``state``; in LOI it depends on what failed."""
    if state not in PAPER_ACTIONS[action]:
        return False
    if state is not State.LOI or action not in _HELPS_AFTER:
        return True
    return failed_stage in _HELPS_AFTER[action]
