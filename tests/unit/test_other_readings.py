"""Words that only some looks at a line read: taken where what most read cannot be meant, and then always in doubt."""

from __future__ import annotations

import pytest

from ocr_worker.lexicon.other_readings import as_words
from ocr_worker.recognition.page_text import VotedLine, voted
from ocr_worker.recognition.recognize import Word


def line(text: str, place: int, *others: str, sure: float = 0.6) -> VotedLine:
    """A line in which single looks read ``others`` in one place."""
    words = text.split()
    confidences = [0.9995] * len(words)
    confidences[place] = sure
    heard = [others if place == number else () for number in range(len(words))]
    return VotedLine(text=text, words=(), confidences=tuple(confidences), others=tuple(heard))


def look(*words: tuple[str, float]) -> list[Word]:
    return [
        Word(text=text, box=(10.0 * place, 0, 10.0 * place + 8, 10), confidence=confidence)
        for place, (text, confidence) in enumerate(words)
    ]


def test_a_space_that_half_of_the_looks_lost_is_kept() -> None:
    lost, kept = look(("VÙNG", 0.9), ("NẬMLAY", 0.95)), look(("VÙNG", 0.9), ("NẬM", 0.9), ("LAY", 0.9))
    assert voted([lost, kept, lost, kept]).text == "VÙNG NẬM LAY"


def test_what_single_looks_read_is_known_beside_the_vote_and_a_reading_without_a_vote_too() -> None:
    line = voted([look(("tuôi", 0.9)), look(("tuôi", 0.9)), look(("tuối", 0.8))], look(("tuổi", 0.9)))
    assert line.text == "tuôi"
    assert line.others == (("tuổi", "tuối"),)


@pytest.mark.parametrize(
    ("read", "place", "others", "meant"),
    [
        ("dưới 6 tuôi đối với", 2, ("tuối", "tuổi"), "dưới 6 tuổi đối với"),
        ("lập hán đồ địa chính", 1, ("hắn", "bản"), "lập bản đồ địa chính"),
        ("hưu trí hãng tháng", 2, ("hằng",), "hưu trí hằng tháng"),
    ],
)
def test_what_single_looks_read_is_taken_where_it_makes_a_word(
    read: str, place: int, others: tuple[str, ...], meant: str
) -> None:
    found = as_words(line(read, place, *others))
    assert found.text == meant
    assert found.confidences[place] <= 0.7


@pytest.mark.parametrize(
    ("read", "place", "others", "sure"),
    [
        ("bảo hiểm xã hội", 1, ("hiếm",), 0.6),  # goes with its neighbours already
        ("tại thôn Ngổ năm 2023", 2, ("Ngô",), 0.6),  # a name stands in no dictionary
        ("lập hán đồ địa chính", 1, ("bản",), 0.96),  # nearly all looks read a word
        ("dưới 6 tuôi", 2, ("tuối", "tuôl"), 0.6),  # the others are no words either
        ("dưới 16 tuổi", 1, ("18",), 0.6),  # digits are no words
    ],
)
def test_otherwise_what_most_looks_read_stays(read: str, place: int, others: tuple[str, ...], sure: float) -> None:
    before = line(read, place, *others, sure=sure)
    assert as_words(before) == before


def test_nearly_all_looks_may_take_one_mark_for_another() -> None:
    assert as_words(line("phát triến lâm nghiệp", 1, "triển", sure=0.96)).text == "phát triển lâm nghiệp"
