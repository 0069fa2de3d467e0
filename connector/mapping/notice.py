"""The file that says how the portal wants to be told of new papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connector.domain.errors import ConfigurationError
from connector.domain.publication import ChangeKind
from connector.mapping.load import line_of, read_yaml

_NAME = r"^[A-Za-z_À-ỹ][\w.-]*$"


class NoticeFile(BaseModel):
    """Where, in which element, and which of our values under which names; see mappings/notification.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://\S+$")
    soap_action: str = Field(default="", pattern=r'^[^"\r\n]*$')
    namespace: str = Field(min_length=1)
    element: str = Field(pattern=_NAME)
    fields: dict[str, Literal["paper_id", "version", "kind", "position", "at"]] = Field(min_length=1)
    kinds: list[ChangeKind] = Field(default=list(ChangeKind), min_length=1)


def load_notice(path: Path) -> NoticeFile:
    """Raises ConfigurationError with one finding a line."""
    try:
        data = read_yaml(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    try:
        return NoticeFile.model_validate(json.loads(json.dumps(data)))
    except ValidationError as error:
        findings = [(line_of(data, each["loc"]), f"{each['loc'][-1]}: {each['msg']}") for each in error.errors()]
        raise ConfigurationError("\n".join(f"{path}:{line}: {told}" for line, told in sorted(findings))) from error
