"""Names of provinces, districts and communes: which one a reading means, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ocr_worker.lexicon.document_type import agencies, known_places
from ocr_worker.lexicon.syllables import EDGES, may_be_misread, with_capital
from ocr_worker.recognition.text_lines import fold

# a mark that recognition lost once it may have lost a second time: a name in no list wants more than one witness
_WITNESSES = 2


@dataclass(frozen=True, kw_only=True)
class PlaceName:
    """A place as it is written; ``certain`` when the list or the paper's own sentences have it letter by letter."""

    text: str
    certain: bool


def place_name(read: str, sentences: Sequence[str], *, sure: bool = False) -> PlaceName | None:
    """The place that a reading means; None when neither the list nor the paper knows one of these letters.

    The list decides alone only where it holds the very name. A name that differs from a single listed one in its
    marks becomes that one, and is certain only when a sentence of the paper writes it so too; but not where all looks
    agree (``sure``) on marks that are no misreading of the listed ones. A name in no list is certain only when two
    sentences write it so.
    """
    listed = _by_letters().get(fold(read), ())
    written = elsewhere(read, sentences)
    exact = next((name for name in listed if name.lower() == read.lower()), None)
    if exact is not None:
        # another spelling in the sentences speaks against it
        return PlaceName(text=exact, certain=all(form.lower() == exact.lower() for form in written))
    confirmed = [name for name in listed if any(form.lower() == name.lower() for form in written)]
    if len(confirmed) == 1:
        return PlaceName(text=confirmed[0], certain=True)
    same = len(written) >= _WITNESSES and all(form.lower() == read.lower() for form in written)
    if len(listed) == 1:
        # a paper that writes a name alike everywhere may know a place that the list does not
        own = written[0] if same else " ".join(map(with_capital, read.split()))
        known = same or (sure and not may_be_misread(read, listed[0]))
        return PlaceName(text=own if known else listed[0], certain=False)
    if written:
        return PlaceName(text=max(set(written), key=written.count), certain=same)
    return None


def elsewhere(read: str, sentences: Sequence[str]) -> list[str]:
    """How the words of a reading stand in the paper's sentences, with capitals, whatever their marks."""
    wanted = [fold(word) for word in read.split()]
    words = [word.strip(EDGES) for word in sentences]
    letters = [fold(word) for word in words]
    found = []
    for start in range(len(words) - len(wanted) + 1):
        form = words[start : start + len(wanted)]
        named = all(word[:1].isupper() and not (word.isupper() and len(word) > 1) for word in form)
        if named and letters[start : start + len(wanted)] == wanted:
            found.append(" ".join(form))
    return found


def highland(word: str, following: str) -> str | None:
    """`Ia` before a name (water, in place names of the highlands); the language has no word `la` before one."""
    return "Ia" if word in {"la", "1a", "Ia", "lA"} and following[:1].isupper() else None


@cache
def place_syllables() -> frozenset[str]:
    """All syllables of known places, in small letters."""
    names = [*known_places(), *agencies().provinces]
    return frozenset(syllable for name in names for syllable in name.lower().split())


@cache
def _by_letters() -> Mapping[str, tuple[str, ...]]:
    grouped: dict[str, dict[str, str]] = {}
    for name in sorted(known_places()):
        grouped.setdefault(fold(name), {}).setdefault(name.lower(), name)
    return {letters: tuple(forms.values()) for letters, forms in grouped.items()}
