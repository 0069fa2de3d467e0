"""Registers and repositories, without reading and signing: what a service that only serves needs."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from connector.app.connection import open_repository
from connector.cmis.repository import CmisRepository
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from connector.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Books:
    """The registers of one open database."""

    papers: PaperRegister
    publications: PublicationRegister
    chain: AuditChain


def _migrate_here(dsn: str) -> None:
    from connector.registry.schema import migrate  # 25 MB that who migrates apart does without

    migrate(dsn)


@contextmanager
def database(settings: Settings, *, migrate: Callable[[str], None] = _migrate_here) -> Iterator[str]:
    """The DSN of a migrated database: the configured server's, or that of the embedded one, run meanwhile."""
    if settings.database.dsn:
        dsn = settings.database.dsn.get_secret_value()
        migrate(dsn)
        yield dsn
        return
    with embedded_postgres(settings.database.directory) as dsn:
        migrate(dsn)
        yield dsn


@contextmanager
def books(settings: Settings) -> Iterator[Books]:
    """The registers, for as long as they are needed."""
    with database(settings) as dsn, Database(dsn) as opened:
        yield books_in(opened, settings)


def books_in(opened: Database, settings: Settings) -> Books:
    """The registers of a database that is open already."""
    chain = AuditChain(opened, derived_key(settings, "audit"))
    return Books(papers=PaperRegister(opened, chain), publications=PublicationRegister(opened, chain), chain=chain)


def derived_key(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose, so that hashes of one cannot be compared with those of another."""
    return hmac.digest(settings.hash_key.get_secret_value().encode(), purpose.encode(), "sha256")


def first_repository(settings: Settings) -> CmisRepository:
    """The one that keeps what belongs to the whole installation. Raises ConfigurationError, RepositoryUnavailable."""
    return open_repository(settings.repositories[0])


def repositories(settings: Settings) -> Mapping[str, CmisRepository]:
    """Every configured repository, connected. Raises ConfigurationError, RepositoryUnavailable."""
    return {entry.id: open_repository(entry) for entry in settings.repositories}
