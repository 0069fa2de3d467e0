"""The kind of paper from its title, its notation, and what a công văn shows instead of a title."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_worker.layout.header import Header
from ocr_worker.layout.title_block import Title
from ocr_worker.lexicon.document_type import DocumentType, known_types
from ocr_worker.lexicon.notation import type_of
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.text_lines import fold

# what speaks for a type: title and notation; a clear title alone; notation or a letter's marks alone
BOTH, TITLE, LETTER, ONE_SIGN, CONTRADICTED = 0.995, 0.96, 0.97, 0.7, 0.5


@dataclass(frozen=True, kw_only=True)
class TypeChoice:
    """The type and how sure it is; None when nothing speaks for one."""

    kind: DocumentType | None
    confidence: float


def choose_type(page: PageText, header: Header, title: Title | None, notation: str | None) -> TypeChoice:
    """Title and notation together; a letter has neither title nor type abbreviation, but V/v or Kính gửi."""
    named = type_of(notation) if notation else None
    if title is not None:
        return TypeChoice(kind=title.kind, confidence=_title_confidence(title, named, notation))
    if named is not None:
        return TypeChoice(kind=named, confidence=ONE_SIGN)
    letter = known_types().letter
    signs = bool(header.subject) + _is_addressed(page, header)
    if letter is None or not signs:
        return TypeChoice(kind=None, confidence=0.0)
    return TypeChoice(kind=letter, confidence=LETTER if notation and header.subject else ONE_SIGN)


def _title_confidence(title: Title, named: DocumentType | None, notation: str | None) -> float:
    if title.rest:
        return ONE_SIGN if named is not title.kind else TITLE
    if title.kind.layout == "form":
        return TITLE if title.likeness >= 0.93 else ONE_SIGN
    if named is title.kind:
        return BOTH
    if named is not None:
        return CONTRADICTED
    # a notation that abbreviates no type fits a title only when it could not be read
    sure = title.likeness >= 0.97 and title.kind.abbreviation is not None
    return TITLE if sure and not notation else ONE_SIGN if notation else title.likeness * 0.95


def _is_addressed(page: PageText, header: Header) -> bool:
    top, bottom = header.bottom, header.bottom + page.clean.pixels(90)
    letters = fold(" ".join(word.text for word in page.words if top < word.middle[1] < bottom))
    return "kinhgui" in letters
