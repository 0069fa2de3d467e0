"""Checking everything an installation depends on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from connector.app.books import books, database
from connector.app.finding import Finding
from connector.app.journal import yesterday
from connector.app.repository_check_up import check_up_repository
from connector.app.wiring import signer
from connector.domain.errors import PortalError, RegisterError, SohoaError
from connector.mapping.people import load_staff
from connector.registry.connection import Database
from connector.registry.journal import days_without_journal
from connector.registry.notifications import NotificationRegister
from connector.settings import Settings
from ocr_worker.lexicon.dictionary import known_words
from ocr_worker.recognition.recognize import check_models

# by the first word of a subject: which setting to look at
_REMEDIES = {
    "database": "sohoa.toml: database.dsn, or database.directory for the embedded one",
    "key": "sohoa.toml: signing.identities and signing.agency_key; the token, its PIN, or its certificate",
    "timestamp": "sohoa.toml: signing.timestamp_url; the firewall towards it",
    "models": "the Debian packages of apt-packages.txt, in their versions there",
    "users": "sohoa.toml: users; docs/operations.md",
}


def check_up(settings: Settings) -> list[Finding]:
    """One finding for each dependency; a failing one does not keep the others from being asked."""
    checks: list[tuple[str, Callable[[], str]]] = [("database", lambda: _database(settings))]
    checks += list(_key_checks(settings))
    checks += [("timestamp", lambda: signer(settings).check_timestamp()), ("models", _models)]
    checks += [("users", lambda: f"{len(load_staff(settings.users).users)} people")]
    checks += [("journal", lambda: _journal(settings))]
    if settings.notification:
        checks += [("notification", lambda: _notifications(settings))]
    found = [_found(subject, check) for subject, check in checks]
    return [*found[:1], *(each for entry in settings.repositories for each in check_up_repository(entry)), *found[1:]]


def _found(subject: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(subject=subject, ok=True, detail=check())
    except SohoaError as error:
        return Finding(subject=subject, ok=False, detail=str(error), remedy=_REMEDIES.get(subject.split()[0], ""))


def _database(settings: Settings) -> str:
    with books(settings) as opened:
        papers = sum(opened.papers.count_by_state().values())
    return f"{papers} papers, {'embedded' if settings.database.dsn is None else 'own server'}"


def _journal(settings: Settings) -> str:
    """Every day is kept that was over for a day or more. Raises RegisterError."""
    with database(settings) as dsn, Database(dsn) as opened:
        missing = days_without_journal(opened, yesterday() - dt.timedelta(days=1))
    if missing:
        raise RegisterError(f"{len(missing)} days are not kept, from {missing[0]} on: see the log of sohoa watch")
    return "every day that is over is kept"


def _notifications(settings: Settings) -> str:
    """Raises PortalError when some were given up."""
    with database(settings) as dsn, Database(dsn) as opened:
        given_up = NotificationRegister(opened).given_up()
    if given_up:
        raise PortalError(f"{given_up} notifications were given up: sohoa retry --notifications")
    return "none was given up"


def _models() -> str:
    check_models()
    known_words()
    return "the recognition models are the measured ones"


def _key_checks(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    signs = signer(settings)
    for name in settings.signing.identities:
        yield f"key {name}", lambda name=name: signs.check_key(name)  # type: ignore[misc]
    yield "key agency", signs.check_agency_key
