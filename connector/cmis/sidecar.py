"""Our properties in a JSON document beside the paper, for repositories whose types have no place for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.cmis.check_in import check_in
from connector.cmis.objects import repository_object
from connector.cmis.service import CmisService, Found
from connector.cmis.values import normal, read_properties
from connector.cmis.vendors import Quirks
from connector.domain.errors import ChangeConflict, NameConflict, ObjectNotFound
from connector.domain.labels import MULTI_VALUED, value_kind
from connector.domain.metadata import Value
from connector.domain.paper import RepositoryObject
from connector.mapping.translate import Kind
from connector.mapping.translate import Mapping as PropertyMapping

log = logging.getLogger(__name__)

_LONGEST = 1 << 20  # bytes; ours have some thousand
_TYPE = "application/json"


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """The document, and our properties in it under their logical names."""

    document: RepositoryObject
    properties: Mapping[str, object]

    @property
    def change_token(self) -> str:
        """What tells one state of it from the next."""
        return f"{self.document.object_id} {self.document.change_token or self.document.modified_at.isoformat()}"


class Sidecars:
    """Finds, reads and writes them: they lie in the dossier's folder of technical files."""

    def __init__(self, service: CmisService, mapping: PropertyMapping, quirks: Quirks) -> None:
        self._service = service
        self._mapping = mapping
        self._quirks = quirks
        self._known: dict[str, str] = {}  # version series of the paper, or dossier -> object id of the sidecar
        self._folders: dict[str, str] = {}  # dossier -> folder of technical files

    def read(self, owner: RepositoryObject, dossier_id: str) -> Sidecar | None:
        """The sidecar of a paper, or of a dossier itself; None where there is none yet."""
        data = self._find(owner, dossier_id)
        if data is None:
            return None
        document = repository_object(data, self._mapping)
        self._known[owner.version_series_id] = document.object_id
        return Sidecar(document=document, properties=self._parsed(document, _kind(owner)))

    def write(
        self, owner: RepositoryObject, dossier_id: str, before: Sidecar | None, properties: Mapping[str, Value]
    ) -> None:
        """Write what changes, against the state that was read. Raises ChangeConflict."""
        kind = _kind(owner)
        old = before.properties if before else {}
        written = self._mapping.to_repository(kind, properties, current=old)
        kept = {name: value for name, value in old.items() if self._mapping.property_id(kind, name) not in written}
        text = json.dumps(
            {**self._as_written(kind, kept), **{name: _plain(value) for name, value in written.items()}},
            ensure_ascii=False,
            indent=2,
        )
        with tempfile.TemporaryDirectory(prefix="sohoa-sidecar-") as folder:
            file = Path(folder) / "sidecar"
            file.write_text(normal(text), encoding="utf-8")
            self._known[owner.version_series_id] = (
                self._replace(before.document, file) if before else self._create(owner, dossier_id, file)
            )

    def _as_written(self, kind: Kind, kept: Mapping[str, object]) -> dict[str, object]:
        """Every property of a kind, so that people see what there is to fill in."""
        entries = self._mapping.file.paper.properties if kind == "paper" else self._mapping.file.dossier.properties
        everything: dict[str, Any] = {name: kept.get(name) for name in entries}
        forced = {entries[name].property: _plain(value) for name, value in everything.items() if value in (None, ())}
        told = self._mapping.outward(kind, {name: value for name, value in everything.items() if value is not None})
        return {**forced, **{name: _plain(value) for name, value in told.items()}}

    def _find(self, owner: RepositoryObject, dossier_id: str) -> Found | None:
        known = self._known.get(owner.version_series_id)
        if known:
            try:
                return self._latest(known)
            except ObjectNotFound:
                del self._known[owner.version_series_id]
        mark = _mark(owner)
        for child in self._technical_files(dossier_id):
            if str(read_properties(child).get("cmis:name", "")).endswith(mark):
                return self._latest(str(read_properties(child)["cmis:objectId"]))
        return None

    def _technical_files(self, dossier_id: str) -> Sequence[Found]:
        folder = self._technical_folder(dossier_id)
        try:
            return list(self._service.children(folder)) if folder else []
        except ObjectNotFound:  # somebody has deleted the folder: it is made anew
            self._folders.pop(dossier_id, None)
            return []

    def _latest(self, object_id: str) -> Found:
        found = self._service.object(object_id)
        if read_properties(found).get("cmis:isLatestVersion") is False:
            return self._service.object(object_id, latest=True)
        return found

    def _technical_folder(self, dossier_id: str) -> str | None:
        if dossier_id not in self._folders:
            for child in self._service.children(dossier_id):
                properties = read_properties(child)
                if properties.get("cmis:name") == self._mapping.file.technical_folder:
                    self._folders[dossier_id] = str(properties["cmis:objectId"])
        return self._folders.get(dossier_id)

    def _parsed(self, document: RepositoryObject, kind: Kind) -> Mapping[str, object]:
        """What stands in it; what a person has broken is as good as empty, and is written again."""
        try:
            if (document.content_length or 0) > _LONGEST:
                raise ValueError("too long")
            told = json.loads(b"".join(self._service.content(document.object_id)))
            told = told if isinstance(told, dict) else {}
        except ValueError:
            log.warning("the document of properties %s is no JSON any more", document.object_id)
            told = {}
        entries = self._mapping.file.paper.properties if kind == "paper" else self._mapping.file.dossier.properties
        joined = {name for name, entry in entries.items() if entry.separator}
        raw = {entry.property: _typed(name, told.get(entry.property), joined) for name, entry in entries.items()}
        return self._mapping.to_logical(kind, raw)

    def _create(self, owner: RepositoryObject, dossier_id: str, file: Path) -> str:
        folder = self._technical_folder(dossier_id) or self._make_technical_folder(dossier_id)
        kind = self._mapping.object_type("technical")
        name = f"{owner.name.rsplit('.', 1)[0]} {_mark(owner)}"
        state = "major" if self._service.is_versionable(kind) else "none"
        try:
            made = self._service.act(
                "createDocument",
                {"objectId": folder, "versioningState": state},
                properties={"cmis:objectTypeId": kind, "cmis:name": name},
                content=file,
                content_type=_TYPE,
            )
        except NameConflict as error:
            raise ChangeConflict("somebody else has just written the properties") from error
        return str(read_properties(made)["cmis:objectId"])

    def _make_technical_folder(self, dossier_id: str) -> str:
        name = self._mapping.file.technical_folder
        properties = {"cmis:objectTypeId": "cmis:folder", "cmis:name": name}
        try:
            made = self._service.act("createFolder", {"objectId": dossier_id}, properties=properties)
        except NameConflict:
            return self._technical_folder(dossier_id) or ""
        return str(read_properties(made)["cmis:objectId"])

    def _replace(self, document: RepositoryObject, file: Path) -> str:
        if self._service.is_versionable(document.type_id):
            made = check_in(self._service, document, file, comment="sohoa", quirks=self._quirks)
            return str(read_properties(made)["cmis:objectId"])
        identity = {"objectId": document.object_id, "overwriteFlag": "true"}
        if document.change_token:
            identity["changeToken"] = document.change_token
        self._service.act("setContent", identity, content=file, content_type=_TYPE)
        return document.object_id


def _kind(owner: RepositoryObject) -> Kind:
    return "dossier" if owner.is_folder else "paper"


def _mark(owner: RepositoryObject) -> str:
    """How its name ends: the paper may be renamed, its version series stays."""
    return f"[{hashlib.sha256(owner.version_series_id.encode()).hexdigest()[:12]}].json"


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return list(value) if isinstance(value, tuple) else (value or None if isinstance(value, str) else value)


def _typed(name: str, value: object, joined: set[str]) -> object:
    """A JSON value as a repository would give it; one of another kind counts as none."""
    kind = value_kind(name)
    if name in MULTI_VALUED and name not in joined:
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
    if kind == "datetime" and isinstance(value, str):
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    wanted = {"boolean": bool, "integer": int, "string": str}.get(kind, type(None))
    return value if isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool)) else None
