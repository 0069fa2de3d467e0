"""Whether a server's queries may be believed: some answer with rows that do not match."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from connector.cmis.change_log import is_real
from connector.cmis.locking import Lock
from connector.cmis.service import CmisService
from connector.cmis.values import quoted, read_properties
from connector.domain.errors import RepositoryError, RepositoryUnavailable

log = logging.getLogger(__name__)

_FUTURE = "TIMESTAMP '2999-01-01T00:00:00.000Z'"
_LOG_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class SelfTest:
    """What two probe documents showed.

    ``true_queries``: IN_FOLDER found both, a name found one, a date in the future none. ``lies``: rows came that do not
    match, so that waiting helps nothing. ``lag_seconds``: how long the first right answer took; None when it never
    came. ``change_tokens``: updates can be guarded. ``change_log``: the log told of a probe. ``lock``: whether the
    mapping's lock closed a probe; None where it was not tried, and ``lock_obstacle`` says what was in the way.
    """

    true_queries: bool
    lies: bool
    lag_seconds: float | None
    change_tokens: bool
    change_log: bool
    lock: bool | None = None
    lock_obstacle: str = ""


_REFUSED = SelfTest(true_queries=False, lies=True, lag_seconds=None, change_tokens=False, change_log=False)


def run_self_test(
    service: CmisService, *, folder_id: str, document_type: str, patience: float, lock: Lock | None = None
) -> SelfTest:
    """Put two documents into a probe folder, ask for them, and take all away again.

    An index gets ``patience`` seconds to show them. Raises RepositoryUnavailable; a server that refuses the probe is
    not believed.
    """
    try:
        before = service.latest_change_token()
        with _probe_folder(service, folder_id) as probe:
            names = [f"probe-{number}" for number in (1, 2)]
            made = [_create_probe(service, probe, name, document_type) for name in names]
            answers = _Answers(service, probe, names, document_type)
            lag = _time_until(answers, patience)
            obstacle = _lock_obstacle(lock, made[0][0]) if lock else ""
            return SelfTest(
                true_queries=lag is not None,
                lies=answers.lie,
                lag_seconds=lag,
                change_tokens=all(token for _, token in made),
                change_log=before is not None and is_real(service, before, made[0][0], patience=_LOG_SECONDS),
                lock=not obstacle if lock else None,
                lock_obstacle=obstacle,
            )
    except RepositoryUnavailable:
        raise
    except RepositoryError as error:
        log.warning("the self-test was refused (%s): queries are not believed", error.code)
        return _REFUSED


@contextmanager
def _probe_folder(service: CmisService, parent_id: str) -> Iterator[str]:
    properties = {"cmis:objectTypeId": "cmis:folder", "cmis:name": f"_sohoa-{uuid4().hex}"}
    folder = read_properties(service.act("createFolder", {"objectId": parent_id}, properties=properties))
    probe = str(folder["cmis:objectId"])
    try:
        yield probe
    finally:
        _remove(service, probe)


def _create_probe(service: CmisService, folder_id: str, name: str, document_type: str) -> tuple[str, str | None]:
    state = "major" if service.is_versionable(document_type) else "none"
    properties = {"cmis:objectTypeId": document_type, "cmis:name": name}
    answer = service.act("createDocument", {"objectId": folder_id, "versioningState": state}, properties=properties)
    created = read_properties(answer)
    token = created.get("cmis:changeToken")
    return str(created["cmis:objectId"]), str(token) if token else None


class _Answers:
    """The answers to three questions whose truth is known."""

    def __init__(self, service: CmisService, folder_id: str, names: list[str], document_type: str) -> None:
        self._service = service
        select = f"SELECT * FROM {service.query_name(document_type)} WHERE IN_FOLDER({quoted(folder_id)})"
        self._truth = {
            select: names,
            f"{select} AND cmis:name = {quoted(names[0])}": names[:1],
            f"{select} AND cmis:lastModificationDate >= {_FUTURE}": [],
        }
        self.lie = False

    def are_right(self) -> bool:
        """Whether all three are right now; rows that must not come, or a refusal, are a lie."""
        answers = {statement: self._names(statement) for statement in self._truth}
        self.lie = any(found is None or set(found) - set(self._truth[each]) for each, found in answers.items())
        return not self.lie and all(sorted(found or ()) == sorted(self._truth[each]) for each, found in answers.items())

    def _names(self, statement: str) -> list[str] | None:
        try:
            return [str(read_properties(row).get("cmis:name")) for row in self._service.query(statement)]
        except RepositoryUnavailable:
            raise
        except RepositoryError:
            return None


def _lock_obstacle(lock: Lock, probe: str) -> str:
    """Why the probe could not be locked; empty where it was. Its rights are those that papers would have."""
    try:
        lock.close(probe)
    except RepositoryUnavailable:
        raise
    except RepositoryError as error:
        return error.detail or error.code
    return ""


def _time_until(answers: _Answers, patience: float) -> float | None:
    """Seconds until the answers were right; an index may need a moment, a lie is not waited out."""
    begin = time.monotonic()
    while not answers.are_right():
        if answers.lie or time.monotonic() - begin >= patience:
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
