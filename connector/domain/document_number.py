"""Number and notation of a paper, as exchange formats and archives keep them apart."""

from __future__ import annotations


def parted(document_number: str | None) -> tuple[str, str]:
    """Number and notation: ``12/QĐ-BHXH`` has both, ``15/2020`` (a register's number and year) only the first."""
    number, _, notation = (document_number or "").partition("/")
    return (number, notation) if notation and not notation.isdigit() else (document_number or "", "")
