"""What the pipeline and the services need from the world outside; adapters implement these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from connector.domain.capture import CaptureFacts, Doubt
from connector.domain.code import DigitizationCode
from connector.domain.extraction import Extraction
from connector.domain.history import Step
from connector.domain.metadata import Value
from connector.domain.number_order import NumberedPaper
from connector.domain.outcome import Outcome
from connector.domain.paper import Deposit, Dossier, Paper, RepositoryObject
from connector.domain.publication import PublishedPaper
from connector.domain.signatures import SignedPrefix
from connector.domain.states import Stage


class Repository(Protocol):
    """One ECM repository; property names are logical (``document_number``), the mapping renames them.

    Every method may raise RepositoryUnavailable, PermissionDenied, ObjectNotFound; writes also
    ChangeConflict, NameConflict, ConstraintViolation, NotSupported.
    """

    repository_id: str

    def get(self, object_id: str) -> RepositoryObject:
        """The latest version of a document, or a folder."""
        ...

    def children(self, folder_id: str) -> Iterator[RepositoryObject]:
        """All children of a folder, over as many pages as there are."""
        ...

    def child(self, folder_id: str, name: str) -> RepositoryObject | None:
        """The child of this exact name, or None."""
        ...

    def changed_since(self, since: dt.datetime | None) -> Iterator[RepositoryObject]:
        """Papers and dossiers below the watched folder changed at or after ``since`` (server time)."""
        ...

    def dossier_of(self, paper: RepositoryObject) -> RepositoryObject | None:
        """The dossier folder a document lies in; None for a stray or technical document."""
        ...

    def download(self, object_id: str, target: Path) -> SignedPrefix:
        """Stream the content into ``target`` (mode 0600); answers its length and SHA-256."""
        ...

    def stream(self, object_id: str) -> Iterator[bytes]:
        """The content in chunks of at most 256 KiB."""
        ...

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        """Write properties against ``current``'s change token; None empties one."""
        ...

    def create_folder(
        self,
        parent_id: str,
        name: str,
        *,
        kind: str = "folder",
        properties: Mapping[str, Value] | None = None,
    ) -> RepositoryObject:
        """A new folder; ``kind`` is "folder", "dossier" or "store"."""
        ...

    def create_document(
        self,
        folder_id: str,
        name: str,
        content: Path,
        *,
        content_type: str,
        kind: str = "technical",
        properties: Mapping[str, Value] | None = None,
    ) -> RepositoryObject:
        """A new document, version 1.0; ``kind`` is "paper" or "technical"."""
        ...

    def check_in(
        self,
        current: RepositoryObject,
        content: Path,
        *,
        comment: str,
    ) -> RepositoryObject:
        """A new major version with this content; a failed check-in leaves no check-out behind."""
        ...

    def versions(self, object_id: str) -> Sequence[RepositoryObject]:
        """All versions, newest first."""
        ...

    def add_to_folder(self, object_id: str, folder_id: str) -> None:
        """File a document in one more folder; a second time does nothing."""
        ...

    def remove_from_folder(self, object_id: str, folder_id: str) -> None:
        """Take a document out of one folder; it stays in the others. A second time does nothing."""
        ...

    def delete(self, object_id: str) -> None:
        """Take a technical file away, with all its versions; a second time does nothing."""
        ...

    def restrict(self, object_id: str, people: Collection[str], *, may_write: bool) -> None:
        """Leave access to these accounts and groups, and to our own. Raises NotSupported where others keep theirs."""
        ...

    def give_back(self, object_id: str, like: str) -> None:
        """The same access as another object's. Raises NotSupported."""
        ...

    def keep_until(self, object_id: str, day: dt.date) -> bool:
        """Have the repository itself keep a document until the end of a day; False where it has no retention."""
        ...

    def lock(self, object_id: str) -> None:
        """Keep people from editing a stored paper, where the repository can; a second time does nothing."""
        ...


class Registry(Protocol):
    """Claims, stages, codes, dossiers: rows in PostgreSQL, each method one transaction."""

    def claim(self, deposit: Deposit, dossier: Dossier) -> Paper | None:
        """Claim a deposit and queue its first stage; None when it is claimed already."""
        ...

    def paper(self, paper_id: UUID) -> Paper: ...

    def paper_at(self, repository_id: str, version_series_id: str) -> Paper | None: ...

    def papers_of(self, dossier_id: UUID) -> Sequence[Paper]: ...

    def kept_papers(self, repository_id: str, *, at_most: int) -> Sequence[Paper]:
        """Papers of the transition (Art. 15) that nobody has taken up yet, the oldest first."""
        ...

    def stored_by_code(self, code: str) -> Sequence[Paper]:
        """The stored papers whose code this is now."""
        ...

    def numbers_beside(
        self, *, authority: str, type_code: str, notation: str, issue_date: str, without: UUID
    ) -> Sequence[NumberedPaper]:
        """The nearest registered papers of this office, type, notation and year before, on and after a date."""
        ...

    def latest_publication(self, paper_id: UUID) -> PublishedPaper | None:
        """What other systems read of a paper now; None before it was stored."""
        ...

    def ids_of(self, owner_name: str, owner_birth_date: str) -> Sequence[str]:
        """The ids under which papers of a person of this name and birth date are published."""
        ...

    def published_of_owner(self, owner_id: str) -> Sequence[PublishedPaper]:
        """What other systems read of an owner's papers now."""
        ...

    def in_force_with_end(self, repository_id: str) -> Sequence[PublishedPaper]:
        """Published papers in force that say something of how long."""
        ...

    def waiting_papers(self, repository_id: str) -> Sequence[Paper]:
        """The papers in states.WAITS_FOR_PERSON."""
        ...

    def dossier(self, dossier_id: UUID) -> Dossier: ...

    def dossier_at(self, repository_id: str, folder_id: str) -> Dossier | None:
        """The dossier of a folder; None before its first paper was claimed."""
        ...

    def open_dossiers(self, repository_id: str) -> Sequence[Dossier]:
        """Dossiers that hold a paper in a state that is not in states.AT_REST."""
        ...

    def save_dossier(self, dossier: Dossier, *, actor: str) -> Dossier:
        """Keep what a trusted identity said of a dossier: result, approval; audited."""
        ...

    def commit(self, paper: Paper, stage: Stage, outcome: Outcome) -> Paper:
        """State, artifacts, metadata, code, feed entry, audit row and next job, in one transaction.

        Raises StaleState when the paper's revision is not ``paper.revision`` any more.
        """
        ...

    def fail(self, paper: Paper, stage: Stage, *, code: str, sentence: str) -> Paper:
        """Put a paper into LOI, remembering the stage to take up again."""
        ...

    def resume(self, paper: Paper, *, actor: str) -> Paper:
        """Take a paper out of LOI and queue the stage that failed."""
        ...

    def start_over(self, paper: Paper, deposit: Deposit, *, actor: str) -> Paper:
        """A new file was put in the place of the known one: it is taken from the beginning; what is published stays."""
        ...

    def note_put_back(self, paper: Paper, names: Sequence[str], *, changed_by: str) -> None:
        """Audit that displayed properties had been changed in the ECM and were put back."""
        ...

    def enqueue(self, paper: Paper, stage: Stage) -> None:
        """Queue a stage once: a job of this paper and stage that waits already is not doubled."""
        ...

    def history(self, paper_id: UUID) -> Sequence[Step]:
        """Every step of a paper, the oldest first, with who is answerable for it."""
        ...

    def result(self, paper_id: UUID, stage: Stage) -> Mapping[str, object] | None:
        """What the stage's outcome kept as JSON."""
        ...

    def register_code(
        self,
        paper: Paper,
        code: DigitizationCode,
        *,
        authority: str,
        issue_date: str,
        distinct: bool = False,
        siblings: Collection[UUID] = (),
    ) -> str:
        """The paper's code, registered once; the same again for the same paper.

        Raises CodeCollision when another paper of the same authority and issue date holds it, unless a person has
        said that they are ``distinct``, or both are files of one component.
        """
        ...

    def cursor(self, repository_id: str) -> dt.datetime | None: ...

    def move_cursor(self, repository_id: str, seen_until: dt.datetime) -> None: ...


class Reader(Protocol):
    """Pictures and text of a PDF (ocr_worker)."""

    def secrecy_stamp(self, pdf: Path) -> Doubt:
        """Whether a red secrecy stamp (MẬT, TỐI MẬT, TUYỆT MẬT) stands on a page; runs before any signature."""
        ...

    def capture_facts(self, pdf: Path) -> CaptureFacts:
        """What Article 8.2 asks about, measured. Raises UnreadableFile, EncryptedFile, LimitExceeded."""
        ...

    def read(self, pdf: Path) -> Extraction:
        """Propose the Article 9 fields."""
        ...
