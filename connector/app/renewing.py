"""The daily upkeep of evidence: due papers are queued, due journals renewed beside the earlier ones."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from connector.app.books import first_repository
from connector.app.journal import folder_of_journals
from connector.app.wiring import signer
from connector.pipeline.renewal import AHEAD
from connector.registry.connection import Database
from connector.registry.renewals import RenewalRegister
from connector.settings import Settings

# papers and journals of one round; rounds follow each other every hour
AT_MOST = 200


def renewing(settings: Settings, opened: Database) -> Callable[[], None]:
    """One round, bounded; what is left comes in the next."""
    register = RenewalRegister(opened)

    def renew() -> None:
        lapsing_before = dt.datetime.now(dt.UTC) + AHEAD
        register.queue_due(lapsing_before, at_most=AT_MOST)
        renew_journals(settings, register, lapsing_before)

    return renew


def renew_journals(settings: Settings, register: RenewalRegister, lapsing_before: dt.datetime) -> int:
    """Journals whose evidence lapses before a moment; answers how many were renewed.

    A journal is never written over: the renewed one lies beside it. Raises TimestampUnavailable, SignatureInvalid.
    """
    repository, signs = first_repository(settings), signer(settings)
    folder = repository.folder_at(folder_of_journals(repository))
    leave = set(register.journals_to_leave(lapsing_before))
    due = [each for each in repository.children(folder.object_id) if each.name not in leave][:AT_MOST]
    renewed = 0
    for journal in due:
        with tempfile.TemporaryDirectory(prefix="journal-", dir=settings.work.folder) as desk:
            kept, after = Path(desk) / "journal.xml", Path(desk) / "renewed.xml"
            content = repository.download(journal.object_id, kept)
            if not signs.renew(kept, after, lapsing_before=lapsing_before):
                register.note_journal(journal.name, signs.lapses_at(kept))
                continue
            name = f"{journal.name.partition('.')[0]}.{content.sha256[:12]}.xml"
            if repository.child(folder.object_id, name) is None:
                repository.create_document(folder.object_id, name, after, content_type="application/xml")
            register.note_journal(name, signs.lapses_at(after))
            register.note_journal(journal.name, None)
            renewed += 1
    return renewed
