"""The verbs that a repository is built from, whichever binding carries them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from connector.cmis.atompub import AtomPubService
from connector.cmis.browser import BrowserService
from connector.cmis.locking import Right
from connector.cmis.session import Endpoint
from connector.domain.metadata import Value

Found = Mapping[str, Any]


class CmisService(Protocol):
    """Objects come in the browser binding's JSON form: ``properties`` by id, each with type, cardinality, value."""

    username: str

    @property
    def info(self) -> Mapping[str, Any]: ...

    def object(self, object_id: str, *, latest: bool = False) -> Found: ...

    def object_at(self, path: str) -> Found: ...

    def children(self, folder_id: str) -> Iterator[Found]: ...

    def query(self, statement: str) -> Iterator[Found]: ...

    def query_page(self, statement: str, *, skip: int = 0) -> tuple[Sequence[Found], bool]: ...

    def parents(self, object_id: str) -> Iterable[Found]: ...

    def versions(self, object_id: str) -> Sequence[Found]: ...

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None: ...

    def is_versionable(self, type_id: str) -> bool: ...

    def query_name(self, type_id: str) -> str: ...

    def latest_change_token(self) -> str | None: ...

    def change_page(self, token: str | None) -> tuple[Sequence[str], str | None, bool]: ...

    def create_type(self, definition: Mapping[str, Any]) -> None: ...

    def act(
        self,
        action: str,
        parameters: Mapping[str, str],
        *,
        properties: Mapping[str, Value] | None = None,
        content: Path | None = None,
        content_type: str = "application/pdf",
    ) -> Any: ...

    def content(self, object_id: str) -> Iterator[bytes]: ...

    def rights(self, object_id: str) -> Sequence[Right]: ...

    def set_rights(self, object_id: str, before: Sequence[Right], after: Sequence[Right]) -> None: ...


def connect(endpoint: Endpoint) -> CmisService:
    """The repository over the binding that its settings name."""
    return AtomPubService(endpoint) if endpoint.binding == "atompub" else BrowserService(endpoint)
