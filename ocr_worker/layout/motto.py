"""The national title and motto (Decree 30/2020 App. I, box 1): the anchor of every header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import around, fold

TITLE = tuple("cong hoa xa hoi chu nghia viet nam".split())
MOTTO = tuple("doc lap tu do hanh phuc".split())
PARTY = tuple("dang cong san viet nam".split())
# words of the title that must be found; the rest may be under a stamp
ENOUGH = {TITLE: 5, MOTTO: 4, PARTY: 4}
ALIKE = 74


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Where title and motto stand; ``centred`` over the page, as on civil-status papers; ``party``: the Party's."""

    box: PixelBox
    letter_height: float
    centred: bool
    party: bool = False


def find_anchor(words: Sequence[Word], width: float, height: float) -> Anchor | None:
    """Title and motto in the upper half of a page; None where neither is read."""
    upper = [word for word in words if word.middle[1] < height * 0.5]
    parts = [found for wanted in (TITLE, MOTTO) if (found := _matched(upper, wanted))]
    party = not parts
    if party:
        parts = [found] if (found := _matched(upper, PARTY)) else []
    if not parts:
        return None
    box = around(word.box for part in parts for word in part)
    heights = sorted(word.height for part in parts for word in part)
    middle = (box[0] + box[2]) / 2
    centred = abs(middle / width - 0.5) < 0.09
    return Anchor(box=box, letter_height=heights[len(heights) // 2], centred=centred, party=party)


def _matched(words: Sequence[Word], wanted: tuple[str, ...]) -> list[Word]:
    """The run of words in one line that spells most of ``wanted``."""
    best: list[Word] = []
    # a word of the left column may look like the first one (ĐỒNG, CỘNG), so the last beginning that fits counts
    starts = [word for word in words if _is(word, wanted[0]) or _is(word, wanted[1])]
    for start in sorted(starts, key=lambda word: word.box[0]):
        row = [word for word in words if abs(word.middle[1] - start.middle[1]) < 0.7 * start.height]
        found = _in_order([word for word in row if word.box[0] >= start.box[0]], wanted)
        if len(found) >= len(best):
            best = found
    return best if len(best) >= ENOUGH[wanted] else []


def _in_order(row: Sequence[Word], wanted: tuple[str, ...]) -> list[Word]:
    found: list[Word] = []
    place = 0
    for word in sorted(row, key=lambda word: word.box[0]):
        ahead = next((n for n in range(place, min(place + 3, len(wanted))) if _is(word, wanted[n])), None)
        if ahead is not None:
            found.append(word)
            place = ahead + 1
    return found


def _is(word: Word, wanted: str) -> bool:
    letters = fold(word.text)
    return letters == wanted or (len(letters) > 1 and fuzz.ratio(letters, wanted) >= ALIKE)
