"""Reading mappings/users.yaml: who people are in the ECM, what they may do, with which key they sign."""

from __future__ import annotations

import json
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


def people_schema() -> str:
    """The published JSON Schema of users files."""
    return json.dumps(_People.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
