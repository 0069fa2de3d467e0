"""From which confidence on a value stands without a person's look, field by field."""

from __future__ import annotations

from connector.domain.extraction import Box, FieldProposal, Source

# `sohoa evaluate` shows what each threshold lets through
THRESHOLDS = {
    "document_type_code": 0.9,
    "document_name": 0.9,
    "document_number": 0.95,
    "issue_date": 0.95,
    "issuing_authority": 0.9,
    "abstract": 0.8,
    "owner_id": 0.95,
    "owner_id_kind": 0.95,
    "owner_name": 0.9,
    "owner_birth_date": 0.95,
    "owner_founding_year": 0.95,
    "validity": 0.95,
    "validity_scope": 0.95,
}


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
    sure = value is not None and confidence >= THRESHOLDS[name]
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
