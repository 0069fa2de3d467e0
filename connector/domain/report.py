"""How an office's digitization goes: counts, how well papers were read, how long each step takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connector.domain.button_labels import STATE_LABELS
from connector.domain.labels import PAPER_LABELS
from connector.domain.states import Stage, State

CSV_HEADINGS = ("Bảng", "Đơn vị", "Loại giấy tờ", "Mục", "Chỉ tiêu", "Giá trị")
STAGE_LABELS = {
    Stage.SCOPE: "Xét phạm vi",
    Stage.CAPTURE: "Kiểm tra bản chụp",
    Stage.PERSONAL_SIGNATURE: "Ký số cá nhân",
    Stage.EXTRACTION: "Bóc tách",
    Stage.CONFIRMATION: "Xác nhận dữ liệu",
    Stage.CODE: "Cấp mã",
    Stage.APPROVAL: "Duyệt ký cơ quan",
    Stage.AGENCY_SIGNATURE: "Ký số cơ quan",
    Stage.FILING: "Lưu Kho",
    Stage.RENEWAL: "Gia hạn chữ ký",
}
# a spreadsheet takes what begins so for a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

assert set(STAGE_LABELS) == set(Stage)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Papers claimed from ``first`` to ``last``, both days included (Vietnam's days); None is without bound."""

    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class StateCount:
    """How many papers of one office and type are in one state; an unconfirmed paper has no type yet."""

    office: str
    type_code: str | None
    state: State
    papers: int


@dataclass(frozen=True, kw_only=True)
class FieldAccuracy:
    """How a field's proposals fared with the official who confirmed them (Art. 9.3).

    ``kept`` is what the official confirmed as offered, flagged or not; ``corrected_unasked`` counts the values
    that nobody was asked to look at and that were changed all the same: the errors that might have passed.
    """

    name: str
    confirmed: int
    offered: int
    kept: int
    flagged: int
    corrected_unasked: int


@dataclass(frozen=True, kw_only=True)
class StepTime:
    """Seconds from the step before to the end of this one, waiting included: half, and nine of ten, took less."""

    stage: Stage
    times: int
    median_seconds: float
    ninth_decile_seconds: float


@dataclass(frozen=True, kw_only=True)
class Report:
    """Counts only: no names, no codes, no values."""

    period: Period
    counts: Sequence[StateCount]
    accuracy: Sequence[FieldAccuracy]
    steps: Sequence[StepTime]

    def csv_rows(self) -> Iterator[tuple[str, ...]]:
        """One figure a row, headings first, safe to open in a spreadsheet."""
        yield CSV_HEADINGS
        for row in self._rows():
            yield tuple(_plain(value) for value in row)

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for count in self.counts:
            yield (
                "Số lượng",
                count.office,
                count.type_code or "",
                STATE_LABELS[count.state],
                "Số giấy tờ",
                count.papers,
            )
        for field in self.accuracy:
            label = PAPER_LABELS[field.name]
            for measure, value in (
                ("Đã xác nhận", field.confirmed),
                ("Có đề xuất", field.offered),
                ("Giữ nguyên", field.kept),
                ("Yêu cầu xem", field.flagged),
                ("Sửa dù không yêu cầu xem", field.corrected_unasked),
            ):
                yield "Độ chính xác bóc tách", "", "", label, measure, value
        for step in self.steps:
            label = STAGE_LABELS[step.stage]
            yield "Thời gian", "", "", label, "Số lần", step.times
            yield "Thời gian", "", "", label, "Trung vị (giây)", f"{step.median_seconds:.1f}"
            yield "Thời gian", "", "", label, "90 % không quá (giây)", f"{step.ninth_decile_seconds:.1f}"


def _plain(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
