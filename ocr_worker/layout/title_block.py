"""The name of the type (Decree 30/2020 App. I, box 5a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ocr_worker.layout.header import Header, is_number_line, outside
from ocr_worker.lexicon.document_type import DocumentType
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line, fold, geometric_lines, is_capitals

# millimetres under the header in which the title is looked for
DEPTH = 85.0
# a title is recognised from this likeness on, 0 to 100, when marks and case do not count
ALIKE = 84
MOST_TITLE_LINES = 3
# `QUYẾT ĐỊNH CỦA GIÁM ĐỐC …`, as until 2005: what follows names who decides, not what about
ISSUER = "cua"


@dataclass(frozen=True, kw_only=True)
class Title:
    """The printed title with its likeness (0 to 1); ``rest`` is what follows in the same line."""

    kind: DocumentType
    lines: tuple[Line, ...]
    likeness: float
    rest: str = ""


def find_title(page: PageText, header: Header, types: Sequence[DocumentType]) -> Title | None:
    """The topmost title of a known type below the header."""
    width, _ = page.clean.size
    top, bottom = header.bottom, header.bottom + page.clean.pixels(DEPTH)
    lines = lines_between(page, header, top, bottom)
    lines = [line for line in lines if not is_number_line(line)]
    for start in range(len(lines)):
        found = max(_titles_at(lines, start, types, width), key=lambda title: title.likeness, default=None)
        if found is not None:
            return found
    return None


def lines_between(page: PageText, header: Header, top: float, bottom: float) -> list[Line]:
    """Lines of the page's own words between two heights, outside stamps."""
    band = [word for word in page.words if top < word.middle[1] < bottom]
    free = outside(band, header.frames)
    unstamped = set(map(id, free))
    stamped = [word for word in band if id(word) not in unstamped]
    return [_with_stamped(line, stamped) for line in geometric_lines(free) if len(fold(line.text)) > 1]


def _with_stamped(line: Line, stamped: Sequence[Word]) -> Line:
    """The line with its own words that a stamp reaches over: beside it, a space away, of its height."""
    words = list(line.words)
    for word in sorted(stamped, key=lambda word: -word.box[0]):
        level = abs(word.middle[1] - line.middle[1]) < 0.3 * line.height and word.height > 0.6 * line.height
        if level and 0 <= words[0].box[0] - word.box[2] < 0.6 * line.height:
            words.insert(0, word)
    for word in sorted(stamped, key=lambda word: word.box[0]):
        level = abs(word.middle[1] - line.middle[1]) < 0.3 * line.height and word.height > 0.6 * line.height
        if level and 0 <= word.box[0] - words[-1].box[2] < 0.6 * line.height:
            words.append(word)
    return Line(words=tuple(words))


def _titles_at(lines: Sequence[Line], start: int, types: Sequence[DocumentType], width: float) -> Iterator[Title]:
    if not is_capitals(lines[start].text) or not 0.25 * width < lines[start].middle[0] < 0.8 * width:
        return
    for count in range(1, MOST_TITLE_LINES + 1):
        group = tuple(lines[start : start + count])
        if len(group) < count or not all(is_capitals(line.text) for line in group):
            return
        letters = fold(" ".join(line.text for line in group))
        for kind in types:
            for title in kind.all_titles():
                likeness = fuzz.ratio(letters, fold(title))
                if likeness >= ALIKE:
                    # a longer title that fits is the better one
                    yield Title(kind=kind, lines=group, likeness=likeness / 100 + 0.001 * count)
        if count == 1:
            yield from _titles_with_more(group[0], types)


def _titles_with_more(line: Line, types: Sequence[DocumentType]) -> Iterator[Title]:
    """A type whose abstract goes on in the same line, in capitals too."""
    words = line.text.split()
    for kind in types:
        for title in kind.all_titles():
            size = len(title.split())
            if len(words) > size and fold(" ".join(words[:size])) == fold(title) and kind.layout == "named":
                rest = "" if fold(words[size]) == ISSUER else " ".join(words[size:])
                yield Title(kind=kind, lines=(line,), likeness=0.8, rest=rest)
