"""Proposals as an official reads them in the ECM, and as the register keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from connector.domain.extraction import Extraction, FieldProposal, Source
from connector.domain.metadata import ARTICLE_9_FIELDS, MANDATORY_FIELDS, PAPER_PROPERTIES, Value, clean
from connector.domain.paper import Paper
from connector.domain.states import Stage
from connector.pipeline.workplace import Workplace

SOURCE_LABELS: Mapping[Source, str] = {
    Source.PRINT: "chữ in",
    Source.HANDWRITING: "viết tay",
    Source.LEXICON: "danh mục",
    Source.QR: "mã QR",
    Source.TEXT: "văn bản điện tử",
    Source.RULE: "quy tắc",
    Source.DOSSIER: "hồ sơ",
    Source.MANUAL: "nhập tay",
}


def all_proposals(extraction: Extraction, *, dossier_owner: str | None, place: Workplace) -> dict[str, FieldProposal]:
    """The field proposals, the type's code in the office's list, and the dossier's owner where the paper names none.

    The submitter is not the paper's owner by default, so that proposal always asks a person (Art. 9.2.b).
    """
    kind = extraction.document_type
    found = {
        "document_type_code": FieldProposal(
            value=place.office.types.official(kind.code, place.today()) if kind.code else None,
            confidence=kind.confidence,
            source=Source.RULE,
            needs_review=kind.needs_review or kind.code is None,
            page=1,
        ),
        **extraction.fields,
    }
    owner = found.get("owner_id")
    if (owner is None or owner.value is None) and (known := _known_id(found, place)):
        owner = found["owner_id"] = FieldProposal(
            value=known, confidence=0.5, source=Source.RULE, needs_review=True, rule="register"
        )
    if dossier_owner and (owner is None or owner.value is None):
        found["owner_id"] = FieldProposal(
            value=dossier_owner, confidence=0.5, source=Source.DOSSIER, needs_review=True, rule="dossier"
        )
    return {name: found[name] for name in ARTICLE_9_FIELDS if name in found}


def _known_id(found: Mapping[str, FieldProposal], place: Workplace) -> str | None:
    """The one id that stored papers give a person of this name and birth date: a person has to compare (Art. 9.2.b)."""
    name, birth = found.get("owner_name"), found.get("owner_birth_date")
    if not (name and name.value and birth and birth.value):
        return None
    ids = place.registry.ids_of(clean(name.value), birth.value)
    return ids[0] if len(ids) == 1 else None


def shown_proposals(proposals: Mapping[str, FieldProposal]) -> dict[str, Value]:
    """The ECM properties: an unflagged value stands in its own property, a flagged one only in ``deXuat``."""
    with_value = {name: proposal for name, proposal in proposals.items() if proposal.value is not None}
    shown: dict[str, Value] = {name: p.value for name, p in with_value.items() if not p.needs_review}
    shown["proposals"] = tuple(_line(name, proposal) for name, proposal in with_value.items())
    shown["confidence"] = tuple(f"{PAPER_PROPERTIES[name]}={p.confidence:.2f}" for name, p in with_value.items())
    return shown


def fields_to_check(
    proposals: Mapping[str, FieldProposal], standing: Mapping[str, object], *, is_scan: bool
) -> tuple[str, ...]:
    """The fields that need eyes.

    Flagged ones, mandatory ones that nothing was found for, those where something else stands already (typed by a
    person, or left from another file), and the number of pages of a scan where nobody declared it (Art. 8.2.c).
    """
    flagged = {name for name, proposal in proposals.items() if proposal.needs_review}
    absent = {name for name in MANDATORY_FIELDS if name not in proposals}
    contested = {name for name, proposal in proposals.items() if _contradicts(standing.get(name), proposal.value)}
    fields = [name for name in ARTICLE_9_FIELDS if name in flagged | absent | contested]
    uncounted = is_scan and standing.get("declared_pages") is None
    return (*fields, "declared_pages") if uncounted else tuple(fields)


def _contradicts(standing: object, proposed: str | None) -> bool:
    return bool(standing) and proposed is not None and clean(str(standing)) != clean(proposed)


def withdrawn_values(paper: Paper, place: Workplace) -> dict[str, Value]:
    """What an earlier extraction put into the fields themselves: to be emptied where it still stands."""
    kept_proposals = (place.registry.result(paper.paper_id, Stage.EXTRACTION) or {}).get("proposals")
    proposals = kept_proposals if isinstance(kept_proposals, dict) else {}
    return {name: proposal["value"] for name, proposal in proposals.items() if not proposal["needs_review"]}


def _line(name: str, proposal: FieldProposal) -> str:
    where = [f"{round(proposal.confidence * 100)} %"]
    if proposal.page is not None:
        where.append(f"trang {proposal.page}")
    where.append(SOURCE_LABELS[proposal.source])
    return f"{PAPER_PROPERTIES[name]} = {proposal.value} ({', '.join(where)})"


def kept(proposals: Mapping[str, FieldProposal]) -> dict[str, object]:
    """The proposals as JSON for the register: every change from them is traceable later (Art. 9.3)."""
    return {name: {**asdict(proposal), "source": str(proposal.source)} for name, proposal in proposals.items()}
