"""Reading mappings/users.yaml: who people are in the ECM, what they may do, with which key they sign."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connector.domain.errors import ConfigurationError
from connector.domain.roles import Role, Staff, User
from connector.mapping.load import line_of, read_yaml


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    full_name: str = Field(min_length=1, description="Họ và tên / full name, as it stands in signatures")
    roles: list[Role] = Field(min_length=1, description="Vai trò / roles")
    identity: str | None = Field(default=None, description="Định danh ký / key in signing.identities")


class _People(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    users: dict[str, _Person] = Field(description="Tên đăng nhập ECM: người dùng / ECM login: person")


def load_staff(path: Path) -> Staff:
    """The people of a users file, by ECM login. Raises ConfigurationError with one finding a line."""
    data = read_yaml(path)
    try:
        people = _People.model_validate(json.loads(json.dumps(data, default=str)))
    except ValidationError as error:
        findings = sorted((line_of(data, item["loc"]), str(item["msg"]), item["loc"]) for item in error.errors())
        text = "\n".join(f"{path}:{line}: {'.'.join(map(str, where))}: {message}" for line, message, where in findings)
        raise ConfigurationError(text) from error
    return Staff(
        {
            login: User(
                login=login, full_name=person.full_name, roles=frozenset(person.roles), identity=person.identity
            )
            for login, person in people.users.items()
        }
    )


def refuse_service_accounts(staff: Staff, believed: Collection[str], service: Collection[str]) -> None:
    """Our own writes must never pass for a person's button, or for a result that the procedure software reports.

    Raises ConfigurationError where an account that we log in with is also one of theirs.
    """
    both = sorted({*staff.users, *believed} & set(service))
    if both:
        raise ConfigurationError(
            f"{', '.join(both)}: the service account of a repository must not be a user, a result reporter or a "
            "capture account; give the product an account of its own"
        )
