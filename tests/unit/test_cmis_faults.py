"""What a repository's refusals mean, over both bindings."""

from __future__ import annotations

import json

import pytest
import requests

from connector.cmis.faults import BY_EXCEPTION, BY_STATUS, error_of
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

# CMIS 1.1, 2.2.1.4.1 and 2.2.1.4.2
STANDARD = {
    "invalidArgument", "notSupported", "objectNotFound", "permissionDenied", "runtime", "constraint",
    "contentAlreadyExists", "filterNotValid", "nameConstraintViolation", "storage", "streamNotSupported",
    "updateConflict", "versioning",
}  # fmt: skip


def answer(status: int, text: str, kind: str) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content = status, text.encode()
    response.headers["Content-Type"] = kind
    return response


def test_every_exception_of_the_standard_and_every_class_of_ours_has_a_row() -> None:
    assert set(BY_EXCEPTION) == STANDARD
    ours = {RepositoryError, *RepositoryError.__subclasses__()}
    assert ours - {*BY_EXCEPTION.values(), *BY_STATUS.values()} == set()


@pytest.mark.parametrize(
    ("status", "exception", "meant"),
    [
        (409, "updateConflict", ChangeConflict),
        (409, "nameConstraintViolation", NameConflict),
        (409, "constraint", ConstraintViolation),
        (409, "contentAlreadyExists", ConstraintViolation),
        (400, "invalidArgument", ConstraintViolation),
        (405, "notSupported", NotSupported),
        (404, "objectNotFound", ObjectNotFound),
        (403, "permissionDenied", PermissionDenied),
        (500, "storage", RepositoryError),  # of ModeShape, and there they stayed: no passing trouble
        (500, "runtime", RepositoryError),
    ],
)
def test_the_servers_own_name_decides_not_the_status(status: int, exception: str, meant: type[RepositoryError]) -> None:
    as_json = answer(status, json.dumps({"exception": exception, "message": "001090000012"}), "application/json")
    as_html = answer(status, f"<html><!--exception-->{exception}<!--/exception--></html>", "text/html")

    for error in (error_of(as_json), error_of(as_html)):
        assert type(error) is meant
        assert "001090000012" not in str(error)  # the server's own text may hold a value


@pytest.mark.parametrize(
    ("status", "meant"),
    [(401, PermissionDenied), (409, ChangeConflict), (413, ConstraintViolation), (429, RepositoryUnavailable),
     (502, RepositoryUnavailable), (503, RepositoryUnavailable), (418, RepositoryError)],
)  # fmt: skip
@pytest.mark.parametrize(("text", "kind"), [("", "text/html"), ("{", "application/json"), ("{}", "application/json")])
def test_the_status_counts_where_the_server_names_nothing(
    status: int, meant: type[RepositoryError], text: str, kind: str
) -> None:
    assert type(error_of(answer(status, text, kind))) is meant
