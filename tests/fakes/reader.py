"""A reader that plays back what it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from connector.domain.capture import CaptureFacts, Doubt, PageFacts
from connector.domain.extraction import Extraction, FieldProposal, Source, TypeProposal

VALUES: Mapping[str, str] = {
    "owner_id": "001090000012",
    "owner_name": "Nguyễn Văn An",
    "document_name": "Quyết định",
    "document_number": "12/QĐ-BHXH",
    "issue_date": "2025-01-06",
    "issuing_authority": "Bảo hiểm xã hội tỉnh Hà Nam",
    "abstract": "Về việc hưởng lương hưu",
}


def proposal(value: str | None, *, needs_review: bool = False) -> FieldProposal:
    """One field as it was read."""
    return FieldProposal(
        value=value, confidence=0.4 if needs_review else 0.99, source=Source.PRINT, needs_review=needs_review, page=1
    )


def read_as(values: Mapping[str, str], *, flagged: frozenset[str] = frozenset()) -> Extraction:
    """An extraction with these values."""
    return Extraction(
        pages=1,
        document_type=TypeProposal(code="MAU-QD", name="Quyết định", confidence=0.99, needs_review=False),
        fields={name: proposal(value, needs_review=name in flagged) for name, value in values.items()},
        alto=b"<alto/>",
    )


def one_page(**facts: object) -> CaptureFacts:
    """A good colour scan of one A4 page, but for ``facts`` of the page."""
    page = PageFacts(number=1, width=595, height=842, dpi=300, colour=True)
    return CaptureFacts(pdf_version=(1, 7), pages=[replace(page, **facts)])  # type: ignore[arg-type]


@dataclass
class FakeReader:
    """The port; ``meanwhile`` runs while a paper is read, as people go on working then."""

    extraction: Extraction = field(default_factory=lambda: read_as(VALUES))
    facts: CaptureFacts = field(default_factory=one_page)
    stamp: Doubt = Doubt.NO
    meanwhile: Callable[[], object] = lambda: None
    read_files: int = 0

    def secrecy_stamp(self, pdf: Path) -> Doubt:
        return self.stamp

    def capture_facts(self, pdf: Path) -> CaptureFacts:
        return self.facts

    def read(self, pdf: Path) -> Extraction:
        self.read_files += 1
        self.meanwhile()
        return self.extraction
