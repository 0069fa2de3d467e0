"""Who may see an object: narrowing it to some, giving it back, taking a file away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from connector.cmis.locking import Right
from connector.cmis.service import CmisService
from connector.domain.errors import NotSupported, ObjectNotFound

_ALL, _READ, _WRITE = "cmis:all", "cmis:read", "cmis:write"


class AccessControl:
    """The part of the port ``Repository`` that is about access; what a folder hands down is not ours to take."""

    _service: CmisService

    def delete(self, object_id: str) -> None:
        """Take a technical file away, with all its versions; a second time does nothing."""
        try:
            self._service.act("delete", {"objectId": object_id, "allVersions": "true"})
        except ObjectNotFound:
            return

    def restrict(self, object_id: str, people: Collection[str], *, may_write: bool) -> None:
        """Only these accounts and groups, and our own.

        Raises NotSupported, whose detail says why, where others keep what the folder or the server gives them.
        """
        if not self._service.username:
            raise NotSupported("our own account has no name there: it would be shut out")
        ours, granted = self._service.username, frozenset({_WRITE if may_write else _READ})
        before = self._service.rights(object_id)
        wanted = [Right(principal=ours, permissions=frozenset({_ALL}))]
        wanted += [Right(principal=each, permissions=granted) for each in sorted(people) if each != ours]
        self._set(object_id, before, wanted)
        others = {right.principal for right in self._service.rights(object_id)} - {ours, *people}
        if others:
            raise NotSupported(f"{len(others)} other accounts or groups keep their access")

    def give_back(self, object_id: str, like: str) -> None:
        """The same access as another object's, usually the folder it lies in."""
        folder = [Right(principal=each.principal, permissions=each.permissions) for each in self._service.rights(like)]
        self._set(object_id, self._service.rights(object_id), [*self._own(folder), *folder])

    def _own(self, rights: Sequence[Right]) -> Iterator[Right]:
        """We must not shut ourselves out."""
        if self._service.username not in {right.principal for right in rights}:
            yield Right(principal=self._service.username, permissions=frozenset({_ALL}))

    def _set(self, object_id: str, before: Sequence[Right], after: Sequence[Right]) -> None:
        if set(before) != set(after):
            self._service.set_rights(object_id, before, after)
