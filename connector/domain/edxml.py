"""What an office says of itself and of its correspondents in an edXML envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Organization:
    """A body on the document exchange axis: its id there (OrganId) and its name."""

    organ_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class EdxmlRules:
    """Sender, receivers, and the numbers of document types, which differ between implementations."""

    namespace: str
    prefix: str
    sender: Organization
    receivers: tuple[Organization, ...] = ()
    type_numbers: Mapping[str, str] = field(default_factory=dict)  # our type code -> DocumentType/Type
