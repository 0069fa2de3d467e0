"""The office's lists of types, procedures and organisations, and papers kept for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from connector.app.books import books
from connector.app.wiring import workplaces
from connector.domain.lists import Entry, OrganisationList, ProcedureList, TypeList
from connector.mapping.lists import Kind, import_list, load_organisations, load_procedures, load_types
from connector.pipeline.transition import resume
from connector.settings import Settings
from ocr_worker.lexicon.document_type import load_document_types

_LOADERS: Mapping[Kind, Callable[[Path], TypeList | ProcedureList | OrganisationList]] = {
    "types": load_types,
    "procedures": load_procedures,
    "organisations": load_organisations,
}


def import_office_list(source: Path, target: Path, kind: Kind) -> int:
    """Check a spreadsheet and write it as the list that the settings name; answers how many entries it has."""
    return import_list(source, target, kind)


def listed(path: Path | None, kind: Kind) -> Sequence[Entry]:
    """The entries of the office's list; without one the types that the reader knows, which are marked samples."""
    if path is not None:
        return _LOADERS[kind](path).entries
    return [Entry(code=each.code, name=each.name) for each in load_document_types()] if kind == "types" else []


def backfill(settings: Settings, *, at_most: int) -> Iterator[UUID]:
    """Take up papers kept under Art. 15, one repository after the other."""
    with books(settings) as opened:
        left = at_most
        for place in workplaces(settings, opened.papers).values():
            for paper in resume(place, at_most=left):
                left -= 1
                yield paper.paper_id
