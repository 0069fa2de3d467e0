"""A number that was read, held against the office's other numbers in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connector.domain.extraction import FieldProposal
from connector.domain.number_order import fits_in_order, notation_of
from connector.domain.paper import Paper
from connector.pipeline.workplace import Workplace

NUMBER_AND_DATE = ("document_number", "issue_date")
_NEEDED = ("document_number", "issue_date", "issuing_authority", "document_type_code")
_OUT_OF_ORDER = 0.7
NOTICE = (
    "Số và ngày đọc được không theo thứ tự của các giấy tờ khác cùng cơ quan, cùng năm: xem lại soKyHieu và ngayCap."
)


def out_of_order(proposals: Mapping[str, FieldProposal], paper: Paper, place: Workplace) -> bool:
    """Whether number and date do not fit between the registered papers of the same office, type and year."""
    values = {name: proposals[name].value if name in proposals else None for name in _NEEDED}
    number, date, authority, kind = (values[name] for name in _NEEDED)
    if not (number and date and authority and kind):
        return False
    notation = notation_of(number)
    if notation is None:
        return False
    neighbours = place.registry.numbers_beside(
        authority=authority, type_code=kind, notation=notation, issue_date=date, without=paper.paper_id
    )
    return not fits_in_order(number, date, neighbours)


def questioned(proposals: Mapping[str, FieldProposal]) -> dict[str, FieldProposal]:
    """Number and date with a flag: one of both may be misread; neither value is changed."""
    return {
        name: replace(found, needs_review=True, confidence=min(found.confidence, _OUT_OF_ORDER))
        if name in NUMBER_AND_DATE
        else found
        for name, found in proposals.items()
    }
