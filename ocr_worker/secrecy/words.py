"""Words that say a paper is secret, in what was read (Decision 1333 Art. 5.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ocr_worker.layout.header import Header
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.text_lines import geometric_lines

MARKS = frozenset({"MẬT", "TỐI MẬT", "TUYỆT MẬT"})
# as recognisers misread the long marks; MẶT and MẮT are words of their own, so the short one is taken exactly
_LONG = re.compile(r"(T[ỐÔỒÓO]I|TUY[ỆÊẾE]T)\s?M[ẬÂẤA]T")
_STATED = re.compile(r"[ĐD]ộ mật\s*:?\s*(mật|tối mật|tuyệt mật)", re.IGNORECASE)


def says_secret(pages: Sequence[PageText], header: Header) -> bool:
    """Whether a line of its own on page 1 is a secrecy mark, or any page states one.

    The mark in a running sentence ("bảo vệ bí mật") says nothing about the paper.
    """
    for page in pages:
        if _STATED.search(" ".join(word.text for word in page.words)):
            return True
    first = pages[0]
    bottom = header.bottom + first.clean.pixels(75)
    upper = [word for word in first.words if word.middle[1] < bottom]
    lines = (unicodedata.normalize("NFC", line.text).strip(" .,:;|[]()-_*'\"!") for line in geometric_lines(upper))
    return any(line in MARKS or (_LONG.fullmatch(line) is not None) for line in lines)
