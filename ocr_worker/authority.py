"""The issuing agency: the last name in the left column, below its parent (Decree 30/2020 App. I, box 2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from ocr_worker.clean import PixelBox
from ocr_worker.document_type import agencies
from ocr_worker.layout import Header
from ocr_worker.page_text import PageText
from ocr_worker.text_lines import around, fold

# a name of the lexicon replaces what was read only when it is this alike and the next one is this much less so
ALIKE, MARGIN = 82, 6
# Old and new places of the tone mark: the old one is written in official names
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_END = re.compile(r"(?<![qQ])(oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|uỳ|uý|uỷ|uỹ|uỵ)(?![a-zà-ỹ])")


@dataclass(frozen=True, kw_only=True)
class AuthorityReading:
    """The agency in normal capitals; ``snapped`` when the lexicon corrected what was read."""

    name: str
    confidence: float
    snapped: bool
    box: PixelBox
    text: str


def read_authority(page: PageText, header: Header) -> AuthorityReading | None:
    """The agency lines read by vote, joined to names; the last name issues the paper."""
    lines = [(page.vote(line.box), line.box) for line in header.agency]
    lines = [(line, box) for line, box in lines if len(fold(line.text)) > 1]
    if not lines:
        return None
    texts = [_tidy(line.text) for line, _ in lines]
    first = _first_of_last_name(texts)
    printed = " ".join(texts[first:])
    read = min(line.confidence for line, _ in lines[first:])
    name, snapped, sure = normal_name(printed)
    confidence = max(min(read, 0.99), 0.985 if sure else 0.0)
    return AuthorityReading(
        name=name, confidence=confidence, snapped=snapped, box=around(box for _, box in lines[first:]), text=printed
    )


def _tidy(text: str) -> str:
    words = [word.strip("|_~'`\"“”.,;:¬-—–*") for word in text.split()]
    kept = [word if word else ("-" if raw in "-—–" else "") for word, raw in zip(words, text.split(), strict=True)]
    return " ".join(word for word in kept if word and (len(word) > 1 or word.isalpha() or word == "-")).strip(" -")


def _first_of_last_name(texts: Sequence[str]) -> int:
    """The index of the line in which the last agency's name begins."""
    first = 0
    for place in range(1, len(texts)):
        if _begins_name(texts[place]) and not _continues(texts[place - 1]):
            first = place
    return first


def _begins_name(text: str) -> bool:
    letters = fold(text)
    for head in agencies().heads:
        plain = fold(head)
        if letters.startswith(plain) and (len(plain) > 3 or _whole_words(text, head)):
            # "BAN NHÂN DÂN" cut from "ỦY BAN NHÂN DÂN" begins nothing
            return not letters.startswith("bannhandan")
    return False


def _whole_words(text: str, head: str) -> bool:
    words = [fold(word) for word in text.split()]
    wanted = [fold(word) for word in head.split()]
    return words[: len(wanted)] == wanted


def _continues(text: str) -> bool:
    """Whether a line cannot be the end of a name."""
    return fold(text.split()[-1] if text.split() else "") in {"va", "cua", "cac", "cap", "thuoc"} or text.endswith(
        (",", "-")
    )


def normal_name(printed: str) -> tuple[str, bool, bool]:
    """A printed name in normal capitals, whether the lexicon corrected it, and whether all of it is known."""
    words = _plain_words(printed)
    folded = [fold(word) for word in words]
    known = [False] * len(words)
    snapped = False
    for phrase, written in _phrases():
        size = len(phrase)
        place = 0
        while place + size <= len(words):
            if not any(known[place : place + size]) and folded[place : place + size] == list(phrase):
                new = written.split()
                snapped |= [word.lower() for word in words[place : place + size]] != [word.lower() for word in new]
                words[place : place + size] = new
                known[place : place + size] = [True] * size
            place += 1
    place_snapped = _snap_place(words, folded, known)
    snapped |= place_snapped
    name = _capitalised(words)
    return name, snapped, all(known) and bool(words)


def _plain_words(printed: str) -> list[str]:
    text = old_tones(unicodedata.normalize("NFC", printed).lower())
    return re.sub(r"\s*-\s*", " - ", text).split()


def old_tones(text: str) -> str:
    """Tone marks where official names have them: `ủy`, `hòa` for `uỷ`, `hoà`."""
    return _TONE_END.sub(lambda match: _TONES[match.group().lower()], text)


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Known phrases, the longest first, folded word by word and as they are written."""
    words = agencies()
    written = [*(f"{head}" for head in words.heads if len(head.split()) > 1), *words.fields, *words.proper]
    folded = {tuple(fold(word) for word in phrase.split()): phrase for phrase in written}
    return tuple(sorted(folded.items(), key=lambda item: -len(item[0])))


def _snap_place(words: list[str], folded: list[str], known: list[bool]) -> bool:
    """The province after its level, corrected when it clearly is one; other places keep what was read."""
    changed = False
    levels = {tuple(fold(word) for word in level.split()): level for level in agencies().levels}
    place = 0
    while place < len(words):
        level = next((level for level in sorted(levels, key=len, reverse=True)
                      if tuple(folded[place : place + len(level)]) == level), None)  # fmt: skip
        if level is None or any(known[place : place + len(level)]):
            place += 1
            continue
        size = len(level)
        changed |= words[place : place + size] != levels[level].split()
        words[place : place + size] = levels[level].split()
        known[place : place + size] = [True] * size
        rest = next((n for n in range(place + size, len(words)) if known[n]), len(words))
        changed |= _snap_province(words, known, place + size, rest, levels[level])
        place = max(rest, place + size)
    return changed


def _snap_province(words: list[str], known: list[bool], start: int, end: int, level: str) -> bool:
    read = " ".join(words[start:end])
    if not read:
        return False
    title = [word[:1].upper() + word[1:] for word in words[start:end]]
    words[start:end] = title
    if level not in {"tỉnh", "thành phố"}:
        return False
    name = province(read)
    if name is None or len(name.split()) != end - start:
        return False
    words[start:end] = name.split()
    known[start:end] = [True] * (end - start)
    return name.lower() != read.lower()


def province(read: str) -> str | None:
    """The province that a reading clearly means: alike, and clearly more than the next one."""
    ranked = process.extract(read.lower(), [name.lower() for name in agencies().provinces], scorer=fuzz.ratio, limit=2)
    if not ranked or ranked[0][1] < ALIKE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
        return None
    return agencies().provinces[ranked[0][2]]


def _capitalised(words: list[str]) -> str:
    """Small letters but for the first word and what is known to be written with capitals."""
    if words:
        words[0] = words[0][:1].upper() + words[0][1:]
    return re.sub(r"\s+,", ",", " ".join(words))
