"""A mistake in a mapping file, said so that an administrator can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class MappingFinding:
    """One mistake: where it is, what it is, what to do."""

    file: Path
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}{end}"
