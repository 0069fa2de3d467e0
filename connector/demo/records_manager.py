"""A person of the records office, played through CMIS alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.domain.errors import ChangeConflict
from connector.domain.metadata import ARTICLE_9_FIELDS, PAPER_PROPERTIES, DossierResult, Value
from connector.domain.paper import RepositoryObject
from connector.domain.ports import Repository
from connector.domain.states import Action, State

_LOGICAL_NAMES = {local: name for name, local in PAPER_PROPERTIES.items()}
_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One file as it is handed in; ``name`` is what people see in the folder."""

    file: Path
    name: str
    properties: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a person sees of one paper: the values that stand there, the proposals as text, what needs eyes."""

    values: Mapping[str, str]
    proposals: tuple[str, ...]
    fields_to_check: tuple[str, ...]  # logical names


class RecordsManager:
    """Someone who works in the ECM with their own login; writes only what people may write."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def deposit(
        self, folder_id: str, name: str, properties: Mapping[str, Value], papers: Sequence[HandedIn]
    ) -> RepositoryObject:
        """A new dossier below a folder, with its papers in it."""
        dossier = self._repository.create_folder(folder_id, name, kind="dossier", properties=properties)
        for paper in papers:
            self._repository.create_document(
                dossier.object_id,
                paper.name,
                paper.file,
                content_type="application/pdf",
                kind="paper",
                properties=paper.properties,
            )
        return dossier

    def papers(self, dossier: RepositoryObject) -> Iterator[RepositoryObject]:
        """The papers of a dossier as they stand now."""
        return (found for found in self._repository.children(dossier.object_id) if not found.is_folder)

    def waiting(self, dossier: RepositoryObject, state: State = State.CHO_XAC_NHAN) -> list[RepositoryObject]:
        """The papers that wait for a person in this state."""
        return [paper for paper in self.papers(dossier) if paper.properties.get("state") == state]

    def reading(self, paper: RepositoryObject) -> Reading:
        """What the paper shows of what was read on it."""
        properties = paper.properties
        return Reading(
            values={name: str(properties[name]) for name in ARTICLE_9_FIELDS if properties.get(name)},
            proposals=_texts(properties.get("proposals")),
            fields_to_check=tuple(_LOGICAL_NAMES[local] for local in _texts(properties.get("fields_to_check"))),
        )

    def confirm(self, paper: RepositoryObject, corrections: Mapping[str, Value]) -> RepositoryObject:
        """Type the corrections and press XAC_NHAN, in one edit: who confirms answers for the values."""
        return self._edit(paper, {**corrections, "action": str(Action.XAC_NHAN)})

    def set_result(
        self, dossier: RepositoryObject, result: DossierResult = DossierResult.THANH_CONG
    ) -> RepositoryObject:
        """Say how the procedure ended (Art. 9.4)."""
        return self._edit(dossier, {"result": str(result)})

    def approve(self, dossier: RepositoryObject) -> RepositoryObject:
        """Press KY_CO_QUAN on the dossier: the văn thư lets the agency sign."""
        return self._edit(dossier, {"action": str(Action.KY_CO_QUAN)})

    def _edit(self, shown: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        """An edit against what stands there; someone else's at the same moment is read again first."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._repository.update(self._repository.get(shown.object_id), properties)
            except ChangeConflict:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(text) for text in value) if isinstance(value, list | tuple) else ()
