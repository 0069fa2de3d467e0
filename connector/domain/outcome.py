"""What a stage says when it has done its work: the runner shows it in the ECM and commits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from connector.domain.metadata import LegalStatus, Metadata, Value
from connector.domain.paper import Artifact, ArtifactKind
from connector.domain.publication import ChangeKind, PublishedPaper
from connector.domain.signatures import Level
from connector.domain.states import Stage, State


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A paper enters (or changes in) the change feed."""

    kind: ChangeKind
    paper: PublishedPaper


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """A stored paper is withdrawn or replaced: content and signatures stay.

    ``replaced_by`` is the successor's code, ``successor`` its opaque id: the audit chain keeps no codes.
    """

    kind: ChangeKind
    legal_status: LegalStatus
    replaced_by: str | None = None
    successor: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """The evidence of a stored paper was extended or completed: new bytes of the same version."""

    document: Artifact
    signed_metadata: Artifact
    level: Level


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of one stage: committed with the next job in one transaction.

    ``properties`` are shown in the ECM under their logical names; ``result`` is kept as JSON under
    (paper, stage) and holds no secrets; ``object_id`` is the document's id after a check-in.
    """

    state: State
    next_stage: Stage | None = None
    properties: Mapping[str, Value] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    object_id: str | None = None
    metadata: Metadata | None = None
    digitization_code: str | None = None
    component: str | None = None
    publication: Publication | None = None
    status_change: StatusChange | None = None
    renewal: Renewal | None = None
    recode: bool = False  # the code may change: the register keeps the old one, and it goes on answering
    drops: tuple[ArtifactKind, ...] = ()  # files that are not kept any more
    forgets: tuple[Stage, ...] = ()  # stages whose results are about values that do not stand any more
    result: Mapping[str, object] = field(default_factory=dict)
    actor: str = "sohoa"  # who is answerable: an ECM login, or the product itself
