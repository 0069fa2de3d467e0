"""From a repository's answers to our errors.

An HTTP status says little: 409 is a lost update, a name that exists, or a broken rule. The server's own exception
name decides; the status only where it gives none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cmislib.exceptions import CmisException
from requests import Response

from connector.domain.errors import (
    ChangeConflict,
    ConstraintViolation,
    NameConflict,
    NotSupported,
    ObjectNotFound,
    PermissionDenied,
    RepositoryError,
    RepositoryUnavailable,
)

# CMIS 1.1, 2.2.1.4: every exception a service may raise
BY_EXCEPTION: Mapping[str, type[RepositoryError]] = {
    "invalidArgument": ConstraintViolation,
    "notSupported": NotSupported,
    "objectNotFound": ObjectNotFound,
    "permissionDenied": PermissionDenied,
    "runtime": RepositoryError,
    "constraint": ConstraintViolation,
    "contentAlreadyExists": ConstraintViolation,
    "filterNotValid": ConstraintViolation,
    "nameConstraintViolation": NameConflict,
    "storage": RepositoryError,
    "streamNotSupported": NotSupported,
    "updateConflict": ChangeConflict,
    "versioning": ChangeConflict,
}
BY_STATUS: Mapping[int, type[RepositoryError]] = {
    400: ConstraintViolation,
    401: PermissionDenied,
    403: PermissionDenied,
    404: ObjectNotFound,
    405: NotSupported,
    409: ChangeConflict,
    413: ConstraintViolation,
    429: RepositoryUnavailable,
    500: RepositoryError,
    502: RepositoryUnavailable,
    503: RepositoryUnavailable,
    504: RepositoryUnavailable,
}
_IN_HTML = re.compile(r"<!--exception-->(\w+)<!--/exception-->")


class CmisFault(CmisException):  # type: ignore[misc]
    """A refused call: what cmislib raises, holding the error of ours that it means."""

    def __init__(self, response: Response) -> None:
        self.error = error_of(response)
        # neither the URL (it may hold a name) nor the answer (it may hold a value) goes into the text
        super().__init__(response.status_code, "", type(self.error).__name__)


def error_of(response: Response) -> RepositoryError:
    """The error that an answer means."""
    name = _exception_name(response)
    kind = BY_EXCEPTION.get(name) if name else None
    return (kind or BY_STATUS.get(response.status_code, RepositoryError))(f"HTTP {response.status_code} {name or ''}")


def _exception_name(response: Response) -> str | None:
    if "json" in response.headers.get("Content-Type", ""):
        try:
            name = response.json().get("exception")
        except ValueError:
            return None
        return str(name) if name else None
    found = _IN_HTML.search(response.text)
    return found[1] if found else None
