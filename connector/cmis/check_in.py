"""New versions: checked out and in again, with no check-out left behind."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.cmis.service import CmisService
from connector.cmis.values import SECONDARY_TYPES, read_properties
from connector.cmis.vendors import Quirks
from connector.domain.errors import ChangeConflict, NotSupported, ObjectNotFound, RepositoryError, RepositoryUnavailable
from connector.domain.paper import RepositoryObject

log = logging.getLogger(__name__)


def check_in(
    service: CmisService,
    current: RepositoryObject,
    content: Path,
    *,
    comment: str,
    quirks: Quirks,
) -> Mapping[str, Any]:
    """The new version as CMIS JSON.

    Raises ChangeConflict where ``current`` is not the latest any more or somebody else has it checked out,
    NotSupported where its type has no versions.
    """
    working_copy = _check_out(service, current)
    try:
        if quirks.working_copies_forget_types and current.secondary_types:
            types = {SECONDARY_TYPES: current.secondary_types}
            service.act("update", {"objectId": working_copy}, properties=types)
        answer: Mapping[str, Any] = service.act(
            "checkIn",
            {"objectId": working_copy, "major": "true", "checkinComment": comment},
            content=content,
            content_type=current.content_type or "application/pdf",
        )
    except RepositoryUnavailable:
        made = _version_made(service, current, content)
        if made is None:
            _give_up(service, working_copy)
            raise
        return made
    except BaseException:
        _give_up(service, working_copy)
        raise
    return answer


def _check_out(service: CmisService, current: RepositoryObject) -> str:
    _refuse_stale(service, current)
    try:
        working_copy = service.act("checkOut", {"objectId": current.object_id})
    except NotSupported as error:
        sentence = (
            "Loại tài liệu này không có phiên bản nên không giữ được bản gốc; nộp lại bằng loại tài liệu "
            "dành cho số hóa rồi chọn THU_LAI."
        )
        raise NotSupported("the document's type has no versions", sentence=sentence) from error
    return str(read_properties(working_copy)["cmis:objectId"])


def _refuse_stale(service: CmisService, current: RepositoryObject) -> None:
    """Servers check out old versions without a word, and a check-out of ours may stand since we were killed."""
    now = read_properties(service.object(current.object_id))
    changed = now.get("cmis:changeToken") != current.change_token
    if changed or now.get("cmis:isLatestVersion") is False:
        raise ChangeConflict("the document has changed since it was read")
    if not now.get("cmis:isVersionSeriesCheckedOut"):
        return
    working_copy = now.get("cmis:versionSeriesCheckedOutId")
    if now.get("cmis:versionSeriesCheckedOutBy") != service.username or not working_copy:
        raise ChangeConflict("somebody has the document checked out")
    _give_up(service, str(working_copy))


def _version_made(service: CmisService, current: RepositoryObject, content: Path) -> Mapping[str, Any] | None:
    """The version whose answer was lost on the way, if the server made it."""
    try:
        latest = service.object(current.object_id, latest=True)
    except RepositoryError:
        return None
    found = read_properties(latest)
    ours = found.get("cmis:lastModifiedBy") == service.username
    new = found["cmis:objectId"] != current.object_id and not found.get("cmis:isPrivateWorkingCopy")
    return latest if ours and new and found.get("cmis:contentStreamLength") == content.stat().st_size else None


def _give_up(service: CmisService, working_copy: str) -> None:
    """Cancel a check-out; trouble here must not hide the trouble that led here."""
    try:
        service.act("cancelCheckOut", {"objectId": working_copy})
    except ObjectNotFound:
        pass
    except RepositoryError as error:
        log.warning("a check-out could not be cancelled: %s", error.code)
