"""For one paper: what was read, where it goes, and why it is written or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connector.domain.metadata import ARTICLE_9_FIELDS
from connector.mapping.model import MappingFile, WriteMode


class Decision(StrEnum):
    """What happens to a proposal."""

    WRITTEN = "written"
    STANDS = "stands"
    TYPED = "typed"
    FLAGGED = "flagged"
    NOT_FOUND = "not-found"
    FORBIDDEN = "forbidden"


REASONS: Mapping[Decision, tuple[str, str]] = {
    Decision.WRITTEN: ("ghi vào thuộc tính", "written into the property"),
    Decision.STANDS: ("giá trị này đang có sẵn", "this value stands there already"),
    Decision.TYPED: (
        "người dùng đã nhập giá trị khác: không ghi đè",
        "a person typed another value: never overwritten",
    ),
    Decision.FLAGGED: ("cần người xem: chỉ hiện trong đề xuất", "needs eyes: shown among the proposals only"),
    Decision.NOT_FOUND: ("không tìm thấy trên giấy tờ", "not found on the paper"),
    Decision.FORBIDDEN: ("tệp ánh xạ không cho ghi (write: never)", "the mapping forbids it (write: never)"),
}


@dataclass(frozen=True, kw_only=True)
class ExplainedField:
    """One Article 9 field of one paper; ``box`` is in PDF points from the top left of the unrotated page."""

    name: str
    property_id: str
    write: WriteMode
    proposed: str | None
    text: str | None
    page: int | None
    box: tuple[float, ...] | None
    rule: str
    source: str | None
    confidence: float | None
    shown: str | None
    decision: Decision


def explain(
    mapping: MappingFile, proposals: Mapping[str, Any], shown: Mapping[str, object]
) -> Iterator[ExplainedField]:
    """The fields in the order of Article 9; ``proposals`` as the register keeps them, ``shown`` by the ECM."""
    for name in ARTICLE_9_FIELDS:
        entry, proposal = mapping.paper.properties[name], proposals.get(name) or {}
        box, stands = proposal.get("box"), shown.get(name)
        yield ExplainedField(
            name=name,
            property_id=entry.property,
            write=entry.write,
            proposed=proposal.get("value"),
            text=proposal.get("text"),
            page=proposal.get("page"),
            box=tuple(box) if box else None,
            rule=str(proposal.get("rule") or ""),
            source=proposal.get("source"),
            confidence=proposal.get("confidence"),
            shown=None if stands is None else str(stands),
            decision=_decision(entry.write, proposal, stands),
        )


def _decision(write: WriteMode, proposal: Mapping[str, Any], stands: object) -> Decision:
    value = proposal.get("value")
    if value is None:
        return Decision.NOT_FOUND
    if stands and str(stands) == value:
        return Decision.STANDS
    if stands:
        return Decision.TYPED
    if proposal.get("needs_review"):
        return Decision.FLAGGED
    return Decision.FORBIDDEN if write is WriteMode.NEVER else Decision.WRITTEN
