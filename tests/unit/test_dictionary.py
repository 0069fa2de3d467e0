"""A syllable that spelling allows is not yet a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.errors import ConfigurationError
from ocr_worker.lexicon.dictionary import is_word, known_words
from ocr_worker.lexicon.syllables import is_syllable
from ocr_worker.lexicon.wording import NO_WORD, doubted
from ocr_worker.recognition.page_text import VotedLine


@pytest.mark.parametrize("word", ["tuổi", "trợ", "bảo", "hoà", "hòa", "uỷ", "nguyên"])
def test_words_in_use_are_known_wherever_their_tone_stands(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize("word", ["tuối", "hản"])
def test_a_word_that_lost_a_mark_is_doubted_though_spelling_allows_it(word: str) -> None:
    line = doubted(VotedLine(text=f"trẻ em dưới 6 {word}", words=(), confidences=(1.0,) * 5))
    assert is_syllable(word)
    assert line.confidences == (1.0, 1.0, 1.0, 1.0, NO_WORD)


def test_names_of_places_and_words_in_capitals_are_no_matter_of_the_dictionary() -> None:
    text = "hộ nghèo tại Krông Pắc theo HĐND"
    assert doubted(VotedLine(text=text, words=(), confidences=(1.0,) * 7)).confidences == (1.0,) * 7


def test_a_missing_dictionary_is_a_mistake_of_the_installation(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"apt-packages\.txt"):
        known_words(tmp_path / "vi_VN.dic")
