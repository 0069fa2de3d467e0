"""Article 15: while the software is being extended, papers are scanned, signed and kept under the dossier's code."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from connector.domain.errors import StaleState
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper
from connector.domain.states import Stage, State
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def kept_for_later(captured: Outcome) -> Outcome:
    """The same capture and signature, but nothing is read yet."""
    return replace(captured, state=State.LUU_CHUYEN_TIEP, next_stage=None)


def resume(place: Workplace, *, at_most: int) -> Iterator[Paper]:
    """Take up kept papers, the oldest first; stopping between two of them leaves the others as they are.

    They go the ordinary way from there: a person still compares and confirms before the agency attests anything.
    """
    for paper in place.registry.kept_papers(place.repository.repository_id, at_most=at_most):
        captured = place.registry.result(paper.paper_id, Stage.CAPTURE) or {}
        outcome = Outcome(state=State.SAO_CHUP, next_stage=Stage.EXTRACTION, result=captured)
        try:
            place.registry.commit(paper, Stage.CAPTURE, outcome)
        except StaleState:
            log.info("paper %s was taken up elsewhere", paper.paper_id)
            continue
        show(place, paper.object_id, {}, state=outcome.state)
        yield paper
