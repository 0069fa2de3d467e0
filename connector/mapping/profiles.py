"""The dated rule sets of mappings/profiles."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connector.domain.errors import ConfigurationError
from connector.domain.scope import ScopeRules
from connector.mapping.load import line_of, read_yaml


class _Profile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: dt.date = Field(description="Áp dụng từ / in force since")
    basis: str = Field(min_length=1, description="Căn cứ / basis")
    digitize_verification_replies: bool = Field(description="Số hóa kết quả thẩm tra, xác minh (khoản 2 Điều 4)")


def load_profile(name: str) -> ScopeRules:
    """A shipped profile, or a file. Raises ConfigurationError with one finding a line."""
    shipped = Path(str(files("mappings.profiles") / f"{name}.yaml"))
    path = shipped if shipped.is_file() else Path(name)
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in shipped.parent.glob("*.yaml")))
        raise ConfigurationError(f"no profile {name}: shipped are {known}")
    data = read_yaml(path)
    try:
        profile = _Profile.model_validate(json.loads(json.dumps(data, default=str)))
    except ValidationError as error:
        findings = sorted((line_of(data, item["loc"]), f"{item['loc'][-1]}: {item['msg']}") for item in error.errors())
        raise ConfigurationError("\n".join(f"{path}:{line}: {message}" for line, message in findings)) from error
    return ScopeRules(name=path.stem, digitize_verification_replies=profile.digitize_verification_replies)
