"""One deduplicating intake: a document becomes a paper exactly once."""

from __future__ import annotations

import logging
from uuid import uuid4

from connector.domain.errors import ObjectNotFound
from connector.domain.metadata import WRITTEN_BY_PEOPLE
from connector.domain.paper import Deposit, Dossier, Paper, RepositoryObject
from connector.domain.states import State
from connector.pipeline.display import show
from connector.pipeline.dossiers import as_dossier
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def take_in(document: RepositoryObject, place: Workplace) -> Paper | None:
    """Claim a settled document that lies in a dossier; None when it is no paper or another watcher was faster."""
    repository = place.repository
    folder = repository.dossier_of(document)
    if folder is None:
        return None
    try:
        with place.desk() as desk:
            content = repository.download(document.object_id, desk / "deposit")
    except ObjectNotFound:  # deleted in between
        return None
    deposit = Deposit(
        repository_id=repository.repository_id,
        version_series_id=document.version_series_id,
        object_id=document.object_id,
        folder_id=folder.object_id,
        original_sha256=content.sha256,
        length=content.length,
    )
    paper = place.registry.claim(deposit, _new_dossier(folder, place))
    if paper is not None:
        log.info("paper %s: deposit claimed", paper.paper_id)
        _clear_forged(document, place)
    return paper


def _new_dossier(folder: RepositoryObject, place: Workplace) -> Dossier:
    blank = Dossier(dossier_id=uuid4(), repository_id=place.repository.repository_id, folder_id=folder.object_id)
    return as_dossier(blank, folder)


def _clear_forged(document: RepositoryObject, place: Workplace) -> None:
    """A fresh deposit that already shows a state, a code or a confirmation never got it from us."""
    forged = {name: None for name, value in document.properties.items() if value and name not in WRITTEN_BY_PEOPLE}
    show(place, document.object_id, forged, state=State.TIEP_NHAN)
