"""Proposals with their doubt: below its field's threshold a value waits for a person."""

from __future__ import annotations

from connector.domain.extraction import Box, FieldProposal, Source
from ocr_worker.doubt.thresholds import threshold


def proposal(
    name: str,
    value: str | None,
    confidence: float,
    source: Source,
    *,
    page: int | None = None,
    box: Box | None = None,
    rule: str = "",
    text: str | None = None,
) -> FieldProposal:
    """A proposal, flagged below its field's threshold or without a value."""
    sure = value is not None and confidence >= threshold(name)
    return FieldProposal(
        value=value,
        confidence=round(max(0.0, min(confidence, 1.0)), 4) if value is not None else 0.0,
        source=source,
        needs_review=not sure,
        page=page,
        box=box,
        rule=rule,
        text=text,
    )
