"""Who did what to a paper, step by step (Art. 13)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of the audit chain about a paper; ``actor`` is an ECM login, or the product itself."""

    at: dt.datetime
    actor: str
    operation: str
    result: str
