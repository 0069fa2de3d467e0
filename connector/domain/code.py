"""The digitization code of Article 10, built from stored parts and never split again."""

from __future__ import annotations

from dataclasses import dataclass

from connector.domain.errors import MandatoryFieldMissing
from connector.domain.metadata import clean


@dataclass(frozen=True, kw_only=True)
class DigitizationCode:
    """The parts of one code; ``owner_id`` may be empty (Art. 10.2), ``procedure_code`` is None for results."""

    owner_id: str
    procedure_code: str | None
    type_code: str
    document_number: str

    def __str__(self) -> str:
        parts = [self.owner_id, self.procedure_code, self.type_code, self.document_number]
        return ".".join(part for part in parts if part is not None)


def build_code(
    *, owner_id: str | None, procedure_code: str | None, type_code: str, document_number: str, is_result: bool
) -> DigitizationCode:
    """The code of one paper.

    A result is ``<owner>.<type>.<number>`` (Art. 10.1, 10.2), any other paper
    ``<owner>.<procedure>.<type>.<number>`` (Art. 10.3). Ids, procedure and type codes hold dots themselves, so
    a code is compared and looked up, never parsed.

    Raises MandatoryFieldMissing when a part other than the owner is empty: nothing is invented.
    """
    number, kind, procedure = clean(document_number), clean(type_code), clean(procedure_code or "")
    if not number:
        raise MandatoryFieldMissing("document_number", sentence="Giấy tờ chưa có số, ký hiệu: cần người quyết định.")
    if not kind:
        raise MandatoryFieldMissing("document_type_code")
    if not is_result and not procedure:
        raise MandatoryFieldMissing("procedure_code", sentence="Hồ sơ chưa có mã thủ tục hành chính (maTTHC).")
    return DigitizationCode(
        owner_id=clean(owner_id or ""),
        procedure_code=None if is_result else procedure,
        type_code=kind,
        document_number=number,
    )
