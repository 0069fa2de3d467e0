"""Running one stage: do the work, show it in the ECM, commit it with the next job."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from connector.domain.errors import ObjectNotFound, SignatureAwaited, SohoaError, StaleState
from connector.domain.outcome import Outcome
from connector.domain.paper import Paper
from connector.domain.states import STARTS_FROM, Stage
from connector.pipeline import (
    agency_signature,
    approval,
    capture,
    code,
    extraction,
    filing,
    personal_signature,
    renewal,
    scope,
)
from connector.pipeline.closing import closed, needs_no_work
from connector.pipeline.display import show, show_failure
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

STAGES: Mapping[Stage, Callable[[Paper, Workplace], Outcome | None]] = {
    Stage.SCOPE: scope.judge,
    Stage.CAPTURE: capture.check,
    Stage.PERSONAL_SIGNATURE: personal_signature.sign,
    Stage.EXTRACTION: extraction.propose,
    Stage.CODE: code.assign,
    Stage.APPROVAL: approval.await_approval,
    Stage.AGENCY_SIGNATURE: agency_signature.sign,
    Stage.FILING: filing.file,
    Stage.RENEWAL: renewal.renew,
}


def run_stage(paper_id: UUID, stage: Stage, place: Workplace) -> None:
    """Carry one stage out, at least once: a paper that has moved on is left alone.

    The ECM is shown the outcome before the register commits it, so a crash in between repeats the stage,
    and every stage finds what it did before. Transient errors are raised for the queue to try again; any
    other error waits for a person in LOI.
    """
    paper = place.registry.paper(paper_id)
    if paper.state is not STARTS_FROM[stage]:
        log.info("paper %s: %s is done already", paper_id, stage)
        return
    try:
        dossier = place.registry.dossier(paper.dossier_id)
        outcome = closed(dossier) if needs_no_work(dossier, stage) else STAGES[stage](paper, place)
        if outcome is not None:
            finish(paper, stage, outcome, place)
    except SignatureAwaited as waiting:
        await_signature(paper, stage, waiting, place)
    except StaleState:
        log.info("paper %s: %s was overtaken", paper_id, stage)
    except SohoaError as error:
        if error.transient:
            raise
        fail(paper, stage, error, place)


def finish(paper: Paper, stage: Stage, outcome: Outcome, place: Workplace) -> Paper:
    """Show the outcome and commit it."""
    show(place, outcome.object_id or paper.object_id, outcome.properties, state=outcome.state)
    committed = place.registry.commit(paper, stage, outcome)
    log.info("paper %s: %s -> %s", paper.paper_id, stage, outcome.state)
    return committed


def await_signature(paper: Paper, stage: Stage, waiting: SignatureAwaited, place: Workplace) -> None:
    """Leave a paper in its state and say whose token it waits for: the signature itself queues the stage again."""
    try:
        finish(paper, stage, Outcome(state=paper.state, properties={"error": waiting.vietnamese}), place)
    except StaleState:
        log.info("paper %s: %s was overtaken", paper.paper_id, stage)


def fail(paper: Paper, stage: Stage, error: SohoaError, place: Workplace) -> None:
    """Put the paper into LOI: the register first, so that the button to retry finds what to take up again."""
    place.registry.fail(paper, stage, code=error.code, sentence=error.vietnamese)
    with contextlib.suppress(ObjectNotFound):  # a deleted document shows nothing; the register still tells
        show_failure(place, paper, error.vietnamese)
    log.warning("paper %s: %s failed with %s", paper.paper_id, stage, error.code)
