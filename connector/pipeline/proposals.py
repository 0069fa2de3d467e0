"""Proposals as an official reads them in the ECM, and as the register keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from connector.domain.extraction import Extraction, FieldProposal, Source
from connector.domain.metadata import ARTICLE_9_FIELDS, MANDATORY_FIELDS, PAPER_PROPERTIES, Value

_SOURCES: Mapping[Source, str] = {
    Source.PRINT: "chữ in",
    Source.HANDWRITING: "viết tay",
    Source.LEXICON: "danh mục",
    Source.QR: "mã QR",
    Source.TEXT: "văn bản điện tử",
    Source.RULE: "quy tắc",
    Source.DOSSIER: "hồ sơ",
    Source.MANUAL: "nhập tay",
}


def all_proposals(extraction: Extraction, *, dossier_owner: str | None) -> dict[str, FieldProposal]:
    """The field proposals, the type's code and name, and the dossier's owner where the paper names none.

    The submitter is not the paper's owner by default, so that proposal always asks a person (Art. 9.2.b).
    """
    kind = extraction.document_type
    found = {
        "document_type_code": FieldProposal(
            value=kind.code,
            confidence=kind.confidence,
            source=Source.RULE,
            needs_review=kind.needs_review or kind.code is None,
            page=1,
        ),
        **extraction.fields,
    }
    owner = found.get("owner_id")
    if dossier_owner and (owner is None or owner.value is None):
        found["owner_id"] = FieldProposal(
            value=dossier_owner, confidence=0.5, source=Source.DOSSIER, needs_review=True, rule="dossier"
        )
    return {name: found[name] for name in ARTICLE_9_FIELDS if name in found}


def shown_proposals(proposals: Mapping[str, FieldProposal], typed: Mapping[str, object]) -> dict[str, Value]:
    """The ECM properties: an unflagged value stands in its own property, a flagged one only in ``deXuat``.

    What a person typed already (``typed``) is never overwritten.
    """
    shown: dict[str, Value] = {
        name: proposal.value
        for name, proposal in proposals.items()
        if proposal.value is not None and not proposal.needs_review and not typed.get(name)
    }
    with_value = {name: proposal for name, proposal in proposals.items() if proposal.value is not None}
    shown["proposals"] = tuple(_line(name, proposal) for name, proposal in with_value.items())
    shown["confidence"] = tuple(f"{PAPER_PROPERTIES[name]}={p.confidence:.2f}" for name, p in with_value.items())
    shown["fields_to_check"] = tuple(PAPER_PROPERTIES[name] for name in fields_to_check(proposals))
    return shown


def fields_to_check(proposals: Mapping[str, FieldProposal]) -> tuple[str, ...]:
    """The fields that need eyes: flagged ones, and mandatory ones that nothing was found for."""
    flagged = {name for name, proposal in proposals.items() if proposal.needs_review}
    absent = {name for name in MANDATORY_FIELDS if name not in proposals}
    return tuple(name for name in ARTICLE_9_FIELDS if name in flagged | absent)


def _line(name: str, proposal: FieldProposal) -> str:
    where = [f"{round(proposal.confidence * 100)} %"]
    if proposal.page is not None:
        where.append(f"trang {proposal.page}")
    where.append(_SOURCES[proposal.source])
    return f"{PAPER_PROPERTIES[name]} = {proposal.value} ({', '.join(where)})"


def kept(proposals: Mapping[str, FieldProposal]) -> dict[str, object]:
    """The proposals as JSON for the register: every change from them is traceable later (Art. 9.3)."""
    return {name: {**asdict(proposal), "source": str(proposal.source)} for name, proposal in proposals.items()}
