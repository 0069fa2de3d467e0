"""Displayed copies: every property that people do not write shows what the register knows, and nothing else."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import cast

from connector.domain.metadata import PAPER_PROPERTIES, WRITTEN_BY_PEOPLE, Value
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.states import State
from connector.pipeline.display import differs, fitted

# the error also shows why a button was refused: what stands there is believed by nobody
_COPIES = tuple(name for name in PAPER_PROPERTIES if name not in WRITTEN_BY_PEOPLE and name != "error")
_SECOND = dt.timedelta(seconds=1)  # some repositories keep no fractions


def altered_copies(paper: Paper, shown: RepositoryObject) -> dict[str, Value]:
    """What should stand where the ECM shows something else."""
    wanted = _wanted(paper)
    return {name: value for name, value in wanted.items() if _differs(shown.properties.get(name), value)}


def _wanted(paper: Paper) -> Mapping[str, Value]:
    wanted: dict[str, Value] = {name: cast(Value, paper.displayed.get(name)) for name in _COPIES}
    wanted["state"] = str(paper.state)
    if paper.state is State.LOI:
        wanted["error"] = paper.error
    if "copy_form" not in paper.displayed:  # until the agency has signed, the văn thư may choose it
        del wanted["copy_form"]
    return fitted(wanted)


def _differs(shown: object, wanted: Value) -> bool:
    if isinstance(shown, dt.datetime) and isinstance(wanted, dt.datetime):
        return abs(shown - wanted) >= _SECOND
    return differs(_normal(shown), cast(Value, _normal(wanted)))


def _normal(value: object) -> object:
    """Texts in the one normal form that a repository gives them back in."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return tuple(map(_normal, value)) if isinstance(value, tuple | list) else value
