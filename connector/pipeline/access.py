"""Narrowing who may see a paper, where the repository can (Art. 5.4, 6.2.b)."""

from __future__ import annotations

import logging
from collections.abc import Collection

from connector.domain.errors import RepositoryError
from connector.domain.paper import ArtifactKind, Paper
from connector.domain.roles import QUARANTINE_ROLES
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

_BESIDE = (ArtifactKind.METADATA, ArtifactKind.ALTO)  # they tell as much as the paper itself


def keep_for_keepers(paper: Paper, place: Workplace) -> None:
    """Leave a quarantined paper to the văn thư and the head, and take its text away."""
    text = paper.artifacts.get(ArtifactKind.ALTO)
    if text is not None:
        place.repository.delete(text.object_id)
    keepers = {login for login, user in place.staff.users.items() if user.roles & QUARANTINE_ROLES}
    _narrow(paper.object_id, paper, keepers, place, may_write=True)
    log.warning("paper %s is quarantined: the keeper of the seal has to look", paper.paper_id)


def give_back(paper: Paper, place: Workplace) -> None:
    """A released paper is seen by whoever sees its dossier."""
    try:
        place.repository.give_back(paper.object_id, place.registry.dossier(paper.dossier_id).folder_id)
    except RepositoryError as error:
        _tell(paper, error)


def keep_for_readers(paper: Paper, type_code: str, place: Workplace) -> None:
    """A stored paper of a type that only some may read, health data for example, with its technical files."""
    listed = place.office.types.named(type_code, place.today())
    if listed is None or not listed.readers:
        return
    beside = [paper.artifacts[kind].object_id for kind in _BESIDE if kind in paper.artifacts]
    for object_id in (paper.object_id, *beside):
        _narrow(object_id, paper, listed.readers, place, may_write=False)


def _narrow(object_id: str, paper: Paper, people: Collection[str], place: Workplace, *, may_write: bool) -> None:
    try:
        place.repository.restrict(object_id, people, may_write=may_write)
    except RepositoryError as error:
        _tell(paper, error)


def _tell(paper: Paper, error: RepositoryError) -> None:
    """Access is the repository's: what it cannot do is said, and holds nothing up."""
    if error.transient:
        raise error
    log.warning("paper %s: access is not as it should be, set it by hand: %s", paper.paper_id, error.detail)
