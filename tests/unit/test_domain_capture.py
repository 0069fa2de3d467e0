"""What Article 8.2 asks of a capture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.domain.capture import CaptureFacts, PageFacts, judge_capture, sticky_note_pages

PAGE = PageFacts(number=1, width=595, height=842, dpi=300, colour=True)


def pages(number: int) -> CaptureFacts:
    return CaptureFacts(pdf_version=(1, 7), pages=[replace(PAGE, number=each) for each in range(1, number + 1)])


def clauses(facts: CaptureFacts, **declared: object) -> list[str]:
    return [found.clause for found in judge_capture(facts, **{"declared_pages": None, **declared})]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"dpi": 197}, "8.2.e"),
        ({"colour": False}, "8.2.e"),
        ({"blank": True}, "8.2.b"),
        ({"cut_edges": True}, "8.2.b"),
    ],
)
def test_each_defect_names_its_clause_and_page(change: dict[str, object], clause: str) -> None:
    [found] = judge_capture(replace(pages(1), pages=[replace(PAGE, number=3, **change)]), declared_pages=None)  # type: ignore[arg-type]
    assert (found.clause, found.sentence[:8]) == (clause, "Trang 3:")
    assert found.technical is (clause == "8.2.e")


@pytest.mark.parametrize("dpi", [198, 200, 600, None])
def test_what_scanners_write_for_200_dpi_and_pages_born_digital_pass(dpi: int | None) -> None:
    assert clauses(replace(pages(1), pages=[replace(PAGE, dpi=dpi, colour=None if dpi is None else True)])) == []


@pytest.mark.parametrize(
    ("images", "declared", "sticky", "expected"),
    [
        (3, None, (), []),  # nobody declared it: asked at confirmation
        (3, 3, (), []),
        (2, 3, (), ["8.2.c"]),
        (4, 3, (), ["8.2.c"]),
        (4, 3, (2,), []),  # one page, two images: with the note and without
        (4, 3, (2, 2), []),
        (5, 3, (1, 2), []),
        (3, 3, (2,), ["8.2.c"]),
        (4, 3, (4,), ["8.2.d"]),
        (4, 3, (0,), ["8.2.d"]),
    ],
)
def test_there_is_one_image_for_each_page_and_one_more_for_each_sticky_note(
    images: int, declared: int | None, sticky: tuple[int, ...], expected: list[str]
) -> None:
    assert clauses(pages(images), declared_pages=declared, sticky_notes=sticky) == expected


def test_a_file_without_pages_is_refused_whatever_was_declared() -> None:
    assert clauses(pages(0), declared_pages=0) == ["8.2.b"]


@pytest.mark.parametrize(
    ("text", "numbers"), [("2, 5", (2, 5)), ("trang 3 và 4", (3, 4)), ("", ()), (None, ()), ("không", ())]
)
def test_people_name_pages_as_they_like(text: str | None, numbers: tuple[int, ...]) -> None:
    assert sticky_note_pages(text) == numbers
