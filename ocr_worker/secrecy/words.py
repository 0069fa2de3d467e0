"""Words that say a paper is secret, in what was read (Decision 1333 Art. 5.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from ocr_worker.layout.header import Header
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line, geometric_lines
from ocr_worker.secrecy.stamps import MARKS, SECRET, plain_letters

# recognisers misread the long marks by a letter or two; MẶT and MẮT are words of their own, so the short one is taken
# exactly
ALIKE = 85
# of a line's height: what stands so far from its neighbours stands alone, though on a level with them
APART = 0.9
_STATED = re.compile(r"[ĐD]ộ mật\s*:?\s*(mật|tối mật|tuyệt mật)", re.IGNORECASE)


def says_secret(pages: Sequence[PageText], header: Header) -> bool:
    """Whether words that stand alone on page 1 are a secrecy mark, or any page states one.

    The mark in a running sentence ("bảo vệ bí mật") says nothing about the paper.
    """
    for page in pages:
        if _STATED.search(" ".join(word.text for word in page.words)):
            return True
    first = pages[0]
    bottom = header.bottom + first.clean.pixels(75)
    upper = [word for word in first.words if word.middle[1] < bottom]
    return any(is_mark(text) for line in geometric_lines(upper) for text in words_apart(line))


def is_mark(text: str) -> bool:
    """Whether capitals are one of the three marks, as far as a recogniser may err."""
    bare = unicodedata.normalize("NFC", text).strip(" .,:;|[]()-_*'\"!")
    if bare in MARKS:
        return True
    letters = plain_letters(bare)
    return bare.isupper() and len(letters) >= 5 and any(fuzz.ratio(letters, mark) >= ALIKE for mark in SECRET[1:])


def words_apart(line: Line) -> Iterator[str]:
    """The words of a line, group by group: a stamp stands beside other words without belonging to them."""
    group: list[Word] = []
    for word in line.words:
        if group and word.box[0] - group[-1].box[2] > APART * line.height:
            yield " ".join(other.text for other in group)
            group = []
        group.append(word)
    yield " ".join(word.text for word in group)
