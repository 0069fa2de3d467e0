"""What Article 8.2 asks of a capture, judged from facts measured on the file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TECHNICAL_CLAUSE = "8.2.e"
MINIMUM_DPI = 200
# a scanner writes 199 or 198 where 200 was asked for
DPI_TOLERANCE = 2
# On drawn papers scanned twice the share was 1.0, with a note of 76 mm 0.67 to 0.83, of two filled-in copies of one
# form at most 0.96, of different pages at most 0.33.
SAME_PAGE = 0.98
UNDER_A_NOTE = 0.4


class Doubt(StrEnum):
    """The answer of a picture check that must not guess."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """One page: size in points as shown (after /Rotate), resolution of its image, what the picture shows."""

    number: int
    width: float
    height: float
    dpi: int | None  # None: no full-page image (born digital)
    colour: bool | None
    blank: bool = False
    cut_edges: bool = False


@dataclass(frozen=True, kw_only=True)
class CaptureFacts:
    """A file as measured: PDF version, pages, signatures that came with it, time of capture."""

    pdf_version: tuple[int, int]
    pages: Sequence[PageFacts]
    signature_fields: tuple[str, ...] = ()
    created_at: dt.datetime | None = None  # aware; what the capture software wrote
    # image numbers from 1 -> the share of what both show that is the same; adjacent images, and others if much alike
    alike: Mapping[tuple[int, int], float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CaptureFinding:
    """One unmet requirement; ``clause`` as in Decision 1333, ``sentence`` in Vietnamese."""

    clause: str
    sentence: str
    is_question: bool = False  # seen by picture only: the official looks at it at confirmation

    @property
    def technical(self) -> bool:
        """Whether only the technical standard is missed (Art. 8.2.e): the paper is whole and can be read."""
        return self.clause == TECHNICAL_CLAUSE


def sticky_note_pages(text: str | None) -> tuple[int, ...]:
    """The page numbers in ``bhxh:trangCoGiayGhiChu`` ("2, 5"); each has two images (Art. 8.2.d)."""
    return tuple(int(number) for number in re.findall(r"\d+", text or ""))


def judge_capture(
    facts: CaptureFacts, *, declared_pages: int | None, sticky_notes: Sequence[int] = ()
) -> tuple[CaptureFinding, ...]:
    """The findings of Article 8.2 b, c, d, e on one file; none means that it may be signed.

    Declared pages that are missing are no finding: they are asked at confirmation. Nor is an old PDF version: the
    personal signature raises it to 1.7, and what is kept as the capture is the signed file.
    """
    findings = []
    if not facts.pages:
        findings.append(CaptureFinding(clause="8.2.b", sentence="Tệp không có trang nào."))
    findings += [finding for page in facts.pages for finding in _judge_page(page)]
    findings += list(judge_likeness(facts.alike, sticky_notes))
    if declared_pages is not None and facts.pages:
        findings += judge_count(len(facts.pages), declared_pages=declared_pages, sticky_notes=sticky_notes)
    return tuple(findings)


def judge_likeness(
    alike: Mapping[tuple[int, int], float], sticky_notes: Sequence[int] = ()
) -> Iterator[CaptureFinding]:
    """Art. 8.2.c, d by picture: pages scanned twice, and pairs of a page with and without its note that are no pair.

    The two captures of a page with a note lie one after the other.
    """
    pairs = {page + number: page for number, page in enumerate(sorted(set(sticky_notes)))}
    for (first, second), share in sorted(alike.items()):
        page = pairs.get(first) if second == first + 1 else None
        if page is None and share >= SAME_PAGE:
            sentence = f"Ảnh {first} và ảnh {second} giống nhau: có thể một trang được quét hai lần."
            yield CaptureFinding(clause="8.2.c", sentence=sentence, is_question=True)
        elif page is not None and not UNDER_A_NOTE <= share < SAME_PAGE:
            what = "giống hệt nhau" if share >= SAME_PAGE else "không phải cùng một trang"
            sentence = f"Trang {page} có giấy ghi chú: ảnh {first} và ảnh {second} {what}."
            yield CaptureFinding(clause="8.2.d", sentence=sentence, is_question=True)


def judge_count(images: int, *, declared_pages: int, sticky_notes: Sequence[int] = ()) -> list[CaptureFinding]:
    """Art. 8.2.c, d: one image for each page, and one more for each page with a sticky note."""
    findings = []
    beyond = [page for page in sorted(set(sticky_notes)) if not 1 <= page <= declared_pages]
    if beyond:
        sentence = f"Trang có giấy ghi chú {', '.join(map(str, beyond))} nằm ngoài {declared_pages} trang khai báo."
        findings.append(CaptureFinding(clause="8.2.d", sentence=sentence))
    expected = declared_pages + len(set(sticky_notes))
    if expected != images:
        sentence = f"Tệp có {images} ảnh, số trang khai báo cần {expected} ảnh."
        findings.append(CaptureFinding(clause="8.2.c", sentence=sentence))
    return findings


def _judge_page(page: PageFacts) -> list[CaptureFinding]:
    where = f"Trang {page.number}"
    findings = []
    if page.dpi is not None and page.dpi < MINIMUM_DPI - DPI_TOLERANCE:
        findings.append(
            CaptureFinding(clause=TECHNICAL_CLAUSE, sentence=f"{where}: {page.dpi} dpi, cần tối thiểu 200 dpi.")
        )
    if page.colour is False:
        findings.append(CaptureFinding(clause=TECHNICAL_CLAUSE, sentence=f"{where}: ảnh không phải ảnh màu."))
    if page.blank:
        findings.append(CaptureFinding(clause="8.2.b", sentence=f"{where}: ảnh trắng."))
    if page.cut_edges:
        findings.append(CaptureFinding(clause="8.2.b", sentence=f"{where}: chữ bị cắt ở mép giấy."))
    return findings
