"""One line of print by vote, held against the reading of the page in which the line was found."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from difflib import SequenceMatcher

from ocr_worker.lexicon.syllables import TONES
from ocr_worker.recognition.page_text import PageText, VotedLine
from ocr_worker.recognition.recognize import Grey
from ocr_worker.recognition.text_lines import Line, fold

# of the letters that were found, the share that the looks have to find again
FOUND_AGAIN = 0.6
# a line that only the page's reading has, and a word that owes it its dot below
ALONE, DOTTED = 0.6, 0.8
_DOT_BELOW = "\u0323"


def read_line(page: PageText, line: Line) -> VotedLine:
    """The line as most looks read it; a line that they do not find is not lost, and neither is a dot below."""
    read = page.vote(line.box, heard=line.words)
    if page.electronic:
        return read
    if _is_lost(read, line):
        # the line above reaches so close that the looks saw parts of both
        read = page.vote(line.box, grey=_without_neighbours(page, line), heard=line.words)
    if _is_lost(read, line):
        return VotedLine(text=line.text, words=line.words, confidences=(ALONE,) * len(line.words))
    return _with_dots(read, line)


def _is_lost(read: VotedLine, line: Line) -> bool:
    return len(fold(read.text)) < FOUND_AGAIN * len(fold(line.text))


def _without_neighbours(page: PageText, line: Line) -> Grey:
    _, top, _, foot = line.box
    grey = page.clean.grey.copy()
    grey[: max(round(top) - 1, 0)] = 255
    grey[round(foot) + 1 :] = 255
    return grey


def _with_dots(read: VotedLine, line: Line) -> VotedLine:
    """Words with the dot below that the page's reading saw: a close cut takes it away from all looks alike."""
    words, confidences = read.text.split(), list(read.confidences)
    found = [word.text for word in line.words]
    pairs = SequenceMatcher(None, [fold(word) for word in words], [fold(word) for word in found], autojunk=False)
    for here, there, size in pairs.get_matching_blocks():
        for place in range(size):
            if _lost_its_dot(words[here + place], found[there + place]):
                words[here + place] = found[there + place]
                confidences[here + place] = min(confidences[here + place], DOTTED)
    return replace(read, text=" ".join(words), confidences=tuple(confidences))


def _lost_its_dot(read: str, found: str) -> bool:
    """Whether both are one word but for a tone, which is a dot below in the second alone."""
    one, other = (unicodedata.normalize("NFD", word.strip(".,;:").lower()) for word in (read, found))
    return _DOT_BELOW in other and _DOT_BELOW not in one and _toneless(one) == _toneless(other)


def _toneless(split: str) -> str:
    return "".join(sign for sign in split if sign not in TONES)
