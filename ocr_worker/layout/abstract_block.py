"""The abstract under the name of the type (Decree 30/2020 App. I, box 5b of named types)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ocr_worker.layout.header import Header
from ocr_worker.layout.title_block import ISSUER, Title, lines_between
from ocr_worker.pages.clean import CleanPage, PixelBox
from ocr_worker.recognition.line_rows import INK
from ocr_worker.recognition.missed_lines import missed_line
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line, fold, is_capitals

DEPTH = 75.0  # millimetres
MOST_LINES = 9
# of the page's width: how far the middle of an abstract's line may lie from the title's
OFF_CENTRE = 0.035
# of a line's height: words higher than this reach over two lines, lower ones are specks
HIGHEST_WORD, LOWEST_WORD = 1.7, 0.3
# of a line's height: how far marks and tails reach, how many rows of other ink are a line, and how near the next is
REACH, OTHER_LINE, NEXT_LINE = 0.35, 0.5, 0.9
# words of a stamp: of the height of the line's own, and how sure they are read
LOW_WORD, HARDLY_READ = 0.8, 0.7


@dataclass(frozen=True, kw_only=True)
class AbstractBlock:
    """The lines of the abstract; ``whole`` unless something stands among them or close below that may be one more."""

    lines: tuple[Line, ...]
    whole: bool


def abstract_block(page: PageText, header: Header, title: Title) -> AbstractBlock:
    """The lines centred under the title, up to the short rule, a gap, or what follows it."""
    clean = page.clean
    below, centre = title.lines[-1], title.lines[0].middle[0]
    off = OFF_CENTRE * clean.size[0]
    found: list[Line] = []
    whole, of_issuer = True, ISSUER in {fold(word.text) for word in below.words}
    for line in _candidates(page, header, below, centre):
        last = found[-1] if found else below
        if not found and _names_issuer(line, below, begun=of_issuer):
            of_issuer, below = True, line
            continue
        if _beside(line, found or [below], centre):
            continue
        if len(found) >= MOST_LINES or _ends_before(clean, line, last, centre, bool(found)):
            break
        centred = line if abs(line.middle[0] - centre) <= off else _without_neighbours(line, centre, off)
        if centred is not None:
            whole = whole and centred is line
            found.append(centred)
            if _rule_under(clean, centred, centre):
                break
        else:
            whole = whole and line.box[1] - last.box[3] > NEXT_LINE * last.height
            if found:
                break
    return AbstractBlock(lines=tuple(found), whole=whole and not _other_ink(page, below, found, centre))


def _names_issuer(line: Line, last: Line, *, begun: bool) -> bool:
    """Whether a line in capitals goes on with the title: `QUYẾT ĐỊNH / CỦA GIÁM ĐỐC SỞ …`, as until 2005."""
    first = fold(line.words[0].text)
    close = line.box[1] - last.box[3] < last.height
    return close and is_capitals(line.text) and (first == ISSUER or (begun and first != "ve"))


def _candidates(page: PageText, header: Header, below: Line, centre: float) -> Iterator[Line]:
    bottom = below.box[3] + page.clean.pixels(DEPTH)
    lines = lines_between(page, header, below.box[3] - 0.2 * below.height, bottom)
    usual = [Line(words=words) for line in lines if (words := _usual(line))]
    return _with_missed(page, usual, below, bottom, centre)


def _usual(line: Line) -> tuple[Word, ...]:
    """The words of a line's height: what is higher and hardly read is two lines in one, what is lower is a speck."""
    return tuple(
        word
        for word in line.words
        if (word.height <= HIGHEST_WORD * line.height or word.confidence >= HARDLY_READ)
        and (word.height >= LOWEST_WORD * line.height or not fold(word.text))
    )


def _without_neighbours(line: Line, centre: float, off: float) -> Line | None:
    """The best centred words of a line, where those beside them are a stamp's: lower or hardly read."""
    words = line.words
    found: list[Line] = []
    for first, last in combinations(range(len(words) + 1), 2):
        part, others = Line(words=words[first:last]), (*words[:first], *words[last:])
        if last - first > 1 and others and abs(part.middle[0] - centre) <= off and _foreign(others, part):
            found.append(part)
    return min(found, key=lambda part: abs(part.middle[0] - centre), default=None)


def _foreign(others: Sequence[Word], part: Line) -> bool:
    sure = sum(word.confidence for word in others) / len(others)
    return Line(words=tuple(others)).height < LOW_WORD * part.height or sure < HARDLY_READ


def _beside(line: Line, found: Sequence[Line], centre: float) -> bool:
    """Whether a line stands wholly beside the block, as a stamp's does."""
    half = _half_width(found, centre)
    return line.box[2] < centre - half or line.box[0] > centre + half


def _half_width(lines: Sequence[Line], centre: float) -> float:
    """How far lines reach to either side of the middle."""
    return max(max(centre - line.box[0], line.box[2] - centre) for line in lines)


def _other_ink(page: PageText, below: Line, found: Sequence[Line], centre: float) -> bool:
    """Whether rows of ink stand between the title and the end of the block that belong to none of its lines."""
    if not found:
        return False
    height = found[0].height
    half = _half_width(found, centre)
    top, bottom = round(below.box[3]), round(_rows(found[-1])[1])
    part = page.clean.grey[top:bottom, max(round(centre - half), 0) : round(centre + half)] < INK
    inked = part.sum(axis=1) > 0.5 * height
    for line in (below, *found):
        first, last = _rows(line)
        reach = REACH * line.height
        inked[max(round(first - reach) - top, 0) : max(round(last + reach) - top, 0)] = False
    rows = np.flatnonzero(inked)
    bands = np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1)
    return any(len(band) > OTHER_LINE * height for band in bands)


def _rows(line: Line) -> tuple[float, float]:
    """First and last row of most of a line's words."""
    middle = len(line.words) // 2
    return sorted(word.box[1] for word in line.words)[middle], sorted(word.box[3] for word in line.words)[middle]


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
    if _opens_body(line, started=started):
        return True
    gap = line.box[1] - last.box[3]
    if gap > (2.0 if started else 3.2) * last.height:
        return True
    if started and is_capitals(line.text) and not is_capitals(last.text):
        return True
    return any(_between(rule, last, line, centre) for rule in clean.rules)


def _opens_body(line: Line, *, started: bool) -> bool:
    """Whether a line begins what follows an abstract; one in small letters goes on with a sentence."""
    letters = fold(line.text)
    if letters.startswith("kinhgui"):
        return True
    openers = ("cancu", "quyetdinh", "dieu1", *(("thuchien", "noidung") if started else ()))
    return letters.startswith(openers) and not line.text[:1].islower()


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
