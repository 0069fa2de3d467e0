"""Keeping people from editing a stored paper: by its access list, by a property of the repository, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from connector.cmis.values import read_properties
from connector.domain.errors import NotSupported, RepositoryError
from connector.mapping.model import LockBy, PaperLock

log = logging.getLogger(__name__)

_READ, _ALL = "cmis:read", "cmis:all"


@dataclass(frozen=True, kw_only=True)
class Right:
    """What one account or group may do to an object (CMIS 1.1, 2.8); ``direct``: said of the object itself."""

    principal: str
    permissions: frozenset[str]
    direct: bool = True


class Rights(Protocol):
    """The verbs that a lock needs."""

    username: str

    @property
    def info(self) -> Mapping[str, Any]: ...

    def object(self, object_id: str, *, latest: bool = False) -> Mapping[str, Any]: ...

    def rights(self, object_id: str) -> Sequence[Right]: ...

    def set_rights(self, object_id: str, before: Sequence[Right], after: Sequence[Right]) -> None: ...

    def act(self, action: str, parameters: Mapping[str, str], *, properties: Any = None) -> Any: ...


class Lock:
    """Closes stored papers as the mapping says."""

    def __init__(self, service: Rights, rule: PaperLock) -> None:
        self._service = service
        self._rule = rule
        self._has_failed = False

    def close_where_possible(self, object_id: str) -> None:
        """Close one paper; a refusal is logged, once, and stops nothing. Raises RepositoryUnavailable."""
        try:
            self.close(object_id)
        except RepositoryError as error:
            if error.transient:
                raise
            if not self._has_failed:
                log.warning("stored papers are not locked: %s", error)
            self._has_failed = True

    def close(self, object_id: str) -> None:
        """Close one paper; a second time does nothing.

        Raises NotSupported, whose detail says why, where the repository leaves others their right to write.
        """
        if self._rule.by is LockBy.PROPERTY:
            self._set_property(object_id)
        elif self._rule.by is LockBy.ACL:
            self._narrow(object_id)

    def _set_property(self, object_id: str) -> None:
        name, value = str(self._rule.property), self._rule.value
        current = read_properties(self._service.object(object_id))
        if current.get(name) == value:
            return
        token = current.get("cmis:changeToken")
        parameters = {"objectId": object_id, **({"changeToken": str(token)} if token else {})}
        self._service.act("update", parameters, properties={name: value})

    def _narrow(self, object_id: str) -> None:
        ours = {self._service.username, *self._rule.keep}
        before = self._service.rights(object_id)
        if not _writers(before, ours):
            return
        everybody = self._everybody()
        if _writers(before, ours) & everybody:
            # narrowing that entry would shut ourselves out on some servers, and readers on others
            raise NotSupported("everybody may write there: give the right to named accounts or groups")
        self._service.set_rights(object_id, before, [*self._narrowed(before, ours)])
        left = _writers(self._service.rights(object_id), ours)
        if left:
            raise NotSupported(f"{len(left)} other accounts or groups keep an inherited right to write")

    def _narrowed(self, before: Sequence[Right], ours: Collection[str]) -> Sequence[Right]:
        kept = [right for right in before if right.principal in self._rule.keep]
        others = {right.principal for right in before} - set(ours)
        return [
            Right(principal=self._service.username, permissions=frozenset({_ALL})),
            *(Right(principal=each.principal, permissions=each.permissions) for each in kept),
            *(Right(principal=each, permissions=frozenset({_READ})) for each in sorted(others)),
        ]

    def _everybody(self) -> set[str]:
        names = (
            self._service.info.get(key) for key in ("principalIdAnyone", "principalIdAnonymous", "principalAnyone")
        )
        return {str(name) for name in names if name}


def _writers(rights: Sequence[Right], ours: Collection[str]) -> set[str]:
    return {right.principal for right in rights if right.principal not in ours and right.permissions - {_READ}}
