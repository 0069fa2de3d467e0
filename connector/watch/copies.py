"""Putting back displayed properties that somebody else has changed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from connector.domain.paper import Paper, RepositoryObject
from connector.pipeline.copies import altered_copies
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Sight:
    """What stood against what: the paper's revision and the object's change."""

    revision: int
    change: str


class CopyKeeper:
    """Restores displayed copies, one repository's.

    A stage shows its outcome in the ECM before the register commits it, a button the other way round: so a
    difference counts only when the next round still sees the very same one. What did not hold once (the mapping
    forbids writing it, or the repository shortens it) is not tried again until somebody changes the paper.
    """

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._suspected: dict[UUID, _Sight] = {}
        self._settled: dict[UUID, _Sight] = {}

    def suspects(self) -> Sequence[Paper]:
        """The papers that differed in the last round: they have to be looked at again."""
        return [self._place.registry.paper(paper_id) for paper_id in self._suspected]

    def look(self, paper: Paper, shown: RepositoryObject) -> None:
        """Compare one paper with what the ECM shows; put back what differs for the second time."""
        sight = _Sight(paper.revision, shown.change_token or shown.modified_at.isoformat())
        suspected = self._suspected.pop(paper.paper_id, None)
        altered = altered_copies(paper, shown)
        if not altered or self._settled.get(paper.paper_id) == sight:
            return
        if suspected != sight:
            self._suspected[paper.paper_id] = sight
            return
        log.warning("paper %s: %s changed in the repository, put back", paper.paper_id, ", ".join(altered))
        self._place.registry.note_put_back(paper, tuple(altered), changed_by=shown.modified_by)
        written = show(self._place, shown.object_id, altered)
        self._settled[paper.paper_id] = _Sight(paper.revision, written.change_token or written.modified_at.isoformat())
