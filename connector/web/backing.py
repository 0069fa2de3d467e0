"""What the pages need from the rest of the product."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from connector.domain.metadata import Value
from connector.domain.page_view import PaperView
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.report import Period, Report
from connector.domain.roles import Staff
from connector.domain.signatures import SignatureReport, SignedPrefix
from connector.domain.states import Stage
from connector.web.sign_in import Credentials


class Papers(Protocol):
    """The register, as far as a page reads it."""

    def paper(self, paper_id: UUID) -> Paper: ...

    def result(self, paper_id: UUID, stage: Stage) -> Mapping[str, Any] | None: ...


class Ecm(Protocol):
    """A repository as one reader sees it."""

    def get(self, object_id: str) -> RepositoryObject: ...

    def download(self, object_id: str, target: Path) -> SignedPrefix: ...

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject: ...


@dataclass(frozen=True, kw_only=True)
class Backing:
    """Registers, the ECM as its readers see it, drawing and verifying.

    ``open_as`` gives a repository (None: the first) in the reader's own name: the ECM decides what they may see and
    write. It asks the ECM anew each time and raises SignInNeeded where it does not know the reader.
    """

    papers: Papers
    open_as: Callable[[str | None, Credentials], Ecm]
    note_view: Callable[[UUID, str], None]
    report: Callable[[Period], Report]
    view_paper: Callable[[Path, Collection[int]], PaperView]
    verify: Callable[[Path], Sequence[SignatureReport]]
    staff: Staff
    folder: Path
    public_url: str
