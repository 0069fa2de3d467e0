"""The office's own lists: document types, procedures, organisations, each entry valid for some time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a list; both ends of the validity are included, None is open."""

    code: str
    name: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    def is_valid(self, day: dt.date) -> bool:
        """Whether the code may be given on this day."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    def overlaps(self, other: Entry) -> bool:
        """Whether there is a day on which both are valid."""
        start = max(self.valid_from or dt.date.min, other.valid_from or dt.date.min)
        return start <= min(self.valid_until or dt.date.max, other.valid_until or dt.date.max)


@dataclass(frozen=True, kw_only=True)
class ListedType(Entry):
    """A document type; ``reads_as`` is the shipped sample type whose papers get this code.

    ``sector_fields`` are the names of what sector law wants to know of it (Art. 9.2.k), ``readers`` the users and
    groups of the ECM that alone may read such papers: empty leaves access as the folder gives it.
    """

    reads_as: str | None = None
    is_result: bool | None = None
    retention_years: int | None = None
    sector_fields: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListedProcedure(Entry):
    """A procedure; ``components`` are the type codes that its dossiers must hold (Art. 13.3.a)."""

    components: tuple[str, ...] = ()


@dataclass(frozen=True)
class TypeList:
    """The document types; an empty list knows nothing and refuses nothing."""

    entries: Sequence[ListedType] = ()

    def named(self, code: str, day: dt.date) -> ListedType | None:
        """The type of this code on a day."""
        return next((entry for entry in self.entries if entry.code == code and entry.is_valid(day)), None)

    def refuses(self, code: str, day: dt.date) -> bool:
        """Whether a code may not be given on this day."""
        return bool(self.entries) and self.named(code, day) is None

    def missing_sector_fields(self, code: str, extra: Mapping[str, str], day: dt.date) -> tuple[str, ...]:
        """What Art. 9.2.k still wants of a paper of this type."""
        entry = self.named(code, day)
        return tuple(name for name in entry.sector_fields if not extra.get(name)) if entry else ()

    def official(self, sample: str, day: dt.date) -> str:
        """The office's code for papers read as a shipped sample type; the sample's where none is listed."""
        found = (entry.code for entry in self.entries if entry.reads_as == sample and entry.is_valid(day))
        return next(found, sample)

    def retention_until(self, code: str, start: dt.date) -> dt.date | None:
        """The last day of keeping: whole years after the year of ``start`` (Art. 11.5); None where none is listed."""
        entry = self.named(code, start)
        if entry is None or entry.retention_years is None:
            return None
        return dt.date(start.year + entry.retention_years, 12, 31)


@dataclass(frozen=True)
class ProcedureList:
    """The procedures; an empty list refuses nothing."""

    entries: Sequence[ListedProcedure] = ()

    def named(self, code: str, day: dt.date) -> ListedProcedure | None:
        """The procedure of this code on a day."""
        return next((entry for entry in self.entries if entry.code == code and entry.is_valid(day)), None)

    def refuses(self, code: str, day: dt.date) -> bool:
        """Whether no code can be given in a dossier of this procedure."""
        return bool(self.entries) and self.named(code, day) is None


@dataclass(frozen=True, kw_only=True)
class ListedOrganisation(Entry):
    """An organisation by its code of Decision 20/2020/QĐ-TTg; ``former_code`` is the one in the order of QCVN 102."""

    former_code: str | None = None


@dataclass(frozen=True)
class OrganisationList:
    """The organisations; an empty list refuses nothing."""

    entries: Sequence[ListedOrganisation] = ()

    def newer(self, former_code: str, day: dt.date) -> str | None:
        """Today's code of an organisation that a paper names by its former one."""
        found = (each.code for each in self.entries if each.former_code == former_code and each.is_valid(day))
        return next(found, None)

    def refuses(self, code: str, day: dt.date) -> bool:
        """Whether no organisation has this code on this day."""
        return bool(self.entries) and not any(each.code == code and each.is_valid(day) for each in self.entries)
