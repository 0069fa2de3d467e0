"""The office's lists of types and procedures, and papers kept for later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from connector.app.books import books
from connector.app.wiring import workplaces
from connector.domain.lists import Entry
from connector.mapping.lists import Kind, import_list, load_procedures, load_types
from connector.pipeline.transition import resume
from connector.settings import Settings
from ocr_worker.document_type import load_document_types


def import_office_list(source: Path, target: Path, kind: Kind) -> int:
    """Check a spreadsheet and write it as the list that the settings name; answers how many entries it has."""
    return import_list(source, target, kind)


def listed(path: Path | None, kind: Kind) -> Sequence[Entry]:
    """The entries of the office's list; without one the types that the reader knows, which are marked samples."""
    if path is not None:
        return (load_types(path) if kind == "types" else load_procedures(path)).entries
    return [Entry(code=each.code, name=each.name) for each in load_document_types()] if kind == "types" else []


def backfill(settings: Settings, *, at_most: int) -> Iterator[UUID]:
    """Take up papers kept under Art. 15, one repository after the other."""
    with books(settings) as opened:
        left = at_most
        for place in workplaces(settings, opened.papers).values():
            for paper in resume(place, at_most=left):
                left -= 1
                yield paper.paper_id
