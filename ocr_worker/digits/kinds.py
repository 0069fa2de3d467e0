"""What may stand in each kind of slot."""

from __future__ import annotations

from typing import Literal

Kind = Literal["number", "day", "month", "year"]

LONGEST = 6
RANGES: dict[Kind, tuple[int, int, int]] = {  # most digits, least and greatest value
    "number": (LONGEST, 1, 999_999),
    "day": (2, 1, 31),
    "month": (2, 1, 12),
    "year": (4, 1945, 2099),
}


def allowed(text: str, kind: Kind) -> bool:
    """Whether a text may stand in a slot of this kind."""
    longest, least, greatest = RANGES[kind]
    return 0 < len(text) <= longest and least <= int(text) <= greatest
