"""Whether a server's queries may be believed: some answer with rows that do not match."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from connector.cmis.service import CmisService
from connector.cmis.values import quoted, read_properties
from connector.domain.errors import RepositoryError, RepositoryUnavailable

log = logging.getLogger(__name__)

_FUTURE = "TIMESTAMP '2999-01-01T00:00:00.000Z'"
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class SelfTest:
    """What two probe documents showed.

    ``true_queries``: IN_FOLDER found both, a name found one, a date in the future none. ``lag_seconds``: how long
    the first right answer took; None when it never came. ``change_tokens``: updates can be guarded.
    """

    true_queries: bool
    lag_seconds: float | None
    change_tokens: bool


def run_self_test(
    service: CmisService, *, folder_id: str, document_type: str, patience: float = _PATIENCE_SECONDS
) -> SelfTest:
    """Put two documents into a probe folder, ask for them, and take all away again.

    Raises RepositoryUnavailable; a server that refuses the probe is not believed.
    """
    try:
        with _probe_folder(service, folder_id) as probe:
            names = [f"probe-{number}" for number in (1, 2)]
            tokens = [_create_probe(service, probe, name, document_type) for name in names]
            lag = _time_until(lambda: _answers_truly(service, probe, names, document_type), patience)
            return SelfTest(true_queries=lag is not None, lag_seconds=lag, change_tokens=all(tokens))
    except RepositoryUnavailable:
        raise
    except RepositoryError as error:
        log.warning("the self-test was refused (%s): queries are not believed", error.code)
        return SelfTest(true_queries=False, lag_seconds=None, change_tokens=False)


@contextmanager
def _probe_folder(service: CmisService, parent_id: str) -> Iterator[str]:
    properties = {"cmis:objectTypeId": "cmis:folder", "cmis:name": f"_sohoa-{uuid4().hex}"}
    folder = read_properties(service.act("createFolder", {"objectId": parent_id}, properties=properties))
    probe = str(folder["cmis:objectId"])
    try:
        yield probe
    finally:
        _remove(service, probe)


def _create_probe(service: CmisService, folder_id: str, name: str, document_type: str) -> str | None:
    state = "major" if service.is_versionable(document_type) else "none"
    properties = {"cmis:objectTypeId": document_type, "cmis:name": name}
    created = service.act("createDocument", {"objectId": folder_id, "versioningState": state}, properties=properties)
    token = read_properties(created).get("cmis:changeToken")
    return str(token) if token else None


def _answers_truly(service: CmisService, folder_id: str, names: list[str], document_type: str) -> bool:
    select = f"SELECT * FROM {service.query_name(document_type)} WHERE IN_FOLDER({quoted(folder_id)})"
    expected = {"": names, f" AND cmis:name = {quoted(names[0])}": names[:1]}
    expected[f" AND cmis:lastModificationDate >= {_FUTURE}"] = []
    return all(_found_names(service, select + condition) == sorted(found) for condition, found in expected.items())


def _found_names(service: CmisService, statement: str) -> list[str]:
    try:
        return sorted(str(read_properties(row).get("cmis:name")) for row in service.query(statement))
    except RepositoryUnavailable:
        raise
    except RepositoryError:
        return ["refused"]


def _time_until(holds: Callable[[], bool], patience: float) -> float | None:
    """Seconds until it held; an index may need a moment."""
    begin = time.monotonic()
    while not holds():
        if time.monotonic() - begin >= patience:
            return None
        time.sleep(0.2)
    return time.monotonic() - begin


def _remove(service: CmisService, folder_id: str) -> None:
    try:
        for child in list(service.children(folder_id)):
            service.act("delete", {"objectId": str(read_properties(child)["cmis:objectId"]), "allVersions": "true"})
        service.act("delete", {"objectId": folder_id})
    except RepositoryError as error:
        log.warning("a probe folder could not be removed: %s", error.code)
