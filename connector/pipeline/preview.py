"""The code a paper will have, shown before it is assigned."""

from __future__ import annotations

from connector.domain.code import build_code
from connector.domain.errors import MandatoryFieldMissing
from connector.domain.metadata import Metadata


def code_preview(metadata: Metadata, *, procedure_code: str, is_result: bool) -> str:
    """A line for ``deXuat``; it says what is missing instead of guessing."""
    try:
        code = build_code(
            owner_id=metadata.owner_id,
            procedure_code=procedure_code,
            type_code=metadata.document_type_code or "",
            document_number=metadata.document_number or "",
            is_result=is_result,
        )
    except MandatoryFieldMissing as error:
        return f"maSoHoa (dự kiến): chưa lập được. {error.vietnamese}"
    return f"maSoHoa (dự kiến) = {code}"
