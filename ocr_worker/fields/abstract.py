"""The abstract: under the type's name, or the V/v block of a công văn (Decree 30/2020 App. I, boxes 5a, 5b)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr_worker.layout.abstract_block import abstract_block
from ocr_worker.layout.header import ABOUT, Header
from ocr_worker.layout.line_vote import read_line
from ocr_worker.layout.title_block import Title
from ocr_worker.lexicon.other_readings import as_words
from ocr_worker.lexicon.phrases import corrected
from ocr_worker.lexicon.syllables import with_capital
from ocr_worker.lexicon.wording import doubted, mended
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.missed_lines import missed_line
from ocr_worker.recognition.page_text import PageText, VotedLine
from ocr_worker.recognition.roman import with_numerals
from ocr_worker.recognition.text_lines import Line, around, fold

# something stands among the lines or close below that may be one more
LOST_LINE = 0.5
# an abstract begins with a capital: where it does not, its first line was not seen
NO_BEGINNING = 0.5
_NOISE = " |_~'`\"¬*.,;:—–-ˆ^°›‹»«"
# how far below a V/v block a line of it may stand that was passed over, and what the block is worth then
ROOM_BELOW, PART = 1.7, 0.6
_SUBJECT = re.compile(rf"{ABOUT}\s*")
_MATTER = re.compile("v[aeo]viec")


@dataclass(frozen=True, kw_only=True)
class AbstractReading:
    """The abstract in one line of text."""

    text: str
    confidence: float
    box: PixelBox


def read_abstract(page: PageText, header: Header, title: Title | None) -> AbstractReading | None:
    """Under a title, its block; without one, the V/v block."""
    if title is not None:
        block = abstract_block(page, header, title)
        # papers of the Party set the abstract in small letters
        small = header.anchor is not None and header.anchor.party
        read = _voted(page, block.lines, begins_small=small)
        if read is not None and not block.whole:
            read = replace(read, confidence=min(read.confidence, LOST_LINE))
        if title.rest:
            more = f" {read.text}" if read else ""
            box = around([title.lines[0].box, *([read.box] if read else [])])
            return AbstractReading(text=title.rest + more, confidence=0.5, box=box)
        return read or _subject(page, header)
    return _subject(page, header)


def as_in_header(abstract: str, agency: str) -> str:
    """The abstract with proper names as the agency's name has them, where they differ in their marks alone.

    Two words in a row have the same letters: one alone may be another word (`Chỉ đạo`, Hồ Chí Minh).
    """
    named = {tuple(map(fold, pair)): pair for pair in pairwise(agency.split())}
    words = abstract.split()
    for place in range(1, len(words) - 1):
        pair = words[place : place + 2]
        known = named.get((fold(pair[0]), fold(pair[1])))
        if known is None or not all(word[:1].isupper() and not word.isupper() for word in (*pair, *known)):
            continue
        for here, word in zip((place, place + 1), known, strict=True):
            bare = words[here].strip(".,;:()\"'")
            words[here] = words[here] if bare.lower() == word.lower() else words[here].replace(bare, word)
    return " ".join(words)


def _subject(page: PageText, header: Header) -> AbstractReading | None:
    read = _voted(page, header.subject)
    if read is None:
        return None
    last = header.subject[-1]
    below = missed_line(page, last, last.box[3] + ROOM_BELOW * last.height, last.middle[0])
    return read if below is None else replace(read, confidence=min(read.confidence, PART))


def _voted(page: PageText, lines: Sequence[Line], *, begins_small: bool = False) -> AbstractReading | None:
    read = [(with_numerals(page, read_line(page, line)), line.box) for line in lines]
    read = [(line, box) for line, box in read if line.text.strip(_NOISE)]
    if not read:
        return None
    # words of two syllables go over the end of a line, so all lines are corrected together
    whole = _with_lead(_joined([line for line, _ in read]))
    whole = _without_noise(doubted(corrected(mended(as_words(whole)))))
    text = _spaced(whole.text.strip(_NOISE))
    begun = begins_small or not text[:1].islower()
    confidence = min(_joint(whole.confidences), 1.0 if begun else NO_BEGINNING)
    return AbstractReading(text=with_capital(text), confidence=confidence, box=around(box for _, box in read))


def _joined(lines: Sequence[VotedLine]) -> VotedLine:
    """The lines as one, without specks at their ends; a hyphen may go on in the next line."""
    kept = [_without_noise(line, but="-–") for line in lines]
    return VotedLine(
        text=" ".join(line.text for line in kept),
        words=(),
        confidences=tuple(sure for line in kept for sure in line.confidences),
        others=tuple(others for line in kept for others in (line.others or ((),) * len(line.confidences))),
    )


def _with_lead(line: VotedLine) -> VotedLine:
    words, confidences = with_lead(line.text.split(), line.confidences)
    # a lead of two words may become one; all that follows stays
    others = ((), *line.others)[-len(words) :]
    return replace(line, text=" ".join(words), confidences=tuple(confidences), others=others)


def with_lead(words: Sequence[str], given: Sequence[float]) -> tuple[list[str], list[float]]:
    """`V/v` or `Về việc` in its own letters, however it was read: nothing else begins an abstract so."""
    lead = _SUBJECT.match(" ".join(words))
    if lead is not None:
        size = len(lead.group().split())
        return ["V/v", *words[size:]], [1.0, *given[size:]]
    size = next((size for size in (1, 2) if _MATTER.fullmatch(fold("".join(words[:size])))), 0)
    if not size or not words[0].startswith("V"):
        return list(words), list(given)
    return ["Về", "việc", *words[size:]], [1.0, 1.0, *given[size:]]


def _without_noise(line: VotedLine, *, but: str = "") -> VotedLine:
    """The line without specks before and after it; signs of ``but`` stay at its end."""
    words = line.text.split()
    first, end = 0, len(words)
    while first < end and not words[first].strip(_NOISE):
        first += 1
    while first < end and not words[end - 1].strip(_NOISE) and words[end - 1] not in but:
        end -= 1
    kept = slice(first, end)
    return replace(line, text=" ".join(words[kept]), confidences=line.confidences[kept], others=line.others[kept])


def _joint(confidences: Sequence[float]) -> float:
    """Every word has to be right."""
    product = 1.0
    for confidence in confidences:
        product *= confidence
    return product if confidences else 0.0


def _spaced(text: str) -> str:
    text = re.sub(r"([,;])\s?-\s?(?=\w)", r"\1 ", re.sub(r"\s+([,;:.)])", r"\1", text))
    return re.sub(r"\s+", " ", text).strip()
