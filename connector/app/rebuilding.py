"""Restoring the register from the repositories after the database was lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from connector.app.books import books_in, database, first_repository
from connector.app.journal import folder_of_journals
from connector.app.wiring import proof, workplaces
from connector.cmis.repository import CmisRepository
from connector.domain.errors import InvalidFieldValue, SignatureInvalid, UnreadableFile
from connector.domain.journal import Journal
from connector.domain.restoration import Disbelief, Proof
from connector.pipeline.rebuild import rebuild as rebuild_from
from connector.registry.connection import Database
from connector.registry.restoration import RegisterRestorer
from connector.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """The end of a rebuild; ``gap`` says in words what no signed file gave back."""

    papers: int
    journals: int
    gap: str


def rebuild(settings: Settings) -> Iterator[UUID | Disbelief | Rebuilt]:
    """Restored papers and what was not believed, one after the other; the summary comes last.

    Raises RegisterError when papers are registered already: a rebuild fills an empty database.
    """
    with database(settings) as dsn, Database(dsn) as opened:
        found = books_in(opened, settings)
        restorer, judge = RegisterRestorer(opened, found.chain), proof(settings)
        restorer.begin()
        places = workplaces(settings, found.papers)
        journals: list[Journal] = []
        for read in _journals(first_repository(settings), judge, settings):
            if isinstance(read, Disbelief):
                yield read
            else:
                journals.append(read)
        broken = restorer.restore_journals(journals)
        restorer.note_begin()
        papers = 0
        for place in places.values():
            for each in rebuild_from(place, judge, restorer):
                papers += isinstance(each, UUID)
                yield each
        lost = sum(restorer.restore_deliveries(journal) for journal in journals)
        gap = _gap(journals, broken, lost)
        restorer.finish(gap)
        yield Rebuilt(papers=papers, journals=len(journals), gap=gap)


def _journals(repository: CmisRepository, judge: Proof, settings: Settings) -> Iterator[Journal | Disbelief]:
    """In the order of their days, as their names have it; each is believed only by its signature."""
    folder = repository.folder_at(folder_of_journals(repository))
    files = sorted(repository.children(folder.object_id), key=lambda file: file.name)
    with tempfile.TemporaryDirectory(prefix="rebuild-", dir=settings.work.folder) as desk:
        for file in files:
            local = Path(desk) / "journal.xml"
            repository.download(file.object_id, local)
            try:
                yield judge.journal_in(local)
            except (SignatureInvalid, UnreadableFile, InvalidFieldValue) as error:
                yield Disbelief(subject=file.object_id, reason=f"journal not believed: {error}")


def _gap(journals: list[Journal], broken: str | None, lost: int) -> str:
    if journals:
        told = f"audit rows and deliveries after {journals[-1].day.isoformat()} are not restored"
    else:
        told = "no signed journal was found: audit rows and deliveries are not restored"
    parts = [told, "papers that the agency has not signed start again as new deposits"]
    if broken:
        parts.append(f"the audit chain ends early ({broken})")
    if lost:
        parts.append(f"{lost} deliveries are of papers that are not restored")
    return "; ".join(parts)
