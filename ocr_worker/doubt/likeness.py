"""Whether a value read is the value a person would have typed."""

from __future__ import annotations

import re
import unicodedata

from connector.domain.metadata import clean

# compared as text: capitals, dashes and the place of a tone mark do not matter
_WORDED = frozenset({"abstract", "issuing_authority", "document_name", "owner_name", "validity", "validity_scope"})
_LEAD = re.compile(r"^(về việc|v/v)[:\s]+")
_DASHES = re.compile(r"\s*[-–—]\s*")
# hoà and hòa are one word; so are uỷ and ủy, khoẻ and khỏe
_TONE = re.compile("(o)(a|e)([\u0300\u0301\u0303\u0309\u0323])|(u)(y)([\u0300\u0301\u0303\u0309\u0323])")
_PLACE = re.compile(r" (tỉnh|thành phố) [^,]+$")
# without its place this is no agency at all
_NEED_PLACE = ("ủy ban nhân dân", "hội đồng nhân dân", "bảo hiểm xã hội")


def same(field: str, truth: str, value: str | None) -> bool:
    """Whether ``value`` counts as ``truth``: numbers, dates and ids exactly, names and abstracts as a person reads.

    An abstract may keep or lose its "Về việc" or "V/v"; a department may carry the province of its header
    ("Sở Nội vụ", "Sở Nội vụ tỉnh An Giang").
    """
    if value is None:
        return False
    if field not in _WORDED:
        return clean(truth) == clean(value)
    wanted, found = comparable(truth), comparable(value)
    if field == "abstract":
        wanted, found = _LEAD.sub("", wanted), _LEAD.sub("", found)
    if field == "issuing_authority" and wanted != found:
        return _without_place(wanted) == found or wanted == _without_place(found)
    return wanted == found


def comparable(text: str) -> str:
    """NFC in small letters, with one spelling of dashes and tone marks, without an end mark."""
    split = unicodedata.normalize("NFD", clean(text).casefold())
    moved = _TONE.sub(lambda found: "".join((found[1] or found[4], found[3] or found[6], found[2] or found[5])), split)
    return _DASHES.sub("-", unicodedata.normalize("NFC", moved)).rstrip(" .;:")


def _without_place(agency: str) -> str:
    bare = _PLACE.sub("", agency)
    return agency if bare in _NEED_PLACE else bare
