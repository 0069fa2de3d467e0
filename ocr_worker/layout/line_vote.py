"""One line of print by vote, held against the reading of the page in which the line was found."""

from __future__ import annotations

from ocr_worker.recognition.page_text import PageText, VotedLine
from ocr_worker.recognition.recognize import Grey
from ocr_worker.recognition.text_lines import Line, fold

# of the letters that were found, the share that the looks have to find again
FOUND_AGAIN = 0.6
# a line that only the page's reading has
ALONE = 0.6


def read_line(page: PageText, line: Line) -> VotedLine:
    """The line as most looks read it; a line that they do not find is not lost."""
    read = page.vote(line.box, heard=line.words)
    if page.electronic:
        return read
    if _is_lost(read, line):
        # the line above reaches so close that the looks saw parts of both
        read = page.vote(line.box, grey=_without_neighbours(page, line), heard=line.words)
    if _is_lost(read, line):
        return VotedLine(text=line.text, words=line.words, confidences=(ALONE,) * len(line.words))
    return read


def _is_lost(read: VotedLine, line: Line) -> bool:
    return len(fold(read.text)) < FOUND_AGAIN * len(fold(line.text))


def _without_neighbours(page: PageText, line: Line) -> Grey:
    _, top, _, foot = line.box
    grey = page.clean.grey.copy()
    grey[: max(round(top) - 1, 0)] = 255
    grey[round(foot) + 1 :] = 255
    return grey
