"""Polling by id what waits for a person, so that a button never waits for an index."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from connector.domain.errors import ObjectNotFound, SohoaError
from connector.domain.paper import Paper
from connector.pipeline import buttons, dossiers
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def attend(place: Workplace) -> None:
    """Look at every open dossier and every waiting paper once."""
    repository_id = place.repository.repository_id
    for paper in place.registry.waiting_papers(repository_id):
        with _others_go_on():
            _attend_paper(paper, place)
    for dossier in place.registry.open_dossiers(repository_id):
        with _others_go_on():
            dossiers.attend(dossier, place.repository.get(dossier.folder_id), place)


def _attend_paper(paper: Paper, place: Workplace) -> None:
    shown = place.repository.get(paper.object_id)
    if shown.properties.get("action"):
        buttons.press_on_paper(paper, shown, place)
    elif shown.properties.get("state") != paper.state:
        # somebody typed a state, or we were stopped between the register and the ECM: put it right
        _put_back(paper, place)


def _put_back(paper: Paper, place: Workplace) -> None:
    current = place.registry.paper(paper.paper_id)
    error = {"error": current.error} if current.error else {}
    show(place, current.object_id, error, state=current.state)


@contextmanager
def _others_go_on() -> Iterator[None]:
    """One object's trouble must not hide the others."""
    try:
        yield
    except ObjectNotFound:
        log.warning("a waiting paper or dossier is not in the repository any more")
    except SohoaError as error:
        if error.transient:
            raise
        log.warning("attention failed with %s", error.code)
