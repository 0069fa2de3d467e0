"""Where the parts of a paper's first page stand (Decree 30/2020 App. I)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_worker.layout.motto import Anchor, find_anchor
from ocr_worker.layout.stamped_frames import stamped_frames
from ocr_worker.lexicon.agency_heads import begins_name
from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Model, Word
from ocr_worker.recognition.text_lines import (
    COLUMN_GAP,
    Line,
    fold,
    geometric_lines,
    is_capitals,
    recognised_lines,
    within,
)

NUMBER_START = re.compile(r"^[S§s58]\s?[ốôổồỗộóoòõọơờớỡởợø06eéê][:.,;/\s⁄\d]?")
NUMBER_WORDS = frozenset({"so", "s6", "sd", "se"})
# millimetres under the motto in which number and date are looked for
HEADER_DEPTH = 38.0
ABOVE_MOTTO = 9.0
# how far, in heights of the line above, the V/v block may begin below the number, and its lines stand apart
BEFORE_SUBJECT, WITHIN_SUBJECT = 2.4, 1.7
# of a word's height: so near the edge of the column it may be cut
EDGE = 0.3
# V/v as recognisers misread it
ABOUT = r"^(?:[Vv]\s?[/⁄|Il1íÍ!'’#]?\s?[vVyYwWñx]{1,2}|[Ww][vV]{0,2}|[Vv][/⁄#])[:.]?(?=\s|$)"
SUBJECT_START = re.compile(rf"{ABOUT}|^(?i:V[ềêeé] việc)")
# dates of other things that stand on forms
_OTHER_DATES = re.compile(r"\bngay (?:sinh|cap|vao|ra|het han)")


@dataclass(frozen=True, kw_only=True)
class Header:
    """Parts of the header as lines of the fast model; absent ones are empty or None."""

    anchor: Anchor | None
    agency: tuple[Line, ...] = ()
    number: Line | None = None
    subject: tuple[Line, ...] = ()  # the V/v block under the number of a công văn
    date: Line | None = None
    bottom: float = 0.0
    split: float = 0.0
    frames: tuple[PixelBox, ...] = field(default=())


def find_header(page: PageText) -> Header:
    """The header's columns, split at the gap left of the national title."""
    width, height = page.clean.size
    anchor = find_anchor(page.words, width, height)
    depth = page.clean.pixels(HEADER_DEPTH)
    base = anchor.box[3] if anchor else height * 0.12
    frames = tuple(stamped_frames(page.clean, base + page.clean.pixels(90)))
    words = outside(page.words, frames)
    # the Party's title is one line with NAM at its end
    above = 0.0 if anchor and anchor.party else page.clean.pixels(3)
    date = _date_line(words, base - above, base + depth, width, anchor)
    split = _split(words, anchor, date, width)
    top = (anchor.box[1] if anchor else 0.0) - page.clean.pixels(ABOVE_MOTTO)
    aside = anchor is None or not anchor.centred
    left = _left_column(page, (0.0, max(top, 0.0), split, base + depth), frames) if aside else []
    left = [_whole(line, words, split) for line in left]
    agency, number, subject = _left_parts(left, _further_down(words, split, base + depth) if aside else [])
    bottom = max([part.box[3] for part in (number, date) if part], default=0.0)
    if number is None:
        number = _number_elsewhere(words, height * 0.4) or _number_passed_over(page, anchor, depth)
        if number is not None and agency:
            # without a number in the column nothing else parts the agency from the title below
            agency = tuple(line for line in agency if line.middle[1] < number.box[3] + number.height) or agency[:1]
    if not bottom:
        bottom = anchor.box[3] if anchor else max((line.box[3] for line in agency), default=base)
    return Header(
        anchor=anchor,
        agency=agency,
        number=number,
        subject=subject,
        date=date,
        bottom=bottom,
        split=split,
        frames=frames,
    )


def outside(words: Sequence[Word], frames: Sequence[PixelBox]) -> list[Word]:
    """The words that stand in none of the stamps' frames."""
    return [word for word in words if not any(_holds(frame, word) for frame in frames)]


def _holds(frame: PixelBox, word: Word) -> bool:
    x, y = word.middle
    return frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]


def _date_line(words: Sequence[Word], top: float, bottom: float, width: float, anchor: Anchor | None) -> Line | None:
    """The line of place and date under the motto: the first with two of ngày, tháng, năm."""
    least = (anchor.box[0] - 0.12 * width) if anchor and not anchor.centred else 0.25 * width
    band = [word for word in words if top < word.middle[1] < bottom and word.middle[0] > least]
    # what is written in coloured ink leaves wide gaps between ngày, tháng and năm
    for line in geometric_lines(band, cut=False):
        if date_words(line.words) >= 2:
            return Line(words=_from_place(line.words))
    return None


def _from_place(row: Sequence[Word]) -> tuple[Word, ...]:
    """The place and the date; a wide gap before them parts them from the number's column."""
    first = next((place for place, word in enumerate(row) if date_words((word,))), 0)
    while first and row[first].box[0] - row[first - 1].box[2] < COLUMN_GAP * row[first].height:
        first -= 1
    return tuple(row[first:])


def date_words(words: Sequence[Word]) -> int:
    """How many of ngày, tháng, năm a line holds, also grown together with what is written beside them.

    Words in capitals are names beside a form's date ("VĂN NAM Ngày sinh: …"), unless all of the line is.
    """
    written = [word for word in words if any(letter.islower() for letter in word.text)]
    text = " ".join(fold(word.text) for word in (written or words))
    text = _OTHER_DATES.sub("", text)
    return sum(bool(re.search(pattern, text)) for pattern in (r"\bng[aà]?y?", r"th[aoeu]n?[gq]", r"\bn[aăâ]m"))


def _split(words: Sequence[Word], anchor: Anchor | None, date: Line | None, width: float) -> float:
    if anchor is None or anchor.centred:
        return width * 0.47
    edge = anchor.box[0]
    if date is not None and date.box[0] > width * 0.3:
        edge = min(edge, date.box[0])
    return edge - anchor.letter_height * 0.25


def _left_column(page: PageText, box: PixelBox, frames: Sequence[PixelBox]) -> list[Line]:
    seen = outside(page.column(box, Model.FAST), frames)
    lines = [line for line in map(_without_specks, recognised_lines(seen)) if _is_text(line)]
    if not any(is_number_line(line) for line in lines):
        again = outside(within(page.words, box), frames)
        other = [line for line in geometric_lines(again) if _is_text(line)]
        if any(is_number_line(line) for line in other):
            lines = other
        else:
            third = outside(page.column(box, Model.SCRIPT), frames)
            second = [line for line in recognised_lines(third) if _is_text(line)]
            lines = second if any(is_number_line(line) for line in second) else lines
    return sorted(lines, key=lambda line: line.middle[1])


def _further_down(words: Sequence[Word], split: float, top: float) -> list[Line]:
    """Lines under the column: the V/v block of a letter goes on there below an agency of many lines."""
    lines = geometric_lines(word for word in words if word.box[1] > top - word.height)
    return [line for line in lines if line.box[2] < split]


def _whole(line: Line, words: Sequence[Word], split: float) -> Line:
    """A line that the edge of its column cut, with its last word as the page's reading has it."""
    last = line.words[-1]
    if last.box[2] < split - EDGE * last.height:
        return line
    level = [word for word in words if word.box[1] < last.middle[1] < word.box[3]]
    whole = next((word for word in level if word.box[0] < last.middle[0] < split < word.box[2]), None)
    return line if whole is None else Line(words=(*line.words[:-1], whole))


def _without_specks(line: Line) -> Line:
    """A line without single signs far from its words: dust and punch holes at the edge of the paper."""
    words = list(line.words)
    far = 3.0 * line.height
    while len(words) > 1 and len(words[0].text) == 1 and words[1].box[0] - words[0].box[2] > far:
        words.pop(0)
    while len(words) > 1 and len(words[-1].text) == 1 and words[-1].box[0] - words[-2].box[2] > far:
        words.pop()
    return Line(words=tuple(words))


def _is_text(line: Line) -> bool:
    letters = [letter for letter in line.text if letter.isalnum()]
    sure = sum(word.confidence for word in line.words) / len(line.words)
    return len(letters) >= 2 and sure > 0.25


def is_number_line(line: Line) -> bool:
    """Whether a line is `Số: …`, as far as recognisers misread it."""
    text = line.text.lstrip(" .,-|_¬~'\"")
    label = re.split(r"[:.\s/⁄\d]", text, maxsplit=1)[0]
    first = fold(label)
    if is_capitals(label) and not text.startswith(("SỐ", "S")):
        return False
    if NUMBER_START.match(text) is None and first not in NUMBER_WORDS:
        return False
    words = text.split()
    second = words[1].strip(".:,") if len(words) > 1 else ""
    if second.isalpha() and len(second) > 1 and not words[0].endswith((":", ".")) and second.islower():
        return False  # Số seri, Số định danh …
    return bool(re.search(r"[/⁄:\d]", text)) and not text.lower().startswith(("sở", "sổ "))


def _number_elsewhere(words: Sequence[Word], bottom: float) -> Line | None:
    """`Số: …` outside the left column, as on forms."""
    lines = geometric_lines(word for word in words if word.middle[1] < bottom)
    found = next((line for line in lines if is_number_line(line) and len(line.words) <= 5), None)
    # the digits in coloured ink are not read as print: the label may stand alone
    return found or next((line for line in lines if _is_bare_label(line)), None)


def _number_passed_over(page: PageText, anchor: Anchor | None, depth: float) -> Line | None:
    """`Số: …` of a form that the layout of the page took for no text: its few words stand alone among rules."""
    if anchor is None or not anchor.centred:
        return None
    foot = anchor.box[3]
    words = page.column((0.0, foot, page.clean.size[0], foot + depth), Model.FAST)
    return _number_elsewhere(words, foot + depth)


def _is_bare_label(line: Line) -> bool:
    return line.words[0].text.startswith(("Số", "SỐ")) and fold(line.text) == "so"


def _left_parts(lines: Sequence[Line], below: Sequence[Line]) -> tuple[tuple[Line, ...], Line | None, tuple[Line, ...]]:
    place = next((index for index, line in enumerate(lines) if is_number_line(line)), None)
    under = [line for line in lines[(place or 0) + 1 :] if not any(_is_cut_from(line, whole) for whole in below)]
    if place is None:
        # a number that a pen made unreadable stands between the agency and the V/v block
        start = next((index for index, line in enumerate(under) if _begins_subject(line)), len(under))
        subject = subject_block([*under[start:], *below], under[start]) if start < len(under) else ()
        return tuple(_first_together(_agency_lines(lines))), None, subject
    return tuple(_agency_lines(lines[:place])), lines[place], subject_block([*under, *below], lines[place])


def _begins_subject(line: Line) -> bool:
    return bool(SUBJECT_START.match(re.sub(r"^\W+", "", line.text)))


def _agency_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines in capitals, and in small letters those that begin the name of an agency or go on with it."""
    found: list[Line] = []
    for line in lines:
        small = not is_capitals(line.text)
        goes_on = bool(found) and not is_capitals(found[-1].text) and line.box[1] - found[-1].box[3] < found[-1].height
        if not small or (_is_plain(line.text) and (begins_name(line.text) or goes_on)):
            found.append(line)
    return found


def _is_plain(text: str) -> bool:
    """Whether a text holds words alone, no digits, and does not say with what a form was issued."""
    return not re.search(r"[\d:()]", text) and not fold(text).startswith("banhanh")


def _is_cut_from(line: Line, whole: Line) -> bool:
    """Whether a line is the upper part of another, which the foot of the column cut."""
    return line.box[3] > whole.box[1] + 0.2 * whole.height


def _first_together(lines: Sequence[Line]) -> list[Line]:
    """The lines up to the first wide gap: below it stands no agency any more."""
    found: list[Line] = []
    for line in lines:
        if found and line.box[1] - found[-1].box[3] > 1.3 * found[-1].height:
            break
        found.append(line)
    return found


def subject_block(lines: Sequence[Line], number: Line) -> tuple[Line, ...]:
    """The V/v block: lines that follow the number closely, in the number's own column."""
    found: list[Line] = []
    last = number
    for line in lines:
        gap = line.box[1] - last.box[3]
        room = (WITHIN_SUBJECT if found else BEFORE_SUBJECT) * last.height
        if gap > room or is_capitals(line.text) or fold(line.text).startswith("kinhgui"):
            break
        if not found and not _begins_subject(line):
            if gap > 1.2 * last.height:
                break
            last = line
            continue
        found.append(line)
        last = line
    return tuple(found)
