"""Everything a stage works with."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connector.domain.errors import ContentReplaced
from connector.domain.lists import OrganisationList, ProcedureList, TypeList
from connector.domain.metadata import VIETNAM
from connector.domain.other_stores import OtherStore
from connector.domain.paper import Artifact
from connector.domain.ports import Reader, Registry, Repository
from connector.domain.roles import Staff
from connector.domain.scope import ScopeRules
from connector.domain.signing import Signer


@dataclass(frozen=True, kw_only=True)
class Office:
    """What the administrator says of the agency and its repository."""

    agency_name: str
    authority_basis: str | None = None  # the decision that allows unattended agency signatures
    result_reporters: frozenset[str] = frozenset()  # ECM logins whose dossier results are believed
    capture_accounts: frozenset[str] = frozenset()  # logins of capture software: they may name who scanned
    scope_rules: ScopeRules = field(default_factory=ScopeRules)
    # captures below the technical standard (Art. 8.2.e) are asked at confirmation instead of being sent back
    asks_about_technical_defects: bool = False
    document_type_codes: frozenset[str] = frozenset()  # what the reader can propose; empty: any code is taken
    types: TypeList = field(default_factory=TypeList)  # the office's own list: it wins over what the reader knows
    procedures: ProcedureList = field(default_factory=ProcedureList)
    organisations: OrganisationList = field(default_factory=OrganisationList)
    seals_results: bool = False  # a picture of the seal is configured: own results born digital get it
    transition: bool = False  # Art. 15: papers are scanned, signed and kept; everything else comes later
    technical_folder: str = "_sohoa"
    pages_url: str | None = None  # where papers are shown beside their proposals, if pages are served at all
    store_folder_id: str | None = None
    naming_key: bytes = field(default=b"", repr=False)  # keys the names of owners' store folders


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """The adapters, the office's rules and a folder for temporary files."""

    repository: Repository
    registry: Registry
    reader: Reader
    signer: Signer
    staff: Staff
    office: Office
    folder: Path
    other_stores: tuple[OtherStore, ...] = ()  # asked by KIEM_TRA_KHO beside our own
    now: Callable[[], dt.datetime] = _now

    def today(self) -> dt.date:
        """The day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    @contextmanager
    def desk(self) -> Iterator[Path]:
        """A private folder that is gone afterwards, whatever happened."""
        desk = Path(tempfile.mkdtemp(prefix="paper-", dir=self.folder))
        try:
            yield desk
        finally:
            shutil.rmtree(desk, ignore_errors=True)

    def fetch(self, artifact: Artifact, target: Path) -> Path:
        """Download an artifact; its bytes must be those that were checked in (Art. 8.2.đ)."""
        found = self.repository.download(artifact.object_id, target)
        if found.sha256 != artifact.sha256:
            raise ContentReplaced(f"the stored {artifact.kind} file has changed since check-in")
        return target
