"""The Article 9 fields of a paper, each with its doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector.domain.extraction import FieldProposal, Source, TypeProposal
from ocr_worker.doubt.proposals import proposal
from ocr_worker.doubt.thresholds import threshold
from ocr_worker.fields.abstract import AbstractReading, as_in_header, read_abstract
from ocr_worker.fields.arrival import arrived_on
from ocr_worker.fields.authority import AuthorityReading, read_authority
from ocr_worker.fields.code_fields import type_of_codes, with_codes
from ocr_worker.fields.document_number import NumberReading, read_number
from ocr_worker.fields.issue_date import DateReading, read_date, supported
from ocr_worker.fields.owner import read_owner
from ocr_worker.fields.type_choice import TypeChoice, choose_type
from ocr_worker.fields.validity import read_validity
from ocr_worker.layout.header import Header, date_words, find_header
from ocr_worker.layout.labels import date_in, find_value, labels_of
from ocr_worker.layout.title_block import find_title
from ocr_worker.lexicon.agency_names import agency_name
from ocr_worker.lexicon.document_type import DocumentType, load_document_types
from ocr_worker.pages.qr import QrCode
from ocr_worker.recognition.page_text import UNANIMOUS, PageText
from ocr_worker.recognition.text_lines import Line
from ocr_worker.secrecy.words import says_secret

# an abstract that spells a name otherwise than the header does
DOUBTED_NAME = 0.7


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the pages of one paper yield."""

    document_type: TypeProposal
    fields: Mapping[str, FieldProposal]
    secrecy_found: bool


def read_fields(
    pages: Sequence[PageText], codes: Sequence[QrCode], *, signed: dt.datetime | None, latest: dt.date
) -> Reading:
    """Header, type, number, date, agency, abstract, owner and validity of a paper.

    ``signed`` is the time of the first signature in the file, ``latest`` the day of the scan: no paper is dated after
    them, nor after the day that an incoming stamp prints.
    """
    first = pages[0]
    header = find_header(first)
    if says_secret(pages, header):
        return Reading(document_type=_no_type(), fields={}, secrecy_found=True)
    arrived = arrived_on(first, header.frames)
    latest = min(latest, arrived) if arrived else latest
    title = find_title(first, header, load_document_types())
    agency = read_authority(first, header)
    number = read_number(first, header, title.kind if title else None, agency.name if agency else None)
    choice = type_of_codes(choose_type(first, header, title, number.notation if number else None), codes)
    kind = choice.kind
    abstract = read_abstract(first, header, title) if kind is None or kind.layout != "form" else None
    fields = {
        "document_name": proposal(
            "document_name", kind.name if kind else None, choice.confidence, Source.PRINT, page=first.clean.image.page
        ),
        "document_number": _number(first, number),
        "issue_date": _date(pages, header, kind, signed=signed, latest=latest),
        "issuing_authority": _authority(pages, agency, kind),
        "abstract": _abstract(first, abstract, agency),
    }
    fields |= read_owner(pages, kind)
    fields |= read_validity(pages, kind)
    fields = with_codes(fields, codes)
    if kind is not None and kind.layout == "form":
        fields["abstract"] = _form_abstract(kind, fields)
    return Reading(document_type=_type(choice), fields=fields, secrecy_found=False)


def _no_type() -> TypeProposal:
    return TypeProposal(code=None, name=None, confidence=0.0, needs_review=True)


def _type(choice: TypeChoice) -> TypeProposal:
    kind = choice.kind
    if kind is None:
        return _no_type()
    unsure = choice.confidence < threshold("document_type_code")
    return TypeProposal(code=kind.code, name=kind.name, confidence=choice.confidence, needs_review=unsure)


def _number(page: PageText, number: NumberReading | None) -> FieldProposal:
    if number is None:
        return proposal("document_number", None, 0.0, Source.PRINT)
    return proposal(
        "document_number",
        number.value,
        number.confidence,
        _source(page, number.source),
        page=page.clean.image.page,
        box=page.clean.to_points(number.box),
        rule="number slot",
    )


def _source(page: PageText, source: Source) -> Source:
    return Source.TEXT if page.electronic and source is Source.PRINT else source


def _date(
    pages: Sequence[PageText], header: Header, kind: DocumentType | None, *, signed: dt.datetime | None, latest: dt.date
) -> FieldProposal:
    """The header's date; forms say where theirs stands. Dates of the body never count."""
    if kind is not None and kind.date_from == "label":
        return _labelled_date(pages, kind, signed, latest)
    page, line = pages[0], header.date
    if kind is not None and kind.date_from == "signature":
        page, line = _signature_date(pages)
    reading = read_date(page, line) if line is not None else None
    if reading is None:
        return proposal("issue_date", None, 0.0, Source.PRINT)
    return _dated(page, reading, signed, latest)


def _dated(page: PageText, reading: DateReading, signed: dt.datetime | None, latest: dt.date) -> FieldProposal:
    date = reading.date
    return proposal(
        "issue_date",
        date.isoformat() if date else None,
        supported(reading.confidence, date, signed, latest) if date else 0.0,
        _source(page, reading.source),
        page=page.clean.image.page,
        box=page.clean.to_points(reading.box),
        rule="date slot",
    )


def _signature_date(pages: Sequence[PageText]) -> tuple[PageText, Line | None]:
    """The last line of place and date above the signatures."""
    for page in reversed(pages):
        width, height = page.clean.size
        lines = [
            line
            for line in page.lines
            if date_words(line.words) >= 2 and line.middle[1] > 0.35 * height and line.box[2] > 0.5 * width
            and line.box[0] > 0.28 * width
        ]  # fmt: skip
        if lines:
            return page, lines[-1]
    return pages[0], None


def _labelled_date(
    pages: Sequence[PageText], kind: DocumentType, signed: dt.datetime | None, latest: dt.date
) -> FieldProposal:
    found = find_value(pages, labels_of(kind.labels, "issue_date"))
    value = date_in(found.text) if found else None
    if found is None or value is None:
        return proposal("issue_date", None, 0.0, Source.PRINT)
    confidence = supported(found.confidence, dt.date.fromisoformat(value), signed, latest)
    box = found.page.clean.to_points(found.box)
    return proposal(
        "issue_date", value, confidence, Source.PRINT, page=found.page.clean.image.page, box=box, rule="label"
    )


def _authority(pages: Sequence[PageText], reading: AuthorityReading | None, kind: DocumentType | None) -> FieldProposal:
    labels = labels_of(kind.labels, "issuing_authority") if kind else ()
    found = find_value(pages, labels) if labels else None
    if found is not None:
        sentences = [word.text for page in pages for word in page.words]
        name = agency_name(found.text, sentences, sure=found.confidence >= UNANIMOUS)
        source = Source.LEXICON if name.corrected else Source.PRINT
        box = found.page.clean.to_points(found.box)
        return proposal(
            "issuing_authority",
            name.text,
            name.confidence(found.confidence),
            source,
            page=found.page.clean.image.page,
            box=box,
            rule="label",
        )
    page = pages[0]
    if reading is None:
        return proposal("issuing_authority", None, 0.0, Source.PRINT)
    return proposal(
        "issuing_authority",
        reading.name,
        reading.confidence,
        Source.LEXICON if reading.snapped else _source(page, Source.PRINT),
        page=page.clean.image.page,
        box=page.clean.to_points(reading.box),
        rule="left column",
        text=reading.text,
    )


def _abstract(page: PageText, abstract: AbstractReading | None, agency: AuthorityReading | None) -> FieldProposal:
    if abstract is None:
        return proposal("abstract", None, 0.0, Source.PRINT)
    text = as_in_header(abstract.text, agency.name) if agency is not None else abstract.text
    return proposal(
        "abstract",
        text,
        abstract.confidence if text == abstract.text else min(abstract.confidence, DOUBTED_NAME),
        _source(page, Source.PRINT),
        page=page.clean.image.page,
        box=page.clean.to_points(abstract.box),
        rule="abstract block",
    )


def _form_abstract(kind: DocumentType, fields: Mapping[str, FieldProposal]) -> FieldProposal:
    """A form prints no abstract: its name and its owner's are proposed, for a person to accept."""
    owner = fields.get("owner_name")
    value = f"{kind.name} của {owner.value}" if owner is not None and owner.value else kind.name
    return proposal("abstract", value, 0.6, Source.RULE, rule="name of the form and of its owner")
