"""Vietnamese or English, by the locale of the shell."""

from __future__ import annotations

import os


def speaks_vietnamese() -> bool:
    """Whether the first locale variable that is set names Vietnamese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.lower().startswith("vi")
    return False


def say(vietnamese: str, english: str) -> str:
    """The sentence in the language of the shell."""
    return vietnamese if speaks_vietnamese() else english
