"""Reading one paper, from the PDF to its proposals; hostile files cost only themselves."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from connector.domain.capture import CaptureFacts, Doubt
from connector.domain.extraction import Extraction, TypeProposal
from ocr_worker.doubt.thresholds import thresholds_of
from ocr_worker.fields.article_9 import read_fields
from ocr_worker.fields.attached_metadata import attached_values, joined
from ocr_worker.fields.earlier_signatures import captured_on, first_signed_at
from ocr_worker.layout.motto import find_anchor
from ocr_worker.limits import Answer, Arguments, run_limited
from ocr_worker.pages.document import DEFAULT_LIMITS, Limits
from ocr_worker.pages.facts import capture_facts
from ocr_worker.pages.marks import is_blank
from ocr_worker.pages.qr import read_codes
from ocr_worker.recognition.alto import alto_xml
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.read_pages import FEW_WORDS, read_pages, reading_worth
from ocr_worker.recognition.recognize import shared_recognizer
from ocr_worker.secrecy.stamps import secrecy_stamp

SOFTWARE = "sohoa, Tesseract 5 (vie fast)"
# imported before the processes that read are forked; it imports this module, so it is only named
LOADED = "ocr_worker.loaded"
# a first page read worse than this is typed by a person
UNREADABLE = 0.5
# of the words of a Vietnamese page, at least this share carries Vietnamese letters
VIETNAMESE = 0.12
_MARKED = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")
_UNREADABLE = "Không đọc được chữ trên trang 1 (mờ, rách hoặc viết tay); nhập các trường bằng tay."
_FOREIGN = "Giấy tờ không viết bằng tiếng Việt; nhập các trường bằng tay."


class PaperReader:
    """The port ``Reader``: each question about a file is answered in a process of its own."""

    def __init__(self, *, seconds: float, megabytes: int, thresholds: Path | None = None) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._thresholds = thresholds

    def secrecy_stamp(self, pdf: Path) -> Doubt:
        """See ``secrecy.stamps``. Raises UnreadableFile, EncryptedFile, LimitExceeded, ConfigurationError."""
        return self._asked(secrecy_stamp, pdf)

    def capture_facts(self, pdf: Path) -> CaptureFacts:
        """See ``ocr_worker.pages.facts``. Raises UnreadableFile, EncryptedFile, LimitExceeded."""
        return self._asked(capture_facts, pdf)

    def read(self, pdf: Path) -> Extraction:
        """See ``read_paper``. Raises UnreadableFile, EncryptedFile, LimitExceeded, ConfigurationError."""
        return self._asked(_read_with, pdf, self._thresholds)

    def _asked(self, function: Callable[[*Arguments], Answer], *args: *Arguments) -> Answer:
        return run_limited(function, *args, seconds=self._seconds, megabytes=self._megabytes, loaded=LOADED)


def _latest(pdf: Path, today: dt.date | None) -> dt.date:
    """No paper is dated after its scan; a day is allowed for scanners that keep another zone's time."""
    captured = captured_on(pdf)
    day = today or dt.date.today()
    return day if captured is None else min(day, captured + dt.timedelta(days=1))


def _read_with(pdf: Path, thresholds: Path | None) -> Extraction:
    with thresholds_of(thresholds):
        return read_paper(pdf)


def read_paper(pdf: Path, *, limits: Limits = DEFAULT_LIMITS, today: dt.date | None = None) -> Extraction:
    """The proposals of Article 9.2 for one PDF, read in this process.

    Fields are empty, with ``manual_reason`` set, when page 1 cannot be read or is in another language
    (Art. 9.1), and when the text says that the paper is secret (``secrecy_found``).

    Raises UnreadableFile, EncryptedFile, LimitExceeded, ConfigurationError.
    """
    started = time.monotonic()
    pages = read_pages(pdf, shared_recognizer(), limits=limits)
    written = _without_blank_lead(pages)
    reason = _manual_reason(written[0])
    if reason:
        return _unread(pages, reason, started)
    codes = read_codes(written[0].clean.image)
    reading = read_fields(written, codes, signed=first_signed_at(pdf), latest=_latest(pdf, today))
    if reading.secrecy_found:
        return Extraction(
            pages=len(pages),
            document_type=reading.document_type,
            fields={},
            seconds=time.monotonic() - started,
            secrecy_found=True,
        )
    return Extraction(
        pages=len(pages),
        document_type=reading.document_type,
        fields=joined(reading.fields, attached_values(pdf)),
        seconds=time.monotonic() - started,
        alto=_alto(pages),
    )


def _without_blank_lead(pages: Sequence[PageText]) -> Sequence[PageText]:
    """The pages from the first one with ink on: a cover or a sheet fed the wrong way round comes before some papers."""
    for place, page in enumerate(pages):
        if len(page.words) >= FEW_WORDS or not is_blank(page.clean.grey, page.clean.dpi):
            return pages[place:]
    return pages


def _unread(pages: Sequence[PageText], reason: str, started: float) -> Extraction:
    return Extraction(
        pages=len(pages),
        document_type=TypeProposal(code=None, name=None, confidence=0.0, needs_review=True),
        fields={},
        seconds=time.monotonic() - started,
        alto=_alto(pages),
        manual_reason=reason,
    )


def _alto(pages: Sequence[PageText]) -> bytes:
    return alto_xml([(page.clean, page.words) for page in pages], software=SOFTWARE)


def _manual_reason(page: PageText) -> str:
    if reading_worth(page.words) < UNREADABLE:
        return _UNREADABLE
    width, height = page.clean.size
    if find_anchor(page.words, width, height) is not None:
        return ""
    letters = [word.text.lower() for word in page.words if word.text.isalpha()]
    marked = sum(any(letter in _MARKED for letter in word) for word in letters)
    return _FOREIGN if len(letters) >= 30 and marked < VIETNAMESE * len(letters) else ""
