"""What a person types who compares the proposals with the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.demo.records_manager import Reading
from connector.domain.metadata import PAPER_PROPERTIES
from ocr_worker.doubt.likeness import same
from ocr_worker.lexicon.document_type import load_document_types


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """``typed``: what has to be typed; the rest counts fields of the truth."""

    typed: Mapping[str, str]
    right: int  # proposed as it stands on the paper, flagged or not
    corrected: int  # flagged, or left empty, and wrong
    silently_wrong: int  # wrong, and nobody was asked to look


def compare(reading: Reading, truth: Mapping[str, str], *, dossier_owner: str | None) -> Comparison:
    """Look at every flagged or empty field and type what stands on the paper; unflagged ones are believed."""
    known = _with_type_code(truth, reading)
    proposed = {**proposed_values(reading), **reading.values}
    looked_at = {name for name in known if name in reading.fields_to_check or name not in reading.values}
    right = {name for name, value in known.items() if same(name, value, proposed.get(name))}
    typed = {name: known[name] for name in looked_at}
    if "owner_id" in reading.fields_to_check and not known.keys() & {"owner_id", "owner_name"} and dossier_owner:
        typed["owner_id"] = dossier_owner
    return Comparison(
        typed=typed,
        right=len(right),
        corrected=len(looked_at - right),
        silently_wrong=len(known.keys() - looked_at - right),
    )


def proposed_values(reading: Reading) -> dict[str, str]:
    """The values of the lines ``soKyHieu = 12/QĐ-BHXH (72 %, trang 1, viết tay)``, by logical name."""
    names = {local: name for name, local in PAPER_PROPERTIES.items()}
    found = {}
    for line in reading.proposals:
        local, separator, rest = line.partition(" = ")
        if separator and local in names:
            found[names[local]] = rest.rpartition(" (")[0]
    return found


def _with_type_code(truth: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """A person knows the type's code from its name."""
    if "document_type_code" in truth or "document_name" not in truth:
        return dict(truth)
    for kind in load_document_types():
        if kind.name.casefold() == truth["document_name"].casefold():
            return {**truth, "document_type_code": kind.code}
    return dict(truth)
