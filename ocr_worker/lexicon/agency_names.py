"""Names of agencies in normal capitals, corrected by the lexicon where it leaves no choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from ocr_worker.lexicon.document_type import agencies
from ocr_worker.lexicon.place_names import PlaceName, highland, place_name
from ocr_worker.lexicon.syllables import is_syllable, old_tones, with_capital
from ocr_worker.recognition.text_lines import fold, is_capitals

# a name of the lexicon replaces what was read only when it is this alike and the next one is this much less so
ALIKE, MARGIN = 82, 6
# levels whose letters are another common word's as well (quản lý)
EXACT = frozenset({"quận"})
# a name that the lexicon holds whole, one whose capitals are a guess, one with a part that nothing confirms
KNOWN, GUESSED_CAPITALS, UNCONFIRMED = 0.985, 0.85, 0.8
# without their place these name no agency: a line was lost
PLACELESS = frozenset({"ủy ban nhân dân", "hội đồng nhân dân", "bảo hiểm xã hội", "ubnd", "hđnd", "bhxh"})


@dataclass(frozen=True, kw_only=True)
class NormalName:
    """A name as it is written in a sentence.

    ``corrected``: the lexicon changed what was read; ``known``: the lexicon holds all of it; ``cased``: what it
    does not hold was found in the paper's own sentences, so that its capitals are known too; ``confirmed``: its
    place is listed or stands in the paper's sentences, and all of it can be Vietnamese.
    """

    text: str
    corrected: bool
    known: bool
    cased: bool
    confirmed: bool = True

    def confidence(self, read: float) -> float:
        """How sure the name is when its letters were read with confidence ``read``."""
        if not self.confirmed:
            return min(read, UNCONFIRMED)
        if self.known:
            return max(read, KNOWN)
        return min(read, KNOWN if self.cased else GUESSED_CAPITALS)


def agency_name(printed: str, sentences: Sequence[str] = (), *, sure: bool = False) -> NormalName:
    """A printed name as it is written in a sentence; ``sentences`` are words of the paper's body in their order.

    ``sure``: all looks agreed on every word.
    """
    read = " ".join(_with_highlands(printed.split()))
    return in_printed_case(read, normal_name(read, _with_highlands(sentences), sure=sure))


def _with_highlands(words: Sequence[str]) -> list[str]:
    """Words with `Ia` where `la` stands before a name."""
    return [highland(word, following) or word for word, following in zip(words, [*words[1:], ""], strict=False)]


def normal_name(printed: str, sentences: Sequence[str] = (), *, sure: bool = False) -> NormalName:
    """A printed name in normal capitals; ``sentences`` are words of the paper's body in their order."""
    words = _plain_words(printed)
    before = list(words)
    known = [False] * len(words)
    repaired = _repair_head(words)
    _write_phrases(words, known)
    confirmed = not repaired
    confirmed &= _write_places(words, known, sentences, sure=sure)
    confirmed &= _mark_like(sentences, words, known)
    corrected = [word.lower() for word in words] != before
    cased = _case_like(sentences, words, known)
    if words:
        words[0] = with_capital(words[0])
    words = [word.upper() if _is_abbreviation(word) else word for word in words]
    confirmed &= all(sure or _may_be_word(word) for word, sure in zip(words, known, strict=True))
    confirmed &= " ".join(words).lower() not in PLACELESS
    return NormalName(
        text=re.sub(r"\s+,", ",", " ".join(words)),
        corrected=corrected,
        known=all(known) and bool(words),
        cased=cased,
        confirmed=confirmed,
    )


def in_printed_case(printed: str, name: NormalName) -> NormalName:
    """The name with the capitals of what was printed in small letters, and with the marks that the lexicon gave it."""
    words, written = printed.split(), name.text.split()
    if is_capitals(printed) or len(words) != len(written):
        return name
    pairs = zip(words, written, strict=True)
    text = " ".join(word if word.lower() == other.lower() else other for word, other in pairs)
    return replace(name, text=text, cased=True)


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


def _may_be_word(word: str) -> bool:
    return not word.isalpha() or _is_abbreviation(word) or is_syllable(word)


def _is_abbreviation(word: str) -> bool:
    """Whether a word has consonants alone (THCS, LĐ): such letters are capitals everywhere."""
    letters = fold(word)
    return len(letters) > 1 and not set(letters) & set("aeiouy")


def _plain_words(printed: str) -> list[str]:
    text = old_tones(unicodedata.normalize("NFC", printed).lower())
    return re.sub(r"\s*-\s*", " - ", text).split()


def _repair_head(words: list[str]) -> bool:
    """A long head with one letter misread is that head: `Ủy ean nhân dân`; whether it was."""
    for head in agencies().heads:
        size = len(head.split())
        read, meant = fold("".join(words[:size])), fold(head)
        if size > 2 and read != meant and Levenshtein.distance(read, meant) == 1:
            words[:size] = head.lower().split()
            return True
    return False


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
    written += [head if head.isupper() else head.lower() for head in listed.heads if len(head.split()) == 1]
    folded = {tuple(fold(word) for word in phrase.split()): tuple(phrase.split()) for phrase in written}
    return tuple(sorted(folded.items(), key=lambda item: -len(item[0])))


def _write_places(words: list[str], known: list[bool], sentences: Sequence[str], *, sure: bool) -> bool:
    """Levels as they are written, and the places after them with capitals; False when a place is not confirmed."""
    starts = _levels_in(words, known)
    confirmed = True
    for start, level in starts.items():
        size = len(level.split())
        words[start : start + size] = level.split()
        known[start : start + size] = [True] * size
    for start, level in starts.items():
        first = start + len(level.split())
        ends = [n for n in range(first, len(words)) if known[n]]
        confirmed &= _write_place(words, known, slice(first, min(ends, default=len(words))), sentences, sure=sure)
    return confirmed


def _levels_in(words: Sequence[str], known: Sequence[bool]) -> Mapping[int, str]:
    """Where administrative levels stand; what follows one is a place, whatever its letters (xã Tịnh Giang)."""
    found: dict[int, str] = {}
    place = 0
    while place < len(words) - 1:
        level = _level_at(words, known, place)
        if level is not None:
            found[place] = level
            place += len(level.split())
        place += 1
    return found


def _level_at(words: Sequence[str], known: Sequence[bool], place: int) -> str | None:
    """The administrative level that is named here, with a place behind it."""
    folded = [fold(word) for word in words[place:]]
    for level in sorted(agencies().levels, key=lambda level: -len(level.split())):
        size = len(level.split())
        if folded[:size] != [fold(word) for word in level.split()] or len(folded) == size:
            continue
        if any(known[place : place + size]):
            continue
        read = " ".join(words[place : place + size])
        # letters with other marks are another word (quản lý, Phương Mai), unless they follow a known one
        if read == level or (level not in EXACT and place and known[place - 1]):
            return level
    return None


def _write_place(words: list[str], known: list[bool], here: slice, sentences: Sequence[str], *, sure: bool) -> bool:
    read = " ".join(words[here])
    words[here] = map(with_capital, words[here])
    wide = here.start and words[here.start - 1] in {"tỉnh", "phố"}
    name = province(read) if wide else None
    found = PlaceName(text=name, certain=True) if name else place_name(read, sentences, sure=sure)
    if found is None:
        return not read
    if len(found.text.split()) == len(words[here]):
        words[here] = found.text.split()
        known[here] = [True] * len(words[here])
    return found.certain


def _mark_like(sentences: Sequence[str], words: list[str], known: Sequence[bool]) -> bool:
    """Gives a run of unknown words the marks it has in the paper's own sentences; False when it had others."""
    body = [word.strip(".,;:()\"'“”") for word in sentences]
    letters = [fold(word) for word in body]
    place = 0
    agreed = True
    while place < len(words):
        end = next((n for n in range(place, len(words)) if known[n]), len(words))
        wanted = [fold(word) for word in words[place:end]]
        size = len(wanted)
        forms = [
            tuple(body[start : start + size])
            for start in range(len(body) - size + 1)
            if size > 1 and letters[start : start + size] == wanted and not body[start].isupper()
        ]
        if forms:
            form = max(set(forms), key=forms.count)
            agreed &= [word.lower() for word in form] == [word.lower() for word in words[place:end]]
            words[place:end] = form
        place = end + 1
    return agreed


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
