"""The port ``Repository`` over CMIS: logical names in and out."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from connector.cmis.access import AccessControl
from connector.cmis.change_log import ChangeNews
from connector.cmis.changes import ChangeFinder, Found
from connector.cmis.check_in import check_in
from connector.cmis.filing import StoreFiling
from connector.cmis.locking import Lock
from connector.cmis.objects import repository_object
from connector.cmis.retention import RetentionControl
from connector.cmis.self_test import SelfTest, run_self_test
from connector.cmis.service import CmisService, connect
from connector.cmis.session import Endpoint
from connector.cmis.values import SECONDARY_TYPES, read_properties
from connector.cmis.vendors import quirks_of
from connector.domain.errors import NameConflict, ObjectNotFound, RepositoryUnavailable
from connector.domain.metadata import Value
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignedPrefix
from connector.mapping.model import Filing, LockBy
from connector.mapping.translate import Kind
from connector.mapping.translate import Mapping as PropertyMapping

log = logging.getLogger(__name__)

# how long probe documents are waited for: in a database, in a search index
_DATABASE_SECONDS = 3.0
_INDEX_SECONDS = 60.0
_RETEST_SECONDS = 3600.0


class CmisRepository(AccessControl, RetentionControl):
    """One repository, seen through its mapping, as one account."""

    def __init__(self, endpoint: Endpoint, mapping: PropertyMapping, service: CmisService | None = None) -> None:
        self.repository_id = endpoint.repository_id
        self._service = service or connect(endpoint)
        self._mapping = mapping
        self._quirks = quirks_of(self._service.info)
        if endpoint.binding == "atompub":  # whose entries do not say which properties hold several values
            for type_id in self._mapping.named_types():
                self._service.type_definition(type_id)
        self._filing = StoreFiling(self._service, mapping)
        self._lock = Lock(self._service, mapping.file.paper.lock)
        self._self_test: SelfTest | None = None
        self._tested_at = 0.0
        self._finder: ChangeFinder | None = None
        self._news: ChangeNews | None = None

    @property
    def mapping(self) -> PropertyMapping:
        """The mapping it is seen through."""
        return self._mapping

    @property
    def filing(self) -> Filing:
        """How papers get into their owners' stores: what the mapping asks for, or what the server can instead."""
        return self._filing.way

    @property
    def has_store_folders(self) -> bool:
        """Whether papers show in a folder of their owner, there or by a link."""
        return self.filing is not Filing.SEARCH

    @property
    def service(self) -> CmisService:
        """The verbs below, for checks of types and capabilities."""
        return self._service

    def self_test(self) -> SelfTest:
        """What two probe documents showed of this server, before the first query counts.

        Asked once; again every hour where an index did not show them yet.
        """
        late = self._self_test is not None and not self._self_test.true_queries and not self._self_test.lies
        if self._self_test is None or (late and time.monotonic() - self._tested_at > _RETEST_SECONDS):
            self._self_test, self._tested_at = self._probe(), time.monotonic()
            if not self._self_test.true_queries:
                log.warning("repository %s: queries are not believed, folders are listed instead", self.repository_id)
        return self._self_test

    def _probe(self) -> SelfTest:
        return run_self_test(
            self._service,
            folder_id=self.folder_at(self._mapping.file.watched_path).object_id,
            document_type=self._mapping.object_type("paper"),
            patience=_INDEX_SECONDS if self._quirks.index_lag else _DATABASE_SECONDS,
            # by a property it might close the probe for ever
            lock=self._lock if self._mapping.file.paper.lock.by is LockBy.ACL else None,
        )

    def get(self, object_id: str) -> RepositoryObject:
        """The latest version of a document, or a folder."""
        data = self._service.object(object_id)
        if read_properties(data).get("cmis:isLatestVersion") is False:
            data = self._service.object(object_id, latest=True)
        return self._object(data)

    def children(self, folder_id: str) -> Iterator[RepositoryObject]:
        """All children of a folder."""
        return map(self._object, self._service.children(folder_id))

    def child(self, folder_id: str, name: str) -> RepositoryObject | None:
        """The child of this exact name, or None."""
        wanted = unicodedata.normalize("NFC", name)
        if self._quirks.names_are_path_segments:
            return self._child_at_path(folder_id, wanted)
        return next((found for found in self.children(folder_id) if found.name == wanted), None)

    def _child_at_path(self, folder_id: str, name: str) -> RepositoryObject | None:
        folder = read_properties(self._service.object(folder_id))
        try:
            return self._object(self._service.object_at(f"{str(folder['cmis:path']).rstrip('/')}/{name}"))
        except ObjectNotFound:
            return None

    def folder_at(self, path: str) -> RepositoryObject:
        """The folder at a path, made with its parents where it is not there."""
        try:
            return self._object(self._service.object_at(path))
        except ObjectNotFound:
            parent, _, name = path.rstrip("/").rpartition("/")
            above = self.folder_at(parent or "/")
            try:
                return self.create_folder(above.object_id, name)
            except NameConflict:
                return self._object(self._service.object_at(path))

    def changed_since(self, since: dt.datetime | None) -> Iterator[RepositoryObject]:
        """Papers and dossiers below the watched folder changed at or after ``since``, oldest first.

        Working copies, old versions and documents without content are left out: they come again when done.
        """
        watched = self.folder_at(self._mapping.file.watched_path)
        if self._finder is None or self._finder.watched_id != watched.object_id:
            self._finder = ChangeFinder(self._service, self._mapping, self._quirks, watched.object_id)
        seen = self.self_test()
        found = self._finder.by_query(since) if seen.true_queries else self._finder.by_walk(since)
        if seen.change_log and seen.true_queries and since:
            found = self._with_news(found, self._finder)
        return (self._object(data) for data, _ in found)

    def _with_news(self, found: Iterator[Found], finder: ChangeFinder) -> Iterator[Found]:
        """What a query shows, and what the change log has told and the index does not show yet."""
        if self._news is None:
            self._news = ChangeNews(self._service)
        self._news.listen()
        shown = set()
        for each in found:
            shown.add(str(each[1]["cmis:objectId"]))
            yield each
        yield from self._news.not_among(shown, finder)

    def dossier_of(self, paper: RepositoryObject) -> RepositoryObject | None:
        """The dossier folder below the watched one that a document lies in; None for a stray or technical document."""
        for parent in self._service.parents(paper.object_id):
            if self._is_watched_dossier(read_properties(parent)):
                return self._object(parent)
        return None

    def _is_watched_dossier(self, properties: Mapping[str, Any]) -> bool:
        watched, path = self._mapping.file.watched_path.rstrip("/"), str(properties.get("cmis:path", ""))
        return self._mapping.is_dossier(properties) and path.startswith(f"{watched}/")

    def download(self, object_id: str, target: Path) -> SignedPrefix:
        """Stream the content into ``target`` (mode 0600)."""
        digest, length = hashlib.sha256(), 0
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in self._service.content(object_id):
                digest.update(chunk)
                length += len(chunk)
                file.write(chunk)
        return SignedPrefix(length=length, sha256=digest.hexdigest())

    def stream(self, object_id: str) -> Iterator[bytes]:
        """The content in chunks."""
        return self._service.content(object_id)

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        """Write against the change token; the type that carries our properties is added where it is missing."""
        kind: Kind = "dossier" if current.is_folder else "paper"
        written = self._mapping.to_repository(kind, properties, current=current.properties)
        missing = self._missing_secondary_types(kind, current)
        identity = {"objectId": current.object_id}
        if current.change_token:
            identity["changeToken"] = current.change_token
        data = self._service.act("update", identity, properties={**missing, **written})
        return self._object(data)

    def _missing_secondary_types(self, kind: Kind, current: RepositoryObject) -> dict[str, Value]:
        wanted = self._mapping.secondary_type(kind)
        present = current.secondary_types
        return {SECONDARY_TYPES: (*present, wanted)} if wanted and wanted not in present else {}

    def create_folder(
        self, parent_id: str, name: str, *, kind: str = "folder", properties: Mapping[str, Value] | None = None
    ) -> RepositoryObject:
        """A new folder of a kind: "folder", "dossier" or "store"."""
        data = self._create("createFolder", parent_id, self._new_properties(cast(Kind, kind), name, properties or {}))
        return self._object(data)

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
        """A new document; version 1.0 where its type has versions."""
        own_type = self._mapping.object_type(cast(Kind, kind))
        data = self._create(
            "createDocument",
            folder_id,
            self._new_properties(cast(Kind, kind), name, properties or {}),
            content=content,
            content_type=content_type,
            versioning="major" if self._service.is_versionable(own_type) else "none",
        )
        return self._object(data)

    def _new_properties(self, kind: Kind, name: str, properties: Mapping[str, Value]) -> dict[str, Value]:
        secondary = self._mapping.secondary_type(kind)
        return {
            "cmis:objectTypeId": self._mapping.object_type(kind),
            "cmis:name": unicodedata.normalize("NFC", name),
            **({SECONDARY_TYPES: (secondary,)} if secondary else {}),
            **self._mapping.to_repository(kind, properties),
        }

    def _create(
        self,
        action: str,
        parent_id: str,
        properties: dict[str, Value],
        *,
        content: Path | None = None,
        content_type: str = "",
        versioning: str | None = None,
    ) -> Any:
        """A creation whose answer was lost is looked up before anyone repeats it."""
        parameters = {"objectId": parent_id, **({"versioningState": versioning} if versioning else {})}
        try:
            return self._service.act(
                action, parameters, properties=properties, content=content, content_type=content_type
            )
        except RepositoryUnavailable:
            created = self.child(parent_id, str(properties["cmis:name"]))
            length = content.stat().st_size if content else None
            if created is None or (created.created_by, created.content_length) != (self._service.username, length):
                raise
            return self._service.object(created.object_id)

    def check_in(
        self,
        current: RepositoryObject,
        content: Path,
        *,
        comment: str,
    ) -> RepositoryObject:
        """A new major version; a failed check-in leaves no check-out behind."""
        return self._object(check_in(self._service, current, content, comment=comment, quirks=self._quirks))

    def versions(self, object_id: str) -> Sequence[RepositoryObject]:
        """All versions, newest first; a working copy is none yet."""
        found = self._service.versions(object_id)
        return [self._object(data) for data in found if not read_properties(data).get("cmis:isPrivateWorkingCopy")]

    def add_to_folder(self, object_id: str, folder_id: str) -> None:
        """File a document in one more folder; a second time does nothing."""
        self._filing.add(object_id, folder_id)

    def remove_from_folder(self, object_id: str, folder_id: str) -> None:
        """Take a document out of one folder; it stays in the others. A second time does nothing."""
        self._filing.remove(object_id, folder_id)

    def lock(self, object_id: str) -> None:
        """Keep people from editing a stored paper as the mapping says; what the server cannot is logged, once."""
        self._lock.close_where_possible(object_id)

    def _object(self, data: Mapping[str, Any]) -> RepositoryObject:
        return repository_object(data, self._mapping)
