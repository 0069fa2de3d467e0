"""The overlap query: what changed since the server's time of the last sweep."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass, field

from connector.domain.errors import SohoaError
from connector.domain.paper import Paper, RepositoryObject
from connector.pipeline.copies import altered_copies
from connector.pipeline.dossiers import welcome
from connector.pipeline.workplace import Workplace
from connector.watch.intake import take_in
from connector.watch.settling import Settling

log = logging.getLogger(__name__)

# A document that somebody keeps checked out, or that cannot be taken in, is waited for this long; reconciliation
# finds it later. Without an end the sweeps would read more and more again.
_LONGEST_HOLD = dt.timedelta(hours=1)
# a date further ahead than clocks go is wrong, and must not carry the cursor over what comes
_FUTURE = dt.timedelta(hours=1)


_Change = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class SweepRules:
    """How careful a sweep is; an index may lag by minutes, so the overlap is generous where one is used."""

    overlap: dt.timedelta = dt.timedelta(seconds=10)
    settle: dt.timedelta = dt.timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many deposits were taken in, and which claimed papers show a button or an altered copy."""

    taken: int
    striking: tuple[Paper, ...] = ()


class Sweeper:
    """Sweeps one repository, round after round."""

    def __init__(self, place: Workplace, rules: SweepRules) -> None:
        self._place = place
        self._rules = rules
        self._settling = Settling(rules.settle)
        self._troubled: set[str] = set()
        # The overlap shows the same changes again and again, and asking each time what they are would be dear.
        self._dealt_with: set[_Change] = set()

    def sweep(self) -> Swept:
        """Take in every settled deposit changed since the cursor.

        The cursor follows the server's clock, moves after the claims are committed, and stays for a while before a
        document that was not settled yet.
        """
        registry, repository = self._place.registry, self._place.repository
        cursor = registry.cursor(repository.repository_id)
        batch = _Batch()
        for document in repository.changed_since(cursor - self._rules.overlap if cursor else None):
            batch.seen.append(document.modified_at)
            if _change(document) in self._dealt_with:
                batch.deal_with(document)
            elif document.is_folder:
                self._welcome(document, batch)
            else:
                self._meet(document, batch)
        now = self._place.now()
        if seen_until := batch.seen_until(latest=now + _FUTURE):
            registry.move_cursor(repository.repository_id, seen_until)
        self._settling.forget(now - _LONGEST_HOLD)
        self._dealt_with = batch.dealt_with
        return batch.swept()

    def reconcile(self, stop: threading.Event) -> Swept:
        """Meet every document there is, whatever the cursor says; ends early, and without harm, at ``stop``."""
        batch = _Batch()
        for document in self._place.repository.changed_since(None):
            if stop.is_set():
                break
            if not document.is_folder:
                self._meet(document, batch)
        log.info("%s: reconciled, %d taken in", self._place.repository.repository_id, batch.taken)
        return batch.swept()

    def _meet(self, document: RepositoryObject, batch: _Batch) -> None:
        """One document's trouble must not hide the others."""
        place = self._place
        paper = place.registry.paper_at(place.repository.repository_id, document.version_series_id)
        if paper is not None:
            if document.properties.get("action") or altered_copies(paper, document):
                batch.striking.append(paper)
            else:
                batch.deal_with(document)
        elif not self._settling.is_settled(document, now=place.now()):
            batch.waiting.append(document.modified_at)
        else:
            self._take_in(document, batch)

    def _welcome(self, folder: RepositoryObject, batch: _Batch) -> None:
        properties = folder.properties
        if properties.get("action") or (properties.get("dossier_owner") and not properties.get("reuse_notice")):
            try:
                # a query may lag behind; who pressed what is asked of the folder itself
                welcome(self._place.repository.get(folder.object_id), self._place)
            except SohoaError as error:
                if error.transient:
                    raise
                log.warning("a dossier could not be looked at: %s", error.code)
        batch.deal_with(folder)

    def _take_in(self, document: RepositoryObject, batch: _Batch) -> None:
        try:
            taken = take_in(document, self._place) is not None
            batch.taken += taken
            self._troubled.discard(document.object_id)
            if not taken:
                batch.deal_with(document)
        except SohoaError as error:
            if error.transient:
                raise
            batch.waiting.append(document.modified_at)
            if document.object_id not in self._troubled:
                self._troubled.add(document.object_id)
                log.warning("a deposit could not be taken in: %s", error.code)


def _change(document: RepositoryObject) -> _Change | None:
    """What tells one change of a document from the next; None where two in one second would look the same."""
    if not document.change_token and not document.modified_at.microsecond:
        return None
    return document.object_id, f"{document.change_token} {document.modified_at.isoformat()}"


@dataclass
class _Batch:
    """What one sweep met."""

    taken: int = 0
    striking: list[Paper] = field(default_factory=list)
    seen: list[dt.datetime] = field(default_factory=list)
    waiting: list[dt.datetime] = field(default_factory=list)
    dealt_with: set[_Change] = field(default_factory=set)

    def deal_with(self, document: RepositoryObject) -> None:
        """Nothing more is to be done about this change of a document."""
        if change := _change(document):
            self.dealt_with.add(change)

    def seen_until(self, *, latest: dt.datetime) -> dt.datetime | None:
        """Where the cursor goes; None where nothing was met."""
        reached = max((moment for moment in self.seen if moment <= latest), default=None)
        if reached is None:
            return None
        return min([reached, *(moment for moment in self.waiting if moment >= reached - _LONGEST_HOLD)])

    def swept(self) -> Swept:
        return Swept(taken=self.taken, striking=tuple(self.striking))
