"""What QR codes say of a paper and its owner, beside what was read: the code wins, and a difference is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from connector.domain.extraction import FieldProposal, Source
from connector.domain.identifiers import OwnerIdKind
from ocr_worker.doubt.proposals import proposal
from ocr_worker.fields.type_choice import TypeChoice
from ocr_worker.lexicon.document_type import load_document_types
from ocr_worker.pages.qr import QrCode, QrPaper, paper_of, person_of

# a code has its own check digits; one that contradicts the print may belong to another paper
CODED, CONTRADICTED = 0.995, 0.7
# the moment of issue in a system is not always the date printed on the paper
ISSUED_ALONE = 0.9


def with_codes(fields: Mapping[str, FieldProposal], codes: Sequence[QrCode]) -> dict[str, FieldProposal]:
    """The fields, with those of codes in their place; flagged where a code and the print differ."""
    joined = dict(fields)
    for code in codes:
        for name, value in _values(code):
            joined[name] = _joined(name, value, code, fields.get(name))
    return joined


def type_of_codes(choice: TypeChoice, codes: Sequence[QrCode]) -> TypeChoice:
    """The type that was read; in doubt where a code names another one, the code's where none was read."""
    for code in codes:
        paper = _paper(code)
        if paper is None or paper.document_name is None:
            continue
        named = next(kind for kind in load_document_types() if kind.name == paper.document_name)
        if choice.kind is None:
            return TypeChoice(kind=named, confidence=CONTRADICTED)
        if choice.kind.code != named.code:
            return replace(choice, confidence=min(choice.confidence, CONTRADICTED))
    return choice


def _values(code: QrCode) -> Iterator[tuple[str, str]]:
    person = person_of(code.text)
    if person is not None:
        yield "owner_id", person.personal_id
        yield "owner_id_kind", str(OwnerIdKind.PERSONAL)
        yield "owner_name", person.name
        yield "owner_birth_date", person.birth_date
        return
    paper = _paper(code)
    if paper is None:
        return
    if paper.owner_id is not None:
        yield "owner_id", paper.owner_id
        yield "owner_id_kind", str(paper.owner_id_kind)
    if paper.issued is not None:
        yield "issue_date", paper.issued


def _paper(code: QrCode) -> QrPaper | None:
    return paper_of(code.text, [kind.name for kind in load_document_types()])


def _joined(name: str, value: str, code: QrCode, read: FieldProposal | None) -> FieldProposal:
    coded = proposal(name, value, CODED, Source.QR, page=code.page, box=code.box, rule="qr")
    if read is None or read.value is None:
        alone = name == "issue_date"
        return replace(coded, confidence=ISSUED_ALONE, needs_review=True) if alone else coded
    if read.value.casefold() != value.casefold():
        return replace(coded, confidence=CONTRADICTED, needs_review=True)
    return coded
