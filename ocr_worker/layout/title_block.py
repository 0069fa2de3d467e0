"""The name of the type and the abstract under it (Decree 30/2020 App. I, box 5a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ocr_worker.layout.header import Header, is_number_line, outside
from ocr_worker.lexicon.document_type import DocumentType
from ocr_worker.pages.clean import CleanPage, PixelBox
from ocr_worker.recognition.missed_lines import missed_line
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
MOST_ABSTRACT_LINES = 9
# of the page's width: how far the middle of an abstract's line may lie from the title's
OFF_CENTRE = 0.035


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
    stamped = [word for word in band if word not in free]
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


def abstract_lines(page: PageText, header: Header, title: Title) -> list[Line]:
    """The lines of the abstract: centred under the title, up to the short rule, a gap, or what follows it."""
    clean = page.clean
    width, _ = clean.size
    below = title.lines[-1]
    centre = title.lines[0].middle[0]
    found: list[Line] = []
    last = below
    bottom = below.box[3] + clean.pixels(75)
    candidates = lines_between(page, header, below.box[3] - 0.2 * below.height, bottom)
    for line in _with_missed(page, candidates, below, bottom, centre):
        if len(found) >= MOST_ABSTRACT_LINES or _ends_before(clean, line, last, centre, bool(found)):
            break
        if abs(line.middle[0] - centre) > OFF_CENTRE * width:
            if found or line.box[0] > centre or line.box[2] < centre:
                break
            continue
        found.append(line)
        last = line
        if _rule_under(clean, line, centre):
            break
    return found


def _with_missed(page: PageText, lines: Sequence[Line], below: Line, bottom: float, centre: float) -> Iterator[Line]:
    """The lines, and those between them that the recogniser passed over."""
    last = below
    for line in [*lines, None]:
        end = line.box[1] if line is not None else bottom
        while end - last.box[3] > 0.9 * last.height and (missed := missed_line(page, last, end, centre)) is not None:
            if missed.box[3] <= last.box[3]:
                break
            yield missed
            last = missed
        if line is None:
            return
        yield line
        last = line


def _ends_before(clean: CleanPage, line: Line, last: Line, centre: float, started: bool) -> bool:
    letters = fold(line.text)
    if letters.startswith(("kinhgui", "cancu", "thuchien", "quyetdinh", "dieu1", "noidung")) and not (
        not started and letters.startswith(("thuchien", "noidung"))
    ):
        return True
    gap = line.box[1] - last.box[3]
    if gap > (2.0 if started else 3.2) * last.height:
        return True
    if started and is_capitals(line.text) and not is_capitals(last.text):
        return True
    return any(_between(rule, last, line, centre) for rule in clean.rules)


def _between(rule: PixelBox, last: Line, line: Line, centre: float) -> bool:
    x0, y0, x1, y1 = rule
    return x1 - x0 > y1 - y0 and x0 < centre < x1 and last.middle[1] < y0 and y1 < line.middle[1]


def _rule_under(clean: CleanPage, line: Line, centre: float) -> bool:
    """Whether a short rule, centred, stands close under a line or touches its letters."""
    foot = line.box[3]
    for rule in clean.rules:
        short = clean.pixels(10) < rule[2] - rule[0] < clean.pixels(110)
        centred = abs((rule[0] + rule[2]) / 2 - centre) < clean.pixels(15)
        under = line.middle[1] < rule[1] < foot + 0.9 * line.height
        if short and centred and under and rule[3] - rule[1] < clean.pixels(4):
            return True
    return False
