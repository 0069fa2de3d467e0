"""The web pages over registers, the ECM as its readers see it, drawing and verifying."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from connector.app.books import books_in, database
from connector.app.connection import endpoint_of_person
from connector.cmis.sidecar_repository import open_cmis
from connector.domain.errors import ConfigurationError, PermissionDenied
from connector.domain.report import Period, Report
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.people import load_staff
from connector.mapping.translate import Mapping as PropertyMapping
from connector.registry.connection import Database
from connector.registry.reports import ReportRegister
from connector.registry.views import ViewBook
from connector.sections import WebSettings
from connector.settings import Settings
from connector.web.application import create_application
from connector.web.backing import Backing, Ecm
from connector.web.server import serve as serve_pages
from connector.web.sign_in import Credentials, SignInNeeded
from ocr_worker.pages.page_view import view_paper
from signing.signer import verify_file
from signing.trust import load_trust

# handwriting can be judged, and a page is still quickly there
_DPI = 150
_VIEW_SECONDS = 30.0


def serve(settings: Settings, stop: threading.Event) -> None:
    """Serve until ``stop``. Raises ConfigurationError without a section [web]."""
    web = _section(settings)
    with database(settings) as dsn, Database(dsn) as opened:
        application = create_application(_backing(settings, web, opened))
        serve_pages(application, host=web.host, port=web.port, stop=stop, certificate=web.certificate, key=web.key)


def report(settings: Settings, period: Period) -> Report:
    """The figures of a period."""
    with database(settings) as dsn, Database(dsn) as opened:
        return ReportRegister(opened).report(period)


def _section(settings: Settings) -> WebSettings:
    if settings.web is None:
        raise ConfigurationError("[web] is missing: give it public_url, the address people open the pages at")
    return settings.web


def _backing(settings: Settings, web: WebSettings, opened: Database) -> Backing:
    folder, found = settings.work.folder, books_in(opened, settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    megabytes = settings.work.reading_megabytes
    return Backing(
        papers=found.papers,
        open_as=_opener(settings),
        note_view=ViewBook(opened, found.chain).note,
        report=ReportRegister(opened).report,
        view_paper=partial(view_paper, dpi=_DPI, seconds=_VIEW_SECONDS, megabytes=megabytes),
        verify=partial(verify_file, trust=load_trust(settings.signing.trust)),
        staff=load_staff(settings.users),
        folder=folder,
        public_url=web.public_url,
    )


def _opener(settings: Settings) -> Callable[[str | None, Credentials], Ecm]:
    """Repositories in the reader's own name; nothing of a sign-in is kept."""
    entries = {entry.id: entry for entry in settings.repositories}
    mappings = {name: PropertyMapping(load_mapping(find_mapping(entry.mapping))) for name, entry in entries.items()}
    first = settings.repositories[0].id

    def open_as(repository_id: str | None, credentials: Credentials) -> Ecm:
        name = repository_id or first
        if name not in entries:
            raise ConfigurationError(f"the paper lies in repository {name}, which is not configured")
        theirs = endpoint_of_person(entries[name], credentials.login, credentials.password)
        try:
            return open_cmis(theirs, mappings[name])
        except PermissionDenied as error:
            raise SignInNeeded from error

    return open_as
