"""The properties of a mapping with everything a content model says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from connector.domain.labels import CHOICES, DOSSIER_LABELS, MULTI_VALUED, PAPER_LABELS, value_kind, value_length
from connector.domain.metadata import WRITTEN_BY_PEOPLE
from connector.mapping.model import MappingFile

Section = Literal["paper", "dossier"]
SECTIONS: tuple[Section, Section] = ("paper", "dossier")

_LABELS: Mapping[str, Mapping[str, str]] = {"paper": PAPER_LABELS, "dossier": DOSSIER_LABELS}
# what people of the office write on a dossier; the rest is shown by the product
_DOSSIER_INPUT = frozenset(
    {"dossier_code", "procedure_code", "dossier_owner", "paper_count", "result", "action"}
    | {"notice_number", "notice_date", "result_channel", "result_returned_at"}
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property as it has to be created; ``length`` is in characters, ``choices`` the values offered."""

    name: str
    property_id: str
    label: str
    kind: str
    multi: bool
    length: int | None
    choices: tuple[str, ...]
    editable: bool


def fields_of(mapping: MappingFile, section: Section) -> Iterator[Field]:
    """The properties of papers or of dossiers, in the order of the mapping file."""
    part = mapping.paper if section == "paper" else mapping.dossier
    for name, entry in part.properties.items():
        multi, kind = name in MULTI_VALUED, value_kind(name)
        choices = CHOICES.get(name, ()) if section == "paper" or name in ("result", "action") else ()
        yield Field(
            name=name,
            property_id=entry.property,
            label=_LABELS[section][name],
            kind=kind,
            multi=multi and entry.separator is None,
            # joined values need the room of several
            length=value_length(name) * (8 if multi and entry.separator else 1) if kind == "string" else None,
            choices=tuple((entry.choices or {}).get(choice, choice) for choice in choices),
            editable=name in (WRITTEN_BY_PEOPLE if section == "paper" else _DOSSIER_INPUT),
        )


def local_name(type_or_property: str) -> str:
    """A name without what CMIS or a schema puts before it: ``P:bhxh:giayTo``, ``facet:BhxhGiayTo``."""
    return type_or_property.rsplit(":", 1)[-1].rsplit(".", 1)[-1]
