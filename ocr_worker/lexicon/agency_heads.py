"""Words that begin the names of agencies, and lines that go on with one."""

from __future__ import annotations

from functools import cache

from ocr_worker.lexicon.document_type import agencies
from ocr_worker.lexicon.syllables import old_tones
from ocr_worker.recognition.text_lines import fold

# heads that are recognised with wrong marks too
COMMONEST = frozenset({"so", "bo", "cuc", "ubnd", "bhxh", "hdnd"})
# the end of ỦY BAN NHÂN DÂN, and what a forest or a service does (phòng hộ, phòng chống): no names begin so
NO_HEADS = ("bannhandan", "phongho", "phongchong", "phongchay", "phongbenh", "phongngua")


def begins_name(text: str) -> bool:
    """Whether a line begins with a word that begins the names of agencies."""
    letters = fold(text)
    for head in agencies().heads:
        plain = fold(head)
        if letters.startswith(plain) and _whole_words(text, head) and _is_head(text, head):
            return not letters.startswith(NO_HEADS)
    return False


def begins_with_level(text: str) -> bool:
    """Whether a line begins with an administrative level: TỈNH QUẢNG NGÃI."""
    return any(_whole_words(text, level) for level in agencies().levels)


def _is_head(text: str, head: str) -> bool:
    """A head of one word is told from others that differ in marks (VIÊN is not VIỆN) by its field or its marks."""
    if " " in head or fold(head) in COMMONEST or old_tones(text.split()[0].lower()) == head.lower():
        return True
    rest = [fold(word) for word in text.split()[1:]]
    return any(len(field) > 1 and rest[: len(field)] == list(field) for field in _folded_fields())


@cache
def _folded_fields() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold(word) for word in field.split()) for field in agencies().fields)


def _whole_words(text: str, head: str) -> bool:
    words = [fold(word) for word in text.split()]
    wanted = [fold(word) for word in head.split()]
    return words[: len(wanted)] == wanted
