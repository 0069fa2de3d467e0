"""What reading a paper yields: a proposal for each Article 9 field, with its doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where a proposed value comes from."""

    PRINT = "print"
    HANDWRITING = "handwriting"
    LEXICON = "lexicon"
    QR = "qr"
    TEXT = "text"
    RULE = "rule"
    DOSSIER = "dossier"
    MANUAL = "manual"


# [x0, y0, x1, y1] in PDF points from the top left of the unrotated page
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class FieldProposal:
    """One proposed value; ``needs_review`` means that a person must look at it (never guess, Art. 9.1).

    A flagged field keeps its best value; ``value`` is None only when nothing was found, and then it needs
    review. ``confidence`` runs from 0 to 1, ``page`` counts from 1, ``text`` is what stood on the paper.
    """

    value: str | None
    confidence: float
    source: Source
    needs_review: bool
    page: int | None = None
    box: Box | None = None
    rule: str = ""
    text: str | None = None

    def __post_init__(self) -> None:
        if self.value is None and not self.needs_review:
            raise ValueError("a field without a value needs review")


@dataclass(frozen=True, kw_only=True)
class TypeProposal:
    """The kind of paper: ``code`` as in mappings/document_types, ``name`` as people call it."""

    code: str | None
    name: str | None
    confidence: float
    needs_review: bool


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """All that reading one file yields; ``alto`` is the ALTO 4 text layer (UTF-8 XML), empty if unread."""

    pages: int
    document_type: TypeProposal
    fields: Mapping[str, FieldProposal]
    seconds: float = 0.0
    alto: bytes = field(default=b"", repr=False)
    # the reason, as a Vietnamese sentence, why a person has to type the fields (Art. 9.1); empty otherwise
    manual_reason: str = ""
    # text read on the page says that the paper is secret: it must stop (Art. 5.4)
    secrecy_found: bool = False
