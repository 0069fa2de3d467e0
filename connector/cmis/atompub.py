"""The verbs of the AtomPub binding, for servers that speak CMIS 1.0: the same as those of the browser binding."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
from lxml import etree

from connector.cmis.atom_changes import ChangeFeed
from connector.cmis.atom_reading import (
    ACCESS_LIST,
    NAMESPACES,
    Object,
    PropertyKinds,
    find_all,
    next_page,
    parse,
    read_rights,
    read_type,
    scalars,
    text_at,
)
from connector.cmis.atom_writing import StreamedEntry, access_list, entry
from connector.cmis.faults import error_of
from connector.cmis.locking import Right
from connector.cmis.session import CHUNK, PAGE, Endpoint, open_session
from connector.cmis.values import normal
from connector.domain.errors import NotSupported, ObjectNotFound, RepositoryError, RepositoryUnavailable
from connector.domain.metadata import Value

_ENTRY = "application/atom+xml;type=entry"
# arguments that travel in the address, by action
_IN_ADDRESS = ("versioningState", "major", "checkinComment", "allVersions", "overwriteFlag")


class AtomPubService:
    """One repository over the AtomPub binding (CMIS 1.1, 3)."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._session = open_session(endpoint)
        self._kinds = PropertyKinds()
        self._types: dict[str, Mapping[str, Any]] = {}
        self.username = endpoint.username
        workspace = self._workspace(endpoint)
        self._templates = {
            (text_at(each, "cmisra:type") or "").lower(): text_at(each, "cmisra:template") or ""
            for each in find_all(workspace, "cmisra:uritemplate")
        }
        collections = find_all(workspace, "app:collection")
        self._collections = {text_at(each, "cmisra:collectionType"): each.get("href", "") for each in collections}
        self.info = _repository_info(workspace)
        self._changes = ChangeFeed(lambda: self._workspace(endpoint), self._get, self._kinds)

    def _workspace(self, endpoint: Endpoint) -> etree._Element:
        document = self._get(endpoint.url)
        for workspace in find_all(document, "app:workspace"):
            if text_at(workspace, "cmisra:repositoryInfo/cmis:repositoryId") == endpoint.repository_id:
                return workspace
        raise RepositoryError("the service document has no such repository")

    def object(self, object_id: str, *, latest: bool = False) -> Object:
        """An object with its properties; ``latest``: the latest version of its series."""
        found = self._object_by_id(object_id)
        if not latest or found["properties"].get("cmis:isLatestVersion", {}).get("value") is not False:
            return found
        return next(each for each in self.versions(object_id) if not _is_working_copy(each))

    def _object_by_id(self, object_id: str) -> Object:
        return self._kinds.read_object(self._get(self._address("objectbyid", id=object_id)))

    def object_at(self, path: str) -> Object:
        """The object at a path."""
        return self._kinds.read_object(self._get(self._address("objectbypath", path=normal(path))))

    def children(self, folder_id: str) -> Iterator[Object]:
        """All children, page by page until the server says that there are no more."""
        yield from self._feed(self._link(folder_id, "down"))

    def query(self, statement: str) -> Iterator[Object]:
        """All rows of a query whose answer stands still meanwhile."""
        skip, more = 0, True
        while more:
            rows, more = self.query_page(statement, skip=skip)
            skip += len(rows)
            yield from rows

    def query_page(self, statement: str, *, skip: int = 0) -> tuple[Sequence[Object], bool]:
        """One page of rows, and whether there are more."""
        feed = self._get(self._address("query", q=statement, maxItems=str(PAGE), skipCount=str(skip)))
        rows = [self._kinds.read_object(each) for each in find_all(feed, "atom:entry")]
        return rows, bool(rows and next_page(feed))

    def parents(self, object_id: str) -> Iterable[Object]:
        """The folders an object is filed in."""
        answer = self._get(self._link(object_id, "up"))
        entries = find_all(answer, "atom:entry") or [answer]
        return [self._kinds.read_object(each) for each in entries if each.find("cmisra:object", NAMESPACES) is not None]

    def versions(self, object_id: str) -> Sequence[Object]:
        """All versions, newest first; a document without versions is its only one."""
        document = self._object_by_id(object_id)
        if "version-history" not in document["links"]:
            return [document]
        return list(self._feed(document["links"]["version-history"]))

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        """A type's definition, kept for the life of this service; None where there is no such type."""
        if type_id not in self._types:
            try:
                self._types[type_id] = read_type(self._get(self._address("typebyid", id=type_id)))
            except ObjectNotFound:
                return None
            self._kinds.learn(self._types[type_id])
        return self._types[type_id]

    def is_versionable(self, type_id: str) -> bool:
        """Whether documents of a type have versions."""
        return bool((self.type_definition(type_id) or {}).get("versionable"))

    def query_name(self, type_id: str) -> str:
        """The name of a type in queries."""
        return str((self.type_definition(type_id) or {}).get("queryName") or type_id)

    def latest_change_token(self) -> str | None:
        """Where the change log ends now; None where there is none."""
        return self._changes.latest_token()

    def change_page(self, token: str | None) -> tuple[Sequence[str], str | None, bool]:
        """The objects of one page of change events, the next token, and whether there are more."""
        return self._changes.page(token, PAGE)

    def create_type(self, definition: Mapping[str, Any]) -> None:
        """Raises NotSupported: CMIS 1.0 creates no types."""
        raise NotSupported("types are not created over AtomPub")

    def act(
        self,
        action: str,
        parameters: Mapping[str, str],
        *,
        properties: Mapping[str, Value] | None = None,
        content: Path | None = None,
        content_type: str = "application/pdf",
    ) -> Any:
        """Carry out an action of the browser binding's name; the file is streamed, never held."""
        method, address, extra = _ACTIONS[action](self, parameters)
        arguments = {name: parameters[name] for name in _IN_ADDRESS if name in parameters}
        if action == "checkIn":
            arguments["checkin"] = "true"
        if action == "setContent" and "changeToken" in parameters:
            arguments["changeToken"] = parameters["changeToken"]
        address = _with_arguments(address, arguments)
        if method == "DELETE":
            self._answer(method, address)
            return None
        if action == "setContent" and content is not None:
            with content.open("rb") as stream:
                self._answer(method, address, data=stream, headers={"Content-Type": content_type})
            return self._object_by_id(parameters["objectId"])
        written = entry({**(properties or {}), **extra}, self._kinds, content_type=content_type if content else None)
        if content is None:
            answer = self._answer(method, address, data=written, headers={"Content-Type": _ENTRY})
        else:
            with content.open("rb") as file:
                streamed = StreamedEntry(written, content, file)
                answer = self._answer(method, address, data=streamed, headers={"Content-Type": _ENTRY})
        return self._kinds.read_object(parse(answer.content)) if answer.content else None

    def content(self, object_id: str) -> Iterator[bytes]:
        """The content of one version in chunks; a line cut in the middle is an error, not the end."""
        links = self._object_by_id(object_id)["links"]
        address = links.get("content") or links.get("edit-media")
        if not address:
            raise ObjectNotFound("the document has no content")
        with self._answer("GET", address, stream=True) as response:
            try:
                yield from response.iter_content(CHUNK)
            except (requests.RequestException, OSError) as error:
                raise RepositoryUnavailable(type(error).__name__) from error

    def rights(self, object_id: str) -> Sequence[Right]:
        """Who may do what to an object."""
        return read_rights(self._get(self._link(object_id, ACCESS_LIST)))

    def set_rights(self, object_id: str, before: Sequence[Right], after: Sequence[Right]) -> None:
        """Say anew who may do what."""
        headers = {"Content-Type": "application/cmisacl+xml"}
        self._answer("PUT", self._link(object_id, ACCESS_LIST), data=access_list(after), headers=headers)

    def _link(self, object_id: str, relation: str) -> str:
        links: Mapping[str, str] = self._object_by_id(object_id)["links"]
        try:
            return links[relation]
        except KeyError as error:
            raise NotSupported(f"the object has no link {relation}") from error

    def _feed(self, address: str | None) -> Iterator[Object]:
        address = _with_arguments(str(address), {"maxItems": str(PAGE)})
        while address:
            feed = self._get(address)
            for each in find_all(feed, "atom:entry"):
                yield self._kinds.read_object(each)
            address = next_page(feed)

    def _address(self, template: str, **values: str) -> str:
        address = self._templates.get(template)
        if not address:
            raise NotSupported(f"the server has no address for {template}")
        for name, value in values.items():
            address = address.replace(f"{{{name}}}", urllib.parse.quote(value, safe=""))
        head, *rest = address.split("{")
        return head + "".join(each.partition("}")[2] for each in rest)

    def _get(self, address: str) -> etree._Element:
        return parse(self._answer("GET", address).content)

    def _answer(self, method: str, address: str, **options: Any) -> requests.Response:
        try:
            response = self._session.request(method, address, allow_redirects=method == "GET", **options)
        except requests.RequestException as error:
            raise RepositoryUnavailable(type(error).__name__) from error
        if response.status_code >= 400:
            raise error_of(response)
        if response.is_redirect:
            raise RepositoryError(f"a {method} was redirected: use the address of the service document")
        return response

    # what an action is here: method, address, and properties that it needs besides

    def _to_children(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        return "POST", self._link(parameters["objectId"], "down"), {}

    def _to_folder(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        return "POST", self._link(parameters["folderId"], "down"), {"cmis:objectId": parameters["objectId"]}

    def _out_of_folder(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        address = _with_arguments(self._collections["unfiled"], {"removeFrom": parameters["folderId"]})
        return "POST", address, {"cmis:objectId": parameters["objectId"]}

    def _to_checked_out(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        return "POST", self._collections["checkedout"], {"cmis:objectId": parameters["objectId"]}

    def _over_itself(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        token = parameters.get("changeToken")
        return "PUT", self._link(parameters["objectId"], "self"), {"cmis:changeToken": token} if token else {}

    def _to_content(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        links = self._object_by_id(parameters["objectId"])["links"]
        return "PUT", links.get("edit-media") or links["content"], {}

    def _remove(self, parameters: Mapping[str, str]) -> tuple[str, str, Mapping[str, Value]]:
        return "DELETE", self._link(parameters["objectId"], "self"), {}


_Plan = Callable[[AtomPubService, Mapping[str, str]], tuple[str, str, Mapping[str, Value]]]
_ACTIONS: Mapping[str, _Plan] = {
    "createFolder": AtomPubService._to_children,
    "createDocument": AtomPubService._to_children,
    "addObjectToFolder": AtomPubService._to_folder,
    "removeObjectFromFolder": AtomPubService._out_of_folder,
    "checkOut": AtomPubService._to_checked_out,
    "update": AtomPubService._over_itself,
    "checkIn": AtomPubService._over_itself,
    "setContent": AtomPubService._to_content,
    "cancelCheckOut": AtomPubService._remove,
    "delete": AtomPubService._remove,
}


def _is_working_copy(found: Object) -> bool:
    return bool(found["properties"].get("cmis:isPrivateWorkingCopy", {}).get("value"))


def _with_arguments(address: str, arguments: Mapping[str, str]) -> str:
    if not arguments:
        return address
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urllib.parse.urlencode(arguments)}"


def _repository_info(workspace: etree._Element) -> Mapping[str, Any]:
    element = workspace.find("cmisra:repositoryInfo", NAMESPACES)
    assert element is not None
    info: dict[str, Any] = {etree.QName(child).localname: child.text for child in element if isinstance(child.tag, str)}
    capabilities = find_all(element, "cmis:capabilities")
    return {**info, "capabilities": scalars(capabilities[0]) if capabilities else {}}
