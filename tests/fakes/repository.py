"""An ECM in memory that keeps the promises of the port; the contract suite holds it to them."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import threading
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from connector.domain.errors import ChangeConflict, NameConflict, NotSupported, ObjectNotFound, PermissionDenied
from connector.domain.labels import DOSSIER_LABELS, MULTI_VALUED, PAPER_LABELS
from connector.domain.metadata import Value
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignedPrefix

_CHUNK = 256 * 1024
_KNOWN = {"paper": set(PAPER_LABELS), "dossier": set(DOSSIER_LABELS), "store": {"owner_id"}}
_CARRIERS = {"paper": ("fake:paper",), "dossier": ("fake:dossier",), "store": ("fake:store",)}


@dataclass
class FakeStore:
    """What all accounts share."""

    watched_path: str = "/Hồ sơ"
    technical_folder: str = "_sohoa"
    objects: dict[str, RepositoryObject] = field(default_factory=dict)  # by id, old versions too
    latest: dict[str, str] = field(default_factory=dict)  # version series -> object id
    parents: dict[str, list[str]] = field(default_factory=dict)  # version series -> folder ids
    contents: dict[str, bytes] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    clock: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    can_lock: bool = False
    kept: dict[str, dt.date] | None = None  # version series -> last day; None: a server without retention
    can_restrict: bool = True
    access: dict[str, frozenset[str]] = field(default_factory=dict)  # version series -> who alone may see it
    locked: set[str] = field(default_factory=set)  # version series

    def tick(self) -> dt.datetime:
        """Server time; every write gets a moment of its own."""
        self.clock += dt.timedelta(milliseconds=1)
        return self.clock

    def path(self, folder_id: str) -> str:
        """A folder's path."""
        above = self.parents.get(folder_id)
        if not above:
            return ""
        return f"{self.path(above[0])}/{self.objects[folder_id].name}"


class FakeRepository:
    """The port, as one login sees it."""

    def __init__(self, store: FakeStore, login: str = "sohoa") -> None:
        self.repository_id = "fake"
        self._store = store
        self._login = login
        with store.lock:
            if "root" not in store.objects:
                store.objects["root"] = self._object("root", "", is_folder=True, kind="folder", properties={})
                store.latest["root"] = "root"

    def get(self, object_id: str) -> RepositoryObject:
        found = self._at(object_id)
        people = self._store.access.get(found.version_series_id)
        if people is not None and self._login not in people and self._login != "sohoa":
            raise PermissionDenied("narrowed")
        return self._store.objects[self._store.latest[found.version_series_id]]

    def children(self, folder_id: str) -> Iterator[RepositoryObject]:
        store = self._store
        with store.lock:
            inside = [series for series, parents in store.parents.items() if folder_id in parents]
            return iter([store.objects[store.latest[series]] for series in inside])

    def child(self, folder_id: str, name: str) -> RepositoryObject | None:
        wanted = unicodedata.normalize("NFC", name)
        return next((found for found in self.children(folder_id) if found.name == wanted), None)

    def folder_at(self, path: str) -> RepositoryObject:
        """The folder at a path, made where it is not there."""
        folder = self.get("root")
        for name in filter(None, path.split("/")):
            folder = self.child(folder.object_id, name) or self.create_folder(folder.object_id, name)
        return folder

    def changed_since(self, since: dt.datetime | None) -> Iterator[RepositoryObject]:
        store = self._store
        with store.lock:
            found = [store.objects[latest] for latest in store.latest.values()]
        wanted = [each for each in found if since is None or each.modified_at >= since]
        return iter(sorted(filter(self._is_watched, wanted), key=lambda each: each.modified_at))

    def _is_watched(self, found: RepositoryObject) -> bool:
        store = self._store
        paths = [store.path(parent) for parent in store.parents.get(found.version_series_id, [])]
        ours = "fake:dossier" in found.secondary_types if found.is_folder else bool(found.content_length)
        below = any(path.startswith(store.watched_path) and not path.endswith(store.technical_folder) for path in paths)
        return ours and below

    def dossier_of(self, paper: RepositoryObject) -> RepositoryObject | None:
        store = self._store
        for parent in store.parents.get(paper.version_series_id, []):
            watched = store.path(parent).startswith(f"{store.watched_path}/")
            if watched and "fake:dossier" in store.objects[parent].secondary_types:
                return store.objects[parent]
        return None

    def download(self, object_id: str, target: Path) -> SignedPrefix:
        content = b"".join(self.stream(object_id))
        target.touch(mode=0o600)
        target.chmod(0o600)
        target.write_bytes(content)
        return SignedPrefix(length=len(content), sha256=hashlib.sha256(content).hexdigest())

    def stream(self, object_id: str) -> Iterator[bytes]:
        content = self._store.contents[self._at(object_id).object_id]
        return (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))

    def update(self, current: RepositoryObject, properties: Mapping[str, Value]) -> RepositoryObject:
        store = self._store
        with store.lock:
            now = self._current(current)
            if now.version_series_id in store.locked and self._login != "sohoa":
                raise PermissionDenied("locked")
            kind = "dossier" if now.is_folder else "paper"
            written = replace(
                now,
                properties={**_empty(kind), **now.properties, **_cleaned(kind, properties)},
                secondary_types=tuple(dict.fromkeys((*now.secondary_types, *_CARRIERS[kind]))),
                **self._touched(),
            )
            store.objects[now.object_id] = written
            return written

    def create_folder(
        self, parent_id: str, name: str, *, kind: str = "folder", properties: Mapping[str, Value] | None = None
    ) -> RepositoryObject:
        return self._create(parent_id, name, is_folder=True, kind=kind, properties=properties or {})

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
        with self._store.lock:
            created = self._create(folder_id, name, is_folder=False, kind=kind, properties=properties or {})
            return self._keep(replace(created, content_type=content_type), content.read_bytes())

    def check_in(
        self,
        current: RepositoryObject,
        content: Path,
        *,
        comment: str,
    ) -> RepositoryObject:
        store = self._store
        with store.lock:
            now = self._current(current)
            if now.type_id != "fake:document":
                raise NotSupported("no versions")
            if now.checked_out:
                raise ChangeConflict("checked out")
            object_id = str(next(store.numbers))
            version = replace(now, object_id=object_id, **self._touched())
            store.latest[now.version_series_id] = object_id
            return self._keep(version, content.read_bytes())

    def versions(self, object_id: str) -> Sequence[RepositoryObject]:
        series = self._at(object_id).version_series_id
        found = [each for each in self._store.objects.values() if each.version_series_id == series]
        return sorted(found, key=lambda each: int(each.object_id), reverse=True)

    def add_to_folder(self, object_id: str, folder_id: str) -> None:
        parents = self._store.parents[self._at(object_id).version_series_id]
        if folder_id not in parents:
            parents.append(self._at(folder_id).object_id)

    def remove_from_folder(self, object_id: str, folder_id: str) -> None:
        parents = self._store.parents[self._at(object_id).version_series_id]
        if folder_id in parents and len(parents) > 1:
            parents.remove(folder_id)

    def delete(self, object_id: str) -> None:
        store = self._store
        with store.lock:
            found = store.objects.get(object_id)
            if found is None:
                return
            series = found.version_series_id
            for each in [key for key, known in store.objects.items() if known.version_series_id == series]:
                del store.objects[each]
                store.contents.pop(each, None)
            del store.latest[series], store.parents[series]

    def restrict(self, object_id: str, people: Collection[str], *, may_write: bool) -> None:
        if not self._store.can_restrict:
            raise NotSupported("no access lists")
        self._store.access[self._at(object_id).version_series_id] = frozenset(people)

    def give_back(self, object_id: str, like: str) -> None:
        if not self._store.can_restrict:
            raise NotSupported("no access lists")
        self._store.access.pop(self._at(object_id).version_series_id, None)

    def keep_until(self, object_id: str, day: dt.date) -> bool:
        if self._store.kept is not None:
            self._store.kept[self._at(object_id).version_series_id] = day
        return self._store.kept is not None

    def lock(self, object_id: str) -> None:
        if self._store.can_lock:
            self._store.locked.add(self._at(object_id).version_series_id)

    def _at(self, object_id: str) -> RepositoryObject:
        try:
            return self._store.objects[object_id]
        except KeyError as error:
            raise ObjectNotFound(object_id) from error

    def _current(self, read: RepositoryObject) -> RepositoryObject:
        now = self.get(read.object_id)
        if (now.object_id, now.change_token) != (read.object_id, read.change_token):
            raise ChangeConflict("changed since it was read")
        return now

    def _touched(self) -> dict[str, dt.datetime | str]:
        moment = self._store.tick()
        return {"modified_at": moment, "modified_by": self._login, "change_token": moment.isoformat()}

    def _create(
        self, parent_id: str, name: str, *, is_folder: bool, kind: str, properties: Mapping[str, Value]
    ) -> RepositoryObject:
        store = self._store
        with store.lock:
            self._at(parent_id)
            if self.child(parent_id, name):
                raise NameConflict("the name is taken")
            object_id = str(next(store.numbers))
            created = self._object(object_id, name, is_folder=is_folder, kind=kind, properties=properties)
            store.objects[object_id] = created
            store.latest[object_id] = object_id
            store.parents[object_id] = [parent_id]
            return created

    def _object(
        self, object_id: str, name: str, *, is_folder: bool, kind: str, properties: Mapping[str, Value]
    ) -> RepositoryObject:
        moment = self._store.tick()
        return RepositoryObject(
            object_id=object_id,
            version_series_id=object_id,
            name=unicodedata.normalize("NFC", name),
            is_folder=is_folder,
            type_id="fake:folder" if is_folder else f"fake:{'document' if kind == 'paper' else 'technical'}",
            change_token=moment.isoformat(),
            created_at=moment,
            created_by=self._login,
            modified_at=moment,
            modified_by=self._login,
            secondary_types=_CARRIERS.get(kind, ()),
            properties={**_empty(kind), **_cleaned(kind, properties)},
        )

    def _keep(self, document: RepositoryObject, content: bytes) -> RepositoryObject:
        kept = replace(document, content_length=len(content))
        self._store.objects[kept.object_id] = kept
        self._store.contents[kept.object_id] = content
        return kept


def _empty(kind: str) -> dict[str, object]:
    return {name: () if name in MULTI_VALUED else None for name in _KNOWN.get(kind, ())}


def _cleaned(kind: str, properties: Mapping[str, Value]) -> dict[str, object]:
    """Values as a server gives them back: no property of another type, whole milliseconds, no empty text."""
    foreign = properties.keys() - _KNOWN.get(kind, set())
    if foreign:
        raise KeyError(f"no {kind} property {', '.join(sorted(foreign))}")
    return {name: _stored(value) for name, value in properties.items()}


def _stored(value: Value) -> Value:
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000).astimezone(dt.UTC)
    if isinstance(value, tuple):
        return tuple(unicodedata.normalize("NFC", each) for each in value)
    return unicodedata.normalize("NFC", value) or None if isinstance(value, str) else value
