"""Retention as CMIS 1.1 knows it (2.1.16): the repository itself keeps a paper until its day has come."""

from __future__ import annotations

import datetime as dt

from connector.cmis.service import CmisService
from connector.cmis.values import SECONDARY_TYPES, read_properties
from connector.domain.metadata import VIETNAM

_TYPE = "cmis:rm_clientMgtRetention"
_EXPIRES, _STARTS = "cmis:rm_expirationDate", "cmis:rm_startOfRetention"


class RetentionControl:
    """The part of the port ``Repository`` that is about keeping; elsewhere our own property says it alone."""

    _service: CmisService

    def keep_until(self, object_id: str, day: dt.date) -> bool:
        """Keep a document until the end of a day in Vietnam, never shorter; False where the server has no retention."""
        if self._service.type_definition(_TYPE) is None:
            return False
        current = read_properties(self._service.object(object_id))
        expires = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), VIETNAM)
        standing = current.get(_EXPIRES)
        if isinstance(standing, dt.datetime) and standing >= expires:
            return True
        types = tuple(current.get(SECONDARY_TYPES) or ())
        starts = current.get(_STARTS) or dt.datetime.now(dt.UTC)
        token = current.get("cmis:changeToken")
        self._service.act(
            "update",
            {"objectId": object_id, **({"changeToken": str(token)} if token else {})},
            properties={
                SECONDARY_TYPES: types if _TYPE in types else (*types, _TYPE),
                _STARTS: starts,
                _EXPIRES: expires,
            },
        )
        return True
