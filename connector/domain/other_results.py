"""Results of other agencies that were handed in on paper: the data are our reading, not theirs (Art. 10.2, 9.3)."""

from __future__ import annotations

from dataclasses import replace

from connector.domain.metadata import Metadata, clean

SOURCE_FIELD = "Nguồn dữ liệu"
OUR_READING = "Bóc tách từ bản số hóa; kết quả do cơ quan khác ban hành"
_OWN_SECTOR = ("bảo hiểm xã hội", "bhxh")


def marked_as_reading(metadata: Metadata, *, is_result: bool, agency_name: str) -> Metadata:
    """The same metadata, with a word on their source where another agency than the own sector's has issued a result.

    Whoever reads the code's list of results must not take our reading for the issuer's own record.
    """
    extra = {name: value for name, value in metadata.extra.items() if name != SOURCE_FIELD}
    authority = clean(metadata.issuing_authority or "").casefold()
    is_own = authority.startswith(_OWN_SECTOR) or authority == clean(agency_name).casefold()
    if is_result and not is_own:
        extra[SOURCE_FIELD] = OUR_READING
    return replace(metadata, extra=extra)
