"""The SOAP service over registers, repositories and signatures."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from connector.app.books import Books, books_in, database, repositories
from connector.cmis.repository import CmisRepository
from connector.domain.errors import ConfigurationError
from connector.domain.publication import PublishedPaper
from connector.domain.signatures import SignatureReport
from connector.registry.allowances import CallAllowances
from connector.registry.connection import Database
from connector.registry.migration_process import migrate_apart
from connector.registry.results import ResultRegister
from connector.registry.seen_messages import SeenMessages
from connector.sections import ClientSettings
from connector.settings import Settings
from connector.soap.operations import Backing
from connector.soap.security import Client
from connector.soap.server import Application, create_application
from connector.soap.server import serve as serve_application

_CONNECTIONS = 16


def serve(settings: Settings, stop: threading.Event) -> None:
    """Serve until ``stop``; running answers are finished first."""
    with database(settings, migrate=migrate_apart) as dsn, Database(dsn, size=_CONNECTIONS) as opened:
        application = _application(settings, opened)
        serve_application(
            application,
            host=settings.soap.host,
            port=settings.soap.port,
            stop=stop,
            metrics_port=settings.soap.metrics_port,
            socket=settings.soap.socket,
            certificate=settings.soap.certificate,
            key=settings.soap.key,
        )


def _application(settings: Settings, opened: Database) -> Application:
    found = books_in(opened, settings)
    known = repositories(settings)
    backing = Backing(
        papers=found.publications,
        verify_signatures=_verifier(known, settings.signing.trust, settings.work.folder),
        report_result=ResultRegister(opened, found.chain).report,
    )
    return create_application(
        backing,
        clients=[_client(entry) for entry in settings.soap.clients],
        read_content=lambda repository_id, object_id: known[repository_id].stream(object_id),
        keyed_hash=found.chain.keyed_hash,
        public_url=settings.soap.public_url,
        dependencies=_dependencies(found, known),
        first_time=SeenMessages(opened).first_time,
        take_calls=CallAllowances(opened).take,
        trusts_proxy=settings.soap.trusts_proxy,
    )


def _client(entry: ClientSettings) -> Client:
    return Client(
        name=entry.name,
        password_hash=entry.password_hash.get_secret_value() if entry.password_hash else None,
        certificates=frozenset(entry.certificates),
        shared_secret=entry.shared_secret.get_secret_value() if entry.shared_secret else None,
        may_report_results=entry.may_report_results,
        operations=_listed(entry.operations),
        document_types=_listed(entry.document_types),
        owners=_listed(entry.owners),
        hidden_fields=frozenset(entry.hidden_fields),
        calls_per_minute=entry.calls_per_minute,
    )


def _listed(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _verifier(
    known: Mapping[str, CmisRepository], roots: Sequence[Path], folder: Path
) -> Callable[[PublishedPaper], Sequence[SignatureReport]]:
    """Verify a stored paper from a private copy that is gone afterwards. Raises ConfigurationError for absent roots."""
    for root in roots:
        if not root.is_file():
            raise ConfigurationError(f"signing.trust: {root} does not exist.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def verify(paper: PublishedPaper) -> Sequence[SignatureReport]:
        # 60 MB that a service nobody asks to verify does without
        from signing.signer import verify_file
        from signing.trust import load_trust

        with tempfile.TemporaryDirectory(prefix="verify-", dir=folder) as desk:
            copy = Path(desk) / "paper.pdf"
            known[paper.repository_id].download(paper.document.object_id, copy)
            return verify_file(copy, load_trust(roots))

    return verify


def _dependencies(found: Books, known: Mapping[str, CmisRepository]) -> Mapping[str, Callable[[], object]]:
    # one row by its index: whoever asks often must not make the database count
    checks: dict[str, Callable[[], object]] = {"database": lambda: found.publications.state_of(None, "-")}
    for name, repository in known.items():
        checks[f"repository-{name}"] = partial(repository.folder_at, repository.mapping.file.watched_path)
    return checks
