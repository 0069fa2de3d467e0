"""A drawn paper with its truth, and a dossier of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connector.domain.metadata import Value


@dataclass(frozen=True, kw_only=True)
class DrawnPaper:
    """One drawn file: ``title`` is what people see, ``truth`` the Article 9 metadata once confirmed.

    ``properties`` are what the depositor types. ``printed`` names the truths that stand on the paper itself
    (the owner of a công văn comes from its dossier); ``number_written_by`` is "hand", "print" or empty.
    """

    slug: str
    title: str
    file: Path
    truth: Mapping[str, str]
    properties: Mapping[str, Value] = field(default_factory=dict)
    printed: tuple[str, ...] = ()
    number_written_by: str = ""
    text: str = ""  # the print of all pages, line by line, where character errors are to be counted

    def labels(self) -> dict[str, str]:
        """One row of a truth.json."""
        row = {"file": self.file.name, **{name: self.truth[name] for name in self.printed}}
        more = {"number_written_by": self.number_written_by, "text": self.text}
        return row | {name: value for name, value in more.items() if value}


@dataclass(frozen=True, kw_only=True)
class DemoDossier:
    """A dossier of the demo: what stands on its folder, and its papers in the order of deposit."""

    folder: Path
    title: str
    dossier_code: str
    procedure_code: str
    owner_id: str
    owner_name: str
    owner_birth_date: str
    papers: tuple[DrawnPaper, ...]


def write_truth(papers: Iterable[DrawnPaper], target: Path) -> None:
    """The truth.json of some papers: a list of one object a file."""
    rows = [paper.labels() for paper in papers]
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
