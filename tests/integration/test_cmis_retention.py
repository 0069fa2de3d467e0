"""Retention of CMIS 1.1: what the real server says of it, and what is written where a server has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.retention import RetentionControl
from connector.domain.metadata import VIETNAM

DAY = dt.date(2040, 12, 31)
END = dt.datetime(2041, 1, 1, tzinfo=VIETNAM)


class RecordsServer:
    """A server with retention, as far as these verbs go: OpenCMIS InMemory and ModeShape have none."""

    def __init__(self, **standing: Any) -> None:
        self.standing = {"cmis:secondaryObjectTypeIds": ["bhxh:giayTo"], "cmis:changeToken": "7", **standing}
        self.written: list[tuple[Mapping[str, str], Mapping[str, Any]]] = []

    def type_definition(self, type_id: str) -> Mapping[str, Any] | None:
        return {"id": type_id}

    def object(self, object_id: str) -> Mapping[str, Any]:
        def of(name: str, value: Any) -> Mapping[str, Any]:
            return {"id": name, "value": value, "cardinality": "multi" if isinstance(value, list) else "single"}

        return {"properties": {name: of(name, value) for name, value in self.standing.items()}}

    def act(self, action: str, parameters: Mapping[str, str], *, properties: Mapping[str, Any]) -> None:
        self.written.append((parameters, properties))


class Repository(RetentionControl):
    def __init__(self, server: RecordsServer) -> None:
        self._service = server  # type: ignore[assignment]


def test_a_server_with_retention_is_told_until_when() -> None:
    server = RecordsServer()

    assert Repository(server).keep_until("x", DAY)

    [(parameters, properties)] = server.written
    assert parameters == {"objectId": "x", "changeToken": "7"}
    assert properties["cmis:rm_expirationDate"] == END
    assert properties["cmis:secondaryObjectTypeIds"] == ("bhxh:giayTo", "cmis:rm_clientMgtRetention")


def test_retention_is_never_shortened() -> None:
    server = RecordsServer(**{"cmis:rm_expirationDate": END + dt.timedelta(days=1)})

    assert Repository(server).keep_until("x", DAY)

    assert server.written == []


@pytest.mark.integration
def test_the_embedded_server_says_that_it_has_none(cmis: CmisRepository, dossier_folder: str) -> None:
    assert cmis.keep_until(dossier_folder, DAY) is False
