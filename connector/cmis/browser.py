"""The verbs of the browser binding that the repository is built from."""

from __future__ import annotations

import json
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
from requests_toolbelt.multipart.encoder import MultipartEncoder

from connector.cmis.locking import Right
from connector.cmis.session import CHUNK, PAGE, Endpoint, SafeClient
from connector.cmis.values import form_fields, read_properties
from connector.domain.errors import ObjectNotFound, RepositoryUnavailable
from connector.domain.metadata import Value

_TEXT = "text/plain; charset=utf-8"
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


class BrowserService:
    """One repository over the browser binding (CMIS 1.1, 5)."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client = SafeClient(endpoint)
        repository = self._client.open_repository(endpoint.repository_id)
        self.repository_url: str = repository.getRepositoryUrl()
        self.root_url: str = repository.getRootFolderUrl()
        self.info: Mapping[str, Any] = repository.data  # cmislib's own reading fails where optional keys are absent
        self.username = endpoint.username
        self._types: dict[str, Mapping[str, Any]] = {}

    def object(self, object_id: str, *, latest: bool = False) -> Mapping[str, Any]:
        """An object with its properties; ``latest``: the latest version of its series."""
        version = {"returnVersion": "latest"} if latest else {}
        answer: Mapping[str, Any] = self._get(self.root_url, cmisselector="object", objectId=object_id, **version)
        return answer

    def object_at(self, path: str) -> Mapping[str, Any]:
        """The object at a path."""
        quoted = urllib.parse.quote(unicodedata.normalize("NFC", path))
        answer: Mapping[str, Any] = self._get(f"{self.root_url}{quoted}", cmisselector="object")
        return answer

    def children(self, folder_id: str) -> Iterator[Mapping[str, Any]]:
        """All children, page by page until the server says that there are no more."""
        yield from self._pages("objects", cmisselector="children", objectId=folder_id)

    def query(self, statement: str) -> Iterator[Mapping[str, Any]]:
        """All rows of a query whose answer stands still meanwhile."""
        skip, more = 0, True
        while more:
            rows, more = self.query_page(statement, skip=skip)
            skip += len(rows)
            yield from rows

    def query_page(self, statement: str, *, skip: int = 0) -> tuple[Sequence[Mapping[str, Any]], bool]:
        """One page of rows, and whether there are more."""
        page = self._get(self.repository_url, cmisselector="query", q=statement, maxItems=PAGE, skipCount=skip)
        rows = page.get("results", [])
        return rows, bool(rows and page.get("hasMoreItems"))

    def latest_change_token(self) -> str | None:
        """Where the change log ends now; None where there is none."""
        answer = self._get(self.repository_url, cmisselector="repositoryInfo")
        information: Mapping[str, Any] = next(iter(answer.values()), {})
        token = information.get("latestChangeLogToken")
        return str(token) if token is not None else None

    def change_page(self, token: str | None) -> tuple[Sequence[str], str | None, bool]:
        """The objects of one page of change events, the next token, and whether there are more."""
        since = {"changeLogToken": token} if token is not None else {}
        page = self._get(self.repository_url, cmisselector="contentChanges", maxItems=PAGE, **since)
        events = [read_properties(event.get("object") or event) for event in page.get("objects") or ()]
        ids = [str(event["cmis:objectId"]) for event in events if event.get("cmis:objectId")]
        next_token = page.get("changeLogToken")
        return ids, None if next_token is None else str(next_token), bool(page.get("hasMoreItems"))

    def _pages(self, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        skip = 0
        while True:
            page = self._get(self.root_url, maxItems=PAGE, skipCount=skip, **parameters)
            items = page.get(key, [])
            for item in items:
                yield item["object"]
            skip += len(items)
            if not items or not page.get("hasMoreItems"):
                return

    def parents(self, object_id: str) -> Iterable[Mapping[str, Any]]:
        """The folders an object is filed in."""
        return [item["object"] for item in self._get(self.root_url, cmisselector="parents", objectId=object_id)]

    def versions(self, object_id: str) -> Sequence[Mapping[str, Any]]:
        """All versions, newest first."""
        answer: Sequence[Mapping[str, Any]] = self._get(self.root_url, cmisselector="versions", objectId=object_id)
        return answer

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        """A type's definition, kept for the life of this service; None where there is no such type."""
        if type_id not in self._types:
            try:
                self._types[type_id] = self._get(self.repository_url, cmisselector="typeDefinition", typeId=type_id)
            except ObjectNotFound:
                return None
        return self._types[type_id]

    def is_versionable(self, type_id: str) -> bool:
        """Whether documents of a type have versions."""
        return bool((self.type_definition(type_id) or {}).get("versionable"))

    def query_name(self, type_id: str) -> str:
        """The name of a type in queries."""
        return str((self.type_definition(type_id) or {}).get("queryName") or type_id)

    def create_type(self, definition: Mapping[str, Any]) -> None:
        """A new type (CMIS 1.1, 2.2.2.5); asked for by an administrator, so that no answer is looked up twice."""
        fields = [("cmisaction", "createType"), ("_charset_", "UTF-8"), ("type", json.dumps(definition))]
        payload = urllib.parse.urlencode(fields)
        self._client.binding.post(self.repository_url, self._client.session, payload, _FORM)
        self._types.pop(str(definition["id"]), None)

    def act(
        self,
        action: str,
        parameters: Mapping[str, str],
        *,
        properties: Mapping[str, Value] | None = None,
        content: Path | None = None,
        content_type: str = "application/pdf",
    ) -> Any:
        """POST an action; the file is streamed, never held."""
        fields = [("cmisaction", action), ("_charset_", "UTF-8"), *parameters.items(), *form_fields(properties or {})]
        if content is None:
            return self._client.binding.post(self.root_url, self._client.session, urllib.parse.urlencode(fields), _FORM)
        with content.open("rb") as file:
            # every part says its charset, or servers read Latin-1; the file name stays ASCII all the same
            parts = [(name, (None, value, _TEXT)) for name, value in fields]
            return self._post(MultipartEncoder(fields=[*parts, ("content", ("content", file, content_type))]))

    def _post(self, encoder: MultipartEncoder) -> Any:
        return self._client.binding.post(self.root_url, self._client.session, encoder, encoder.content_type)

    def content(self, object_id: str) -> Iterator[bytes]:
        """The content of one version in chunks; a line cut in the middle is an error, not the end."""
        response = self._client.binding.stream(
            self.root_url, self._client.session, cmisselector="content", objectId=object_id
        )
        with response:
            try:
                yield from response.iter_content(CHUNK)
            except (requests.RequestException, OSError) as error:
                raise RepositoryUnavailable(type(error).__name__) from error

    def rights(self, object_id: str) -> Sequence[Right]:
        """Who may do what to an object."""
        answer = self._get(self.root_url, cmisselector="acl", objectId=object_id, onlyBasicPermissions="true")
        return [
            Right(
                principal=str((ace.get("principal") or {}).get("principalId")),
                permissions=frozenset(map(str, ace.get("permissions") or ())),
                direct=ace.get("isDirect") is not False,
            )
            for ace in answer.get("aces") or ()
        ]

    def set_rights(self, object_id: str, before: Sequence[Right], after: Sequence[Right]) -> None:
        """Say anew who may do what; what an object inherits is not ours to take."""
        taken = [right for right in before if right.direct and right not in after]
        given = [right for right in after if right not in before]
        self.act("applyACL", {"objectId": object_id, **_aces("remove", taken), **_aces("add", given)})
        # some servers take away last, and with it what was just given to the same account
        if lost := [right for right in given if right not in self.rights(object_id)]:
            self.act("applyACL", {"objectId": object_id, **_aces("add", lost)})

    def _get(self, url: str, **parameters: Any) -> Any:
        return self._client.binding.get(url, self._client.session, **parameters)


def _aces(verb: str, rights: Sequence[Right]) -> Mapping[str, str]:
    """Entries of an access list as form fields (CMIS 1.1, 5.4.4.3.21)."""
    fields = {}
    for number, right in enumerate(rights):
        fields[f"{verb}ACEPrincipal[{number}]"] = right.principal
        for position, permission in enumerate(sorted(right.permissions)):
            fields[f"{verb}ACEPermission[{number}][{position}]"] = permission
    return fields
