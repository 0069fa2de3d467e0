"""Pages scanned twice, and pairs of a page with and without a note, told apart by picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from connector.demo.papers.random_papers import draw_sample
from connector.demo.papers.scanner import scan, some_condition
from connector.domain.capture import SAME_PAGE, UNDER_A_NOTE, judge_capture, judge_likeness
from ocr_worker.pages.page_likeness import LIKENESS_DPI, Grey, PagePairs, likeness
from tests.fakes.reader import one_page

_DPI = 150


def looks(seed: int, times: int = 1) -> list[Grey]:
    """One paper scanned several times, each time under other conditions."""
    rng = np.random.default_rng(seed)
    drawing = draw_sample(rng, fonts=()).drawing
    return [_look(scan(drawing, some_condition(rng, dpi=_DPI), rng)[0]) for _ in range(times)]


def _look(picture: Grey) -> Grey:
    factor = LIKENESS_DPI / _DPI
    small = cv2.resize(picture.min(axis=2), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def with_note(page: Grey) -> Grey:
    """A note of 76 mm stuck on the page."""
    noted, size = page.copy(), round(76 / 25.4 * LIKENESS_DPI)
    noted[200 : 200 + size, 150 : 150 + size] = 215
    cv2.putText(noted, "Xem lai", (170, 300), 0, 1, (40,), 2)
    return noted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_page_is_known_again_and_under_a_note_only_in_part(seed: int) -> None:
    first, second = looks(seed, times=2)

    again, noted = likeness(first, second), likeness(first, with_note(second))

    assert again is not None and again >= SAME_PAGE
    assert noted is not None and UNDER_A_NOTE <= noted < SAME_PAGE


def test_another_page_is_not_alike() -> None:
    shares = [likeness(looks(1)[0], looks(seed)[0]) for seed in (2, 3)]

    assert all(share is not None and share < UNDER_A_NOTE for share in shares)


def test_an_empty_page_is_like_none() -> None:
    assert likeness(np.full((877, 620), 250, np.uint8), looks(1)[0]) is None


def test_pages_scanned_twice_are_found_wherever_they_lie() -> None:
    first, again = looks(1, times=2)

    pairs = PagePairs()
    for page in (first, looks(2)[0], again):
        pairs.add(page)

    found = pairs.alike
    assert found[1, 3] >= SAME_PAGE
    assert found[1, 2] < UNDER_A_NOTE and found[2, 3] < UNDER_A_NOTE


@pytest.mark.parametrize(
    ("alike", "notes", "told"),
    [
        ({(1, 2): 0.99}, (), "có thể một trang được quét hai lần"),
        ({(1, 2): 0.9}, (), None),
        ({(1, 2): 0.75}, (1,), None),
        ({(1, 2): 0.1}, (1,), "Trang 1 có giấy ghi chú: ảnh 1 và ảnh 2 không phải cùng một trang"),
        ({(1, 2): 1.0}, (1,), "ảnh 1 và ảnh 2 giống hệt nhau"),
        # the notes of pages 1 and 2: images 1, 2 and 3, 4
        ({(1, 2): 0.7, (2, 3): 0.1, (3, 4): 0.1}, (1, 2), "Trang 2 có giấy ghi chú: ảnh 3 và ảnh 4"),
    ],
)
def test_what_the_pictures_say_is_a_question(
    alike: dict[tuple[int, int], float], notes: tuple[int, ...], told: str | None
) -> None:
    findings = list(judge_likeness(alike, notes))

    assert [told in finding.sentence for finding in findings if told] == ([True] if told else [])
    assert len(findings) == (told is not None)
    assert all(finding.is_question for finding in findings)


def test_a_likeness_alone_refuses_no_capture() -> None:
    facts = one_page()
    pages = [facts.pages[0], facts.pages[0]]
    [finding] = judge_capture(type(facts)(pdf_version=(1, 7), pages=pages, alike={(1, 2): 1.0}), declared_pages=2)

    assert finding.is_question
