"""The signed journal of a day in the repository, and the chain compared with it."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from connector.app.books import books_in, database, first_repository
from connector.app.wiring import signer
from connector.cmis.repository import CmisRepository
from connector.domain.errors import InvalidFieldValue, SignatureInvalid
from connector.domain.metadata import VIETNAM
from connector.registry.connection import Database
from connector.registry.journal import days_without_journal, journal_of, keeping_journals, remember_journal
from connector.settings import Settings
from signing.journal_xml import read_anchor
from signing.signer import verify_file
from signing.trust import load_trust
from signing.verify import all_good
from signing.verify_xml import parse

_FOLDER = "nhat-ky"


def yesterday() -> dt.date:
    """The last day that is over in Vietnam."""
    return dt.datetime.now(VIETNAM).date() - dt.timedelta(days=1)


def keep_journal(settings: Settings, day: dt.date) -> str:
    """Sign a day's journal and keep it in the first repository; answers its name, also when it is there already.

    It lies in ``_sohoa/nhat-ky`` below the watched folder, where nothing is watched or counted. Raises
    InvalidFieldValue for a day that is not over.
    """
    if day > yesterday():
        raise InvalidFieldValue("the day is not over yet")
    with database(settings) as dsn, Database(dsn) as opened:
        return _keep(settings, opened, day)


def keep_missing_journals(settings: Settings, opened: Database) -> Sequence[str]:
    """Every day that is over and whose journal is not kept yet, the oldest first; answers their names."""
    return [_keep(settings, opened, day) for day in days_without_journal(opened, yesterday())]


def _keep(settings: Settings, opened: Database, day: dt.date) -> str:
    name = f"nhat-ky-{day.isoformat()}.xml"
    with keeping_journals(opened):
        repository = first_repository(settings)
        folder = repository.folder_at(folder_of_journals(repository))
        if repository.child(folder.object_id, name) is None:
            with tempfile.TemporaryDirectory(prefix="journal-", dir=_desk(settings)) as desk:
                signed = Path(desk) / name
                signer(settings).sign_journal(journal_of(opened, day), signed)
                repository.create_document(folder.object_id, name, signed, content_type="application/xml")
        remember_journal(opened, day)
    return name


def place_of_journals(settings: Settings) -> str:
    """The path of their folder in the first repository."""
    return folder_of_journals(first_repository(settings))


def compare_with_journal(settings: Settings, file: Path) -> str | None:
    """The first place where the chain is broken or is not the one this journal was written of.

    Raises SignatureInvalid for a journal without a trusted signature of the agency, InvalidFieldValue for another file.
    """
    reports = verify_file(file, load_trust(settings.signing.trust))
    if not reports or not all_good(reports):
        raise SignatureInvalid("the journal's signature does not hold")
    anchor = read_anchor(parse(file))
    with database(settings) as dsn, Database(dsn) as opened:
        return books_in(opened, settings).chain.finding(anchor=anchor)


def folder_of_journals(repository: CmisRepository) -> str:
    """Where a repository keeps them: below the watched folder, among the technical files."""
    file = repository.mapping.file
    return f"{file.watched_path.rstrip('/')}/{file.technical_folder}/{_FOLDER}"


def _desk(settings: Settings) -> Path:
    settings.work.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.work.folder
