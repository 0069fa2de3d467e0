"""A long paper is read page by page without keeping the pictures of all its pages."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from connector.demo.papers.sheet import Sheet
from connector.demo.papers.typefaces import TINOS
from ocr_worker.recognition import read_pages
from ocr_worker.recognition.recognize import shared_recognizer


@pytest.fixture
def long_paper(tmp_path: Path) -> Path:
    """Four pages of print, born digital."""
    sheet = Sheet(TINOS)
    for number in range(4):
        if number:
            sheet.next_page()
        sheet.paragraph(f"Trang thứ {number + 1} của báo cáo kết quả giải quyết thủ tục hành chính. " * 12, 40)
    target = tmp_path / "long.pdf"
    target.write_bytes(sheet.finish().printed)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 4
    return target


def test_pages_in_the_middle_keep_their_words_and_places_but_no_picture(
    long_paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_pages.read_pages(long_paper, shared_recognizer())
    monkeypatch.setattr(read_pages, "KEPT_PICTURES", 1)

    pages = read_pages.read_pages(long_paper, shared_recognizer())

    assert [page.clean.grey.min() < 128 for page in pages] == [True, False, False, True]
    for kept, page in zip(whole, pages, strict=True):
        assert [word.text for word in page.words] == [word.text for word in kept.words]
        assert page.clean.size == kept.clean.size
        box = page.words[0].box
        assert page.clean.to_points(box) == kept.clean.to_points(box)


def test_a_file_that_is_opened_anew_between_pages_reads_as_before(
    long_paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [[word.text for word in page.words] for page in read_pages.read_pages(long_paper, shared_recognizer())]
    monkeypatch.setattr(read_pages, "TOGETHER", 3)

    again = read_pages.read_pages(long_paper, shared_recognizer())

    assert [[word.text for word in page.words] for page in again] == texts
    assert [page.clean.image.page for page in again] == [1, 2, 3, 4]


def test_the_picture_of_a_page_in_the_middle_takes_no_memory(long_paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_pages, "KEPT_PICTURES", 1)

    pages = read_pages.read_pages(long_paper, shared_recognizer())

    for picture in (pages[1].clean.grey, pages[1].clean.image.rgb):
        assert not any(picture.strides)
