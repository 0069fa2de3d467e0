"""Names of agencies in normal capitals, corrected by the lexicon where it leaves no choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from ocr_worker.document_type import agencies
from ocr_worker.text_lines import fold

# a name of the lexicon replaces what was read only when it is this alike and the next one is this much less so
ALIKE, MARGIN = 82, 6
# levels whose letters are another common word's as well (quản lý)
EXACT = frozenset({"quận"})
# Old and new places of the tone mark: the old one is written in official names
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_END = re.compile(r"(?<![qQ])(oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|uỳ|uý|uỷ|uỹ|uỵ)(?![a-zà-ỹ])")


@dataclass(frozen=True, kw_only=True)
class NormalName:
    """A name as it is written in a sentence.

    ``corrected``: the lexicon changed what was read; ``known``: the lexicon holds all of it; ``cased``: what it
    does not hold was found in the paper's own sentences, so that its capitals are known too.
    """

    text: str
    corrected: bool
    known: bool
    cased: bool


def normal_name(printed: str, sentences: Sequence[str] = ()) -> NormalName:
    """A printed name in normal capitals; ``sentences`` are words of the paper's body in their order."""
    words = _plain_words(printed)
    before = list(words)
    known = [False] * len(words)
    _write_phrases(words, known)
    _write_places(words, known)
    corrected = [word.lower() for word in words] != before
    cased = _case_like(sentences, words, known)
    if words:
        words[0] = words[0][:1].upper() + words[0][1:]
    text = re.sub(r"\s+,", ",", " ".join(words))
    return NormalName(text=text, corrected=corrected, known=all(known) and bool(words), cased=cased)


def old_tones(text: str) -> str:
    """Tone marks where official names have them: `ủy`, `hòa` for `uỷ`, `hoà`."""
    return _TONE_END.sub(lambda match: _TONES[match.group().lower()], text)


def province(read: str) -> str | None:
    """The province that a reading clearly means: alike, and clearly more than the next one."""
    names = agencies().provinces
    same = [name for name in names if fold(name) == fold(read)]
    if len(same) == 1:
        return same[0]
    ranked = process.extract(read.lower(), [name.lower() for name in names], scorer=fuzz.ratio, limit=2)
    if not ranked or ranked[0][1] < ALIKE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
        return None
    return names[ranked[0][2]]


def _plain_words(printed: str) -> list[str]:
    text = old_tones(unicodedata.normalize("NFC", printed).lower())
    return re.sub(r"\s*-\s*", " - ", text).split()


def _write_phrases(words: list[str], known: list[bool]) -> None:
    """Known phrases as they are written, the longest first; single words only when nothing is to be corrected."""
    folded = [fold(word) for word in words]
    for phrase, written in _phrases():
        size = len(phrase)
        for place in range(len(words) - size + 1):
            here = slice(place, place + size)
            # one syllable is corrected only at the head of a name whose field is known: "Sơ Tài nguyên và Môi trường"
            headed = place == 0 and len(words) > 1 and known[1]
            same = folded[here] == list(phrase) if size > 1 or headed else words[place] == written[0].lower()
            if same and not any(known[here]):
                words[here] = written
                known[here] = [True] * size


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Known phrases folded word by word and as they are written."""
    listed = agencies()
    # heads stand in a name with small letters but at its beginning: Văn phòng Ủy ban nhân dân keeps both
    written = [*(head for head in listed.heads if len(head.split()) > 1), *listed.fields, *listed.proper]
    written += [head.lower() for head in listed.heads if len(head.split()) == 1]
    folded = {tuple(fold(word) for word in phrase.split()): tuple(phrase.split()) for phrase in written}
    return tuple(sorted(folded.items(), key=lambda item: -len(item[0])))


def _write_places(words: list[str], known: list[bool]) -> None:
    """A level as it is written, and the place after it with capitals."""
    levels = {tuple(fold(word) for word in level.split()): level for level in agencies().levels}
    sizes = sorted(levels, key=len, reverse=True)
    place = 0
    while place < len(words):
        folded = tuple(fold(word) for word in words[place:])
        level = next((level for level in sizes if folded[: len(level)] == level), None)
        if level is not None and levels[level] in EXACT and words[place] != levels[level]:
            level = None
        if level is None or any(known[place : place + len(level)]) or place + len(level) == len(words):
            place += 1
            continue
        size = len(level)
        words[place : place + size] = levels[level].split()
        known[place : place + size] = [True] * size
        end = next((n for n in range(place + size, len(words)) if known[n]), len(words))
        _write_place(words, known, place + size, end, levels[level])
        place = max(end, place + size)


def _write_place(words: list[str], known: list[bool], start: int, end: int, level: str) -> None:
    read = " ".join(words[start:end])
    words[start:end] = [word[:1].upper() + word[1:] for word in words[start:end]]
    name = province(read) if level in {"tỉnh", "thành phố"} else None
    if name is not None and len(name.split()) == end - start:
        words[start:end] = name.split()
        known[start:end] = [True] * (end - start)


def _case_like(sentences: Sequence[str], words: list[str], known: list[bool]) -> bool:
    """Gives unknown words the capitals they have in the paper's own sentences; False when some stand nowhere."""
    bare = [word.strip(".,;:()\"'“”") for word in sentences]
    body = [word for word in bare if word and not word.isupper()]
    lower = [word.lower() for word in body]
    found_all = True
    for place, word in enumerate(words):
        if known[place] or word == "-" or word[:1].isupper():
            continue
        before = words[place - 1].lower() if place else None
        after = words[place + 1].lower() if place + 1 < len(words) else None
        seen = [
            body[n]
            for n in range(len(body))
            if lower[n] == word.lower()
            and ((n and lower[n - 1] == before) or (n + 1 < len(body) and lower[n + 1] == after))
        ]
        if seen:
            words[place] = max(set(seen), key=seen.count)
        else:
            found_all = False
    return found_all
