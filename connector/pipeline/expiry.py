"""Papers whose stated time is over: they say so to everybody who reads them (Art. 9.2.h)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from uuid import UUID

from connector.domain.errors import ObjectNotFound, StaleState
from connector.domain.metadata import LegalStatus
from connector.domain.outcome import Outcome, StatusChange
from connector.domain.publication import ChangeKind
from connector.domain.states import Stage, State
from connector.domain.validity import status_on
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def expire(place: Workplace, day: dt.date) -> Iterator[UUID]:
    """Mark what is not in force any more on ``day``; content, code and signatures stay."""
    for published in place.registry.in_force_with_end(place.repository.repository_id):
        if status_on(published.record.metadata, day) is not LegalStatus.HET_HAN:
            continue
        paper = place.registry.paper(published.record.paper_id)
        if paper.state is not State.DA_LUU:  # a correction is on its way: storing it judges anew
            continue
        change = StatusChange(kind=ChangeKind.SUA_DU_LIEU, legal_status=LegalStatus.HET_HAN)
        outcome = Outcome(
            state=State.DA_LUU,
            properties={"legal_status": str(LegalStatus.HET_HAN)},
            status_change=change,
            result={**(place.registry.result(paper.paper_id, Stage.FILING) or {}), "expired_on": day.isoformat()},
        )
        try:
            place.registry.commit(paper, Stage.FILING, outcome)
            show(place, paper.object_id, outcome.properties)
        except (StaleState, ObjectNotFound) as error:
            log.info("paper %s: expiry is noticed later, or nowhere to be shown: %s", paper.paper_id, error.code)
            continue
        yield paper.paper_id
