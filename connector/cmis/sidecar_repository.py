"""The port over a repository whose types have no place for our properties: each paper has a sidecar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from connector.cmis.repository import CmisRepository
from connector.cmis.service import CmisService, connect
from connector.cmis.session import Endpoint
from connector.cmis.sidecar import Sidecar, Sidecars
from connector.cmis.values import read_properties
from connector.domain.errors import ChangeConflict, NotSupported
from connector.domain.metadata import Value
from connector.domain.paper import RepositoryObject
from connector.mapping.carriers import has_no_place
from connector.mapping.translate import Mapping as PropertyMapping


def open_cmis(endpoint: Endpoint, mapping: PropertyMapping) -> CmisRepository:
    """A repository through its mapping, with sidecars where its types have no place for our properties."""
    service = connect(endpoint)
    kind = SidecarRepository if has_no_place(mapping.file, service) else CmisRepository
    return kind(endpoint, mapping, service)


class SidecarRepository(CmisRepository):
    """Properties are read and written in sidecars; who edited a sidecar last is who edited the paper.

    A button in the sidecar of a paper that does not wait for a person is seen by the nightly reconciliation.
    """

    def __init__(self, endpoint: Endpoint, mapping: PropertyMapping, service: CmisService | None = None) -> None:
        super().__init__(endpoint, mapping, service)
        self._sidecars = Sidecars(self._service, mapping, self._quirks)

    def get(self, object_id: str) -> RepositoryObject:
        return self._with_sidecar(super().get(object_id))

    def changed_since(self, since: dt.datetime | None) -> Iterator[RepositoryObject]:
        return map(self._with_sidecar, super().changed_since(since))

    def dossier_of(self, paper: RepositoryObject) -> RepositoryObject | None:
        found = super().dossier_of(paper)
        return found and self._with_sidecar(found)

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        plain, dossier_id, sidecar = self._unchanged(current)
        if dossier_id is None:
            raise NotSupported("properties are kept in dossiers alone there")
        self._sidecars.write(plain, dossier_id, sidecar, properties)
        return self.get(current.object_id)

    def create_folder(
        self, parent_id: str, name: str, *, kind: str = "folder", properties: Mapping[str, Value] | None = None
    ) -> RepositoryObject:
        made = super().create_folder(parent_id, name, kind=kind)
        return self.update(self.get(made.object_id), properties) if properties and kind == "dossier" else made

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
        made = super().create_document(folder_id, name, content, content_type=content_type, kind=kind)
        found = self._with_sidecar(made)
        return self.update(found, properties) if properties and kind == "paper" else found

    def check_in(self, current: RepositoryObject, content: Path, *, comment: str) -> RepositoryObject:
        plain, _, _ = self._unchanged(current)
        return self._with_sidecar(super().check_in(plain, content, comment=comment))

    def restrict(self, object_id: str, people: Collection[str], *, may_write: bool) -> None:
        for each in self._with_its_sidecar(object_id):
            super().restrict(each, people, may_write=may_write)

    def give_back(self, object_id: str, like: str) -> None:
        for each in self._with_its_sidecar(object_id):
            super().give_back(each, like)

    def _with_its_sidecar(self, object_id: str) -> list[str]:
        """What is typed of a paper tells as much as the paper."""
        plain = super().get(object_id)
        dossier_id = self._dossier_id(plain)
        sidecar = self._sidecars.read(plain, dossier_id) if dossier_id else None
        return [object_id, sidecar.document.object_id] if sidecar else [object_id]

    def _unchanged(self, current: RepositoryObject) -> tuple[RepositoryObject, str | None, Sidecar | None]:
        """An object as the repository has it, its dossier and its sidecar, if both are still as they were read."""
        plain = super().get(current.object_id)
        dossier_id = self._dossier_id(plain)
        sidecar = self._sidecars.read(plain, dossier_id) if dossier_id else None
        now = _joined(plain, sidecar) if dossier_id else plain
        if (now.object_id, now.change_token) != (current.object_id, current.change_token):
            raise ChangeConflict("the document or its properties have changed since they were read")
        return plain, dossier_id, sidecar

    def _with_sidecar(self, plain: RepositoryObject) -> RepositoryObject:
        dossier_id = self._dossier_id(plain)
        return _joined(plain, self._sidecars.read(plain, dossier_id)) if dossier_id else plain

    def _dossier_id(self, plain: RepositoryObject) -> str | None:
        """The dossier that holds an object's sidecar; None where there can be none."""
        if plain.is_folder:
            data = self._service.object(plain.object_id)
            return plain.object_id if self._is_watched_dossier(read_properties(data)) else None
        for parent in self._service.parents(plain.object_id):
            properties = read_properties(parent)
            if self._is_watched_dossier(properties):
                return str(properties["cmis:objectId"])
        return None


def _joined(plain: RepositoryObject, sidecar: Sidecar | None) -> RepositoryObject:
    token = f"{plain.change_token or plain.modified_at.isoformat()} {sidecar.change_token if sidecar else ''}"
    if sidecar is None:
        return replace(plain, change_token=token)
    editor = max(plain, sidecar.document, key=lambda each: each.modified_at)
    return replace(
        plain,
        change_token=token,
        modified_at=editor.modified_at,
        modified_by=editor.modified_by,
        properties=sidecar.properties,
    )
