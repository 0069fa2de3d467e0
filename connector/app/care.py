"""What has to be looked after every day: stored files, deletions, papers whose time is over."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping

from connector.app.books import books_in, database
from connector.app.wiring import proof, workplaces
from connector.domain.errors import SohoaError
from connector.domain.fixity import CheckedPaper
from connector.domain.metadata import VIETNAM
from connector.domain.restoration import Proof
from connector.pipeline.expiry import expire
from connector.pipeline.fixity import check_due, find_deleted
from connector.pipeline.workplace import Workplace
from connector.registry.connection import Database
from connector.registry.fixity import FixityBook
from connector.settings import Settings

log = logging.getLogger(__name__)

_HOUR = 3  # in Vietnam: after reconciliation, before anybody works


def check_fixity(settings: Settings, *, days: int | None = None) -> Iterator[CheckedPaper]:
    """Today's part of every repository's stored papers, and every stored paper that was deleted."""
    with database(settings) as dsn, Database(dsn) as opened:
        found = books_in(opened, settings)
        book, judge = FixityBook(opened, found.chain), proof(settings)
        for place in workplaces(settings, found.papers).values():
            yield from _checked(place, book, judge, days=days or settings.fixity_days)


def caring(settings: Settings, opened: Database, places: Mapping[str, Workplace]) -> Callable[[], None]:
    """The daily care as a chore: it is done by the first that asks after three in the night, once a day."""
    book = FixityBook(opened, books_in(opened, settings).chain)

    def ask() -> None:
        now = dt.datetime.now(VIETNAM)
        if now.hour >= _HOUR and book.claim_day("care", now.date()):
            care(settings, book, places, now.date())

    return ask


def care(settings: Settings, book: FixityBook, places: Mapping[str, Workplace], day: dt.date) -> None:
    """The duties of one day."""
    judge = proof(settings)
    for name, place in places.items():
        _do(f"{name}: fixity", lambda place=place: _checked(place, book, judge, days=settings.fixity_days))  # type: ignore[misc]
        _do(f"{name}: expiry", lambda place=place: expire(place, day))  # type: ignore[misc]


def _checked(place: Workplace, book: FixityBook, judge: Proof, *, days: int) -> Iterator[CheckedPaper]:
    yield from check_due(place, book, judge, days=days)
    yield from find_deleted(place, book)


def _do(what: str, duty: Callable[[], Iterator[object]]) -> None:
    try:
        log.info("%s: %d papers", what, sum(1 for _ in duty()))
    except SohoaError as error:
        log.warning("%s broke off, it goes on tomorrow: %s", what, error.code)
