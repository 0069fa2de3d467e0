"""How long a paper is valid, where it says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connector.domain.extraction import FieldProposal, Source
from ocr_worker.doubt.proposals import proposal
from ocr_worker.lexicon.document_type import DocumentType
from ocr_worker.recognition.page_text import PageText

_DAY = r"(?:ngày\s*)?(\d{1,2}\s*/\s*\d{1,2}\s*/\s*(?:19|20)\d\d)"
_PERIOD = re.compile(rf"[Tt]ừ\s*{_DAY}\s*đến\s*(?:hết\s*)?{_DAY}")
_FORCE = re.compile(
    r"(?:có hiệu lực|có giá trị)\s*(?:thi hành\s*)?"
    r"((?:kể\s*)?từ ngày (?:ký|\d{1,2}[/ ](?:tháng )?\d{1,2}[/ ](?:năm )?\d{4})"
    r"|đến (?:hết )?ngày \d{1,2}/\d{1,2}/\d{4}|trong (?:thời hạn )?\d+ (?:ngày|tháng|năm))"
)
# a rule over running text, read once: a person looks at it
STATED, PERIOD = 0.9, 0.9


def read_validity(pages: Sequence[PageText], kind: DocumentType | None) -> dict[str, FieldProposal]:
    """The stated period; nothing where the paper states none."""
    for page in pages:
        text = " ".join(word.text for word in page.words)
        period = _PERIOD.search(text) if kind is not None and kind.validity_period else None
        if period is not None:
            value = f"từ ngày {_tidy(period[1])} đến hết ngày {_tidy(period[2])}"
            return {
                "validity": proposal("validity", value, PERIOD, Source.RULE, page=page.clean.image.page, rule="period")
            }
    if kind is None or kind.layout == "letter":
        return {}
    for page in reversed(pages):
        stated = _FORCE.search(" ".join(word.text for word in page.words))
        if stated is not None:
            value = " ".join(stated[1].split())
            return {
                "validity": proposal(
                    "validity", value, STATED, Source.RULE, page=page.clean.image.page, rule="in force"
                )
            }
    return {}


def _tidy(date: str) -> str:
    return re.sub(r"\s", "", date)
