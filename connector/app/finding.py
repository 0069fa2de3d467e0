"""What a check-up says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found of one dependency; ``remedy``: which setting to change, in which product."""

    subject: str
    ok: bool
    detail: str
    remedy: str = ""
