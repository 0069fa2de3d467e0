"""Labelled sets: varied papers whose truth is known, the same for everyone who names the seed."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from connector.demo.papers import draw_labelled_set
from connector.demo.papers.agencies import balanced
from connector.demo.papers.civil_status import date_in_words, number_in_words
from connector.demo.papers.labelled_set import TEST_HANDS, TUNE_HANDS
from connector.demo.papers.random_papers import draw_sample
from connector.demo.papers.typefaces import ARIMO, COUSINE, FONTS, FREE_SERIF, TINOS, Typeface
from connector.domain.identifiers import is_personal_id


def rows(folder: Path) -> list[dict[str, str]]:
    """The truth of one half."""
    answer: list[dict[str, str]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return answer


def test_a_set_has_two_halves_that_depend_on_the_seed_alone(tmp_path: Path) -> None:
    draw_labelled_set(tmp_path / "whole", 4, seed=11)
    draw_labelled_set(tmp_path / "part", 2, seed=11)

    for half in ("tune", "test"):
        assert len(rows(tmp_path / "whole" / half)) == 2
        (first,) = rows(tmp_path / "part" / half)
        assert first in rows(tmp_path / "whole" / half)
        same = [(tmp_path / size / half / first["file"]).read_bytes() for size in ("whole", "part")]
        assert same[0] == same[1]


@pytest.fixture(scope="module")
def truths() -> list[dict[str, str]]:
    """The truths of many papers, drawn but not scanned."""
    return [draw_sample(np.random.default_rng((3, place)), fonts=()).truth for place in range(150)]


def test_a_set_holds_at_least_twelve_types_of_many_agencies(truths: list[dict[str, str]]) -> None:
    assert len({truth["document_type_code"] for truth in truths}) >= 12
    assert len({truth["issuing_authority"] for truth in truths}) >= 75


def test_a_set_holds_numbers_of_the_party_and_of_legal_documents(truths: list[dict[str, str]]) -> None:
    numbers = [truth["document_number"] for truth in truths]
    assert any(re.fullmatch(r"\d+-[A-ZĐ]\w+/[A-ZĐ]{2}", number) for number in numbers)
    assert any(re.fullmatch(r"\d+/20\d\d/[A-ZĐ]\w+-.+", number) for number in numbers)


def test_every_truth_has_number_date_and_agency_of_a_real_form(truths: list[dict[str, str]]) -> None:
    for truth in truths:
        assert re.fullmatch(r"\d{2,4}(?:/|-(?=[A-ZĐ][A-Za-zĐđ]*/)).+", truth["document_number"])
        assert dt.date(1991, 1, 1) <= dt.date.fromisoformat(truth["issue_date"]) < dt.date(2026, 1, 1)
        assert is_personal_id(truth["owner_id"]) if "owner_id" in truth else truth["abstract"]


def test_a_third_of_the_papers_is_numbered_by_hand() -> None:
    hands = [draw_sample(np.random.default_rng((4, place)), fonts=()).hand for place in range(90)]

    assert 0.3 < sum(hand is not None for hand in hands) / len(hands) < 0.6


@pytest.mark.parametrize("face", [TINOS, ARIMO, COUSINE, FREE_SERIF], ids=lambda face: face.name)
def test_every_face_has_all_vietnamese_letters(face: Typeface) -> None:
    letters = {letter for mark in "\u0300\u0301\u0309\u0303\u0323" for letter in _marked(mark)} | set("ăâđêôơưĂÂĐÊÔƠƯ")

    for file in face.files:
        assert letters <= {chr(code) for code in TTFont(FONTS / file).getBestCmap()}


def _marked(mark: str) -> list[str]:
    vowels = "aăâeêioôơuưy"
    return [unicodedata.normalize("NFC", vowel + mark) for vowel in vowels + vowels.upper()]


def test_the_halves_share_no_handwriting_font() -> None:
    assert not set(TUNE_HANDS) & set(TEST_HANDS)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (2025, "hai nghìn không trăm hai mươi lăm"),
        (1998, "một nghìn chín trăm chín mươi tám"),
        (2005, "hai nghìn không trăm năm"),
    ],
)
def test_numbers_are_spelled_as_on_a_certificate(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_a_date_is_spelled_as_on_a_certificate() -> None:
    assert date_in_words(dt.date(2024, 4, 6)) == "Ngày mùng sáu tháng tư năm hai nghìn không trăm hai mươi tư"


def test_a_long_name_is_broken_into_lines_of_about_one_length() -> None:
    assert balanced("SỞ NỘI VỤ") == ("SỞ NỘI VỤ",)
    lines = balanced("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI")
    assert max(map(len, lines)) <= 26
    assert " ".join(lines) == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
