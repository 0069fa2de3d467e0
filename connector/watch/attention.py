"""Polling by id what waits for a person, so that a button never waits for an index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from connector.domain.errors import ObjectNotFound, SohoaError
from connector.domain.paper import Dossier, Paper, RepositoryObject
from connector.pipeline import buttons, dossiers
from connector.pipeline.workplace import Workplace
from connector.watch.copies import CopyKeeper

log = logging.getLogger(__name__)

_READERS = 8  # a slow line must not make a button wait for hundreds of other papers


class Attention:
    """Looks at one repository's waiting papers and open dossiers, round after round."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._copies = CopyKeeper(place)
        self._missing: set[UUID] = set()

    def attend(self, changed: Iterable[Paper] = ()) -> None:
        """Look once at every waiting paper, at the ``changed`` ones that a sweep met, and at every open dossier."""
        registry, repository_id = self._place.registry, self._place.repository.repository_id
        papers = {paper.paper_id: paper for paper in (*changed, *self._copies.suspects())}
        papers.update((paper.paper_id, paper) for paper in registry.waiting_papers(repository_id))
        with ThreadPoolExecutor(_READERS) as readers:
            seen = list(zip(papers.values(), readers.map(self._paper, papers.values()), strict=True))
            open_dossiers = registry.open_dossiers(repository_id)
            folders = list(zip(open_dossiers, readers.map(self._folder, open_dossiers), strict=True))
        for paper, shown in seen:
            if shown is not None:
                with _others_go_on(paper.paper_id):
                    self._attend_paper(paper, shown)
        for dossier, folder in folders:
            if folder is not None:
                with _others_go_on(dossier.dossier_id):
                    dossiers.attend(dossier, folder, self._place)

    def _attend_paper(self, paper: Paper, shown: RepositoryObject) -> None:
        if shown.properties.get("action"):
            buttons.press_on_paper(paper, shown, self._place)
        else:
            self._copies.look(paper, shown)

    def _paper(self, paper: Paper) -> RepositoryObject | None:
        return self._read(paper.object_id, paper.paper_id)

    def _folder(self, dossier: Dossier) -> RepositoryObject | None:
        return self._read(dossier.folder_id, dossier.dossier_id)

    def _read(self, object_id: str, our_id: UUID) -> RepositoryObject | None:
        """The object; None where it cannot be read, said once."""
        try:
            shown = self._place.repository.get(object_id)
        except SohoaError as error:
            if error.transient:
                raise
            if our_id not in self._missing:
                log.warning("%s cannot be read in the repository: %s", our_id, error.code)
                self._missing.add(our_id)
            return None
        self._missing.discard(our_id)
        return shown


@contextmanager
def _others_go_on(our_id: UUID) -> Iterator[None]:
    """One object's trouble must not hide the others."""
    try:
        yield
    except ObjectNotFound:
        log.warning("%s was deleted from the repository meanwhile", our_id)
    except SohoaError as error:
        if error.transient:
            raise
        log.warning("%s: attention failed with %s", our_id, error.code)
