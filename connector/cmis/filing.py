"""Filing a document in more than one folder, or what comes nearest to that where a document lies in one alone."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from connector.cmis.service import CmisService, Found
from connector.cmis.values import read_properties
from connector.domain.errors import NameConflict
from connector.mapping.model import Filing
from connector.mapping.translate import Mapping as PropertyMapping

log = logging.getLogger(__name__)

_SHORTCUT = "application/internet-shortcut"


class StoreFiling:
    """How papers get into their owners' folders."""

    def __init__(self, service: CmisService, mapping: PropertyMapping) -> None:
        self._service = service
        self._mapping = mapping
        self.way = self._way()

    def _way(self) -> Filing:
        """What the mapping asks for, or what the server can: a link, else nothing but the search for the owner."""
        store = self._mapping.file.store
        capabilities = self._service.info.get("capabilities") or {}
        if store.filing is not Filing.FOLDER or capabilities.get("capabilityMultifiling") is not False:
            return store.filing
        way = Filing.LINK if store.link_address else Filing.SEARCH
        log.warning("documents lie in one folder only there: store.filing is %s instead of folder", way)
        return way

    def add(self, object_id: str, folder_id: str) -> None:
        """Show a document in one more folder; a second time does nothing."""
        if self.way is Filing.LINK:
            self._add_link(object_id, folder_id)
        elif self.way is Filing.FOLDER and folder_id not in self._parents(object_id):
            arguments = {"objectId": object_id, "folderId": folder_id, "allVersions": "true"}
            self._service.act("addObjectToFolder", arguments)

    def remove(self, object_id: str, folder_id: str) -> None:
        """Take a document out of one folder; it stays in the others. A second time does nothing."""
        if self.way is Filing.LINK:
            _, mark = self._target(object_id)
            for link_id in list(self._links(folder_id, mark)):
                self._service.act("delete", {"objectId": link_id, "allVersions": "true"})
            return
        parents = self._parents(object_id)
        if folder_id in parents and len(parents) > 1:
            self._service.act("removeObjectFromFolder", {"objectId": object_id, "folderId": folder_id})

    def _parents(self, object_id: str) -> list[str]:
        return [str(read_properties(parent)["cmis:objectId"]) for parent in self._service.parents(object_id)]

    def _target(self, object_id: str) -> tuple[Found, str]:
        """A document, and how its links' names end: it may be renamed, its version series stays."""
        found = self._service.object(object_id)
        return found, f"[{hashlib.sha256(_series(found).encode()).hexdigest()[:12]}].url"

    def _links(self, folder_id: str, mark: str) -> Iterator[str]:
        for child in self._service.children(folder_id):
            properties = read_properties(child)
            if str(properties.get("cmis:name", "")).endswith(mark):
                yield str(properties["cmis:objectId"])

    def _add_link(self, object_id: str, folder_id: str) -> None:
        found, mark = self._target(object_id)
        if any(self._links(folder_id, mark)):
            return
        address = str(self._mapping.file.store.link_address).replace("{series_id}", quote(_series(found), safe=""))
        link_type = self._mapping.object_type("technical")
        name = str(read_properties(found).get("cmis:name") or "").rsplit(".", 1)[0]
        with tempfile.TemporaryDirectory(prefix="sohoa-link-") as folder:
            file = Path(folder) / "link"
            file.write_text(f"[InternetShortcut]\r\nURL={address}\r\n", encoding="ascii")
            try:
                self._service.act(
                    "createDocument",
                    {
                        "objectId": folder_id,
                        "versioningState": "major" if self._service.is_versionable(link_type) else "none",
                    },
                    properties={"cmis:objectTypeId": link_type, "cmis:name": f"{name} {mark}".lstrip()},
                    content=file,
                    content_type=_SHORTCUT,
                )
            except NameConflict:  # another worker was faster
                log.info("the link is there already")


def _series(found: Found) -> str:
    properties = read_properties(found)
    return str(properties.get("cmis:versionSeriesId") or properties["cmis:objectId"])
