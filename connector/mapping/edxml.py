"""The office's edXML file: names that differ between implementations of QCVN 102:2016/BTTTT."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connector.domain.edxml import EdxmlRules, Organization
from connector.domain.errors import ConfigurationError
from connector.mapping.load import line_of, read_yaml

_SHIPPED = Path(str(files("mappings") / "edxml.yaml"))


class _Organization(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    organ_id: str = Field(min_length=1)
    name: str = Field(min_length=1)

    def as_ours(self) -> Organization:
        return Organization(organ_id=self.organ_id, name=self.name)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    namespace: str = Field(min_length=1)
    prefix: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")
    sender: _Organization
    receivers: list[_Organization] = []
    type_numbers: dict[str, str] = {}


def load_edxml_rules(file: Path | None = None) -> EdxmlRules:
    """The rules of ``file``, else the shipped sample. Raises ConfigurationError that names the key."""
    path = file or _SHIPPED
    data = read_yaml(path)
    try:
        found = _File.model_validate(json.loads(json.dumps(data)))
    except ValidationError as error:
        findings = [(line_of(data, each["loc"]), f"{each['loc'][-1]}: {each['msg']}") for each in error.errors()]
        raise ConfigurationError("\n".join(f"{path}:{line}: {told}" for line, told in sorted(findings))) from error
    return EdxmlRules(
        namespace=found.namespace,
        prefix=found.prefix,
        sender=found.sender.as_ours(),
        receivers=tuple(each.as_ours() for each in found.receivers),
        type_numbers=found.type_numbers,
    )
