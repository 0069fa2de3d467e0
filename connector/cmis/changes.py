"""What changed since a moment: by query where queries may be believed, else by walking the folders."""

from __future__ import annotations

import datetime as dt
import heapq
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connector.cmis.service import CmisService
from connector.cmis.values import SECONDARY_TYPES, quoted, read_properties, timestamp
from connector.cmis.vendors import Quirks
from connector.domain.errors import ObjectNotFound
from connector.mapping.translate import Mapping as PropertyMapping

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_CHANGED = "cmis:lastModificationDate"

# an object as CMIS JSON, and its properties
Found = tuple[Mapping[str, Any], Mapping[str, Any]]


class ChangeFinder:
    """Papers and dossiers below the watched folder, oldest change first."""

    def __init__(self, service: CmisService, mapping: PropertyMapping, quirks: Quirks, watched_id: str) -> None:
        self._service = service
        self._mapping = mapping
        self._quirks = quirks
        self.watched_id = watched_id
        self._completed: dict[tuple[str, str], Found] = {}  # what the last query showed
        self._since: tuple[dt.datetime | None, float] = (None, 0.0)  # what was asked for, and when first

    def by_query(self, since: dt.datetime | None) -> Iterator[Found]:
        """Every latest version changed at or after ``since``, further back by the lag of the product's index.

        A row that was met at the last query, and has not changed, is not read again.
        """
        start = self._start(since) if since else _EPOCH
        types = (self._mapping.deposit_type, self._mapping.object_type("dossier"))
        completed: dict[tuple[str, str], Found] = {}
        for found in heapq.merge(*(self._rows(each, start) for each in types), key=_changed_at):
            if self._is_wanted(found):
                change = _change(found)
                whole = (self._completed.get(change) if change else None) or self._complete(found)
                if since and change:  # of all there is it would be too much to keep
                    completed[change] = whole
                yield whole
        if since:
            self._completed = completed

    def _start(self, since: dt.datetime) -> dt.datetime:
        """Further back by the index's lag, until the same moment has been asked for that long: then nothing is late."""
        asked, first = self._since
        if asked != since:
            self._since = asked, first = since, time.monotonic()
        is_complete = time.monotonic() - first > self._quirks.index_lag.total_seconds()
        return since if is_complete else since - self._quirks.index_lag

    def by_walk(self, since: dt.datetime | None) -> Iterator[Found]:
        """The same by listing every folder: slow, and right on any server."""
        start = since or _EPOCH
        yield from sorted(
            (each for each in self._below(self.watched_id) if _changed_at(each) >= start), key=_changed_at
        )

    def _rows(self, type_id: str, start: dt.datetime) -> Iterator[Found]:
        """Rows in order of their change; those that move while we read are met again.

        Each page starts at the second the last one ended in: rows skipped by number would be lost when others move.
        """
        seen: set[tuple[str, dt.datetime]] = set()
        start = start.replace(microsecond=0)
        more = True
        while more:
            rows, more, _ = self._page(self._statement(type_id, start), seen)
            yield from rows
            last = _changed_at(rows[-1]).replace(microsecond=0) if rows else start
            if more and last == start:
                yield from self._crowded_second(type_id, start, seen)
                last = start + _SECOND
            start = last

    def _crowded_second(self, type_id: str, second: dt.datetime, seen: set[tuple[str, dt.datetime]]) -> Iterator[Found]:
        """All rows of one second that fills more than a page, counted through until that brings nothing new."""
        statement = self._statement(type_id, second, until=second + _SECOND)
        skip, more, fresh = 0, True, 0
        while more or fresh:
            if not more:
                skip, fresh = 0, 0
            rows, more, read = self._page(statement, seen, skip=skip)
            yield from rows
            skip, fresh = skip + read, fresh + len(rows)

    def _page(
        self, statement: str, seen: set[tuple[str, dt.datetime]], *, skip: int = 0
    ) -> tuple[Sequence[Found], bool, int]:
        """The rows of a page that were not seen yet, whether there are more, and how many the page held."""
        rows, more = self._service.query_page(statement, skip=skip)
        fresh = [found for found in _read(rows) if _key(found) not in seen]
        seen.update(map(_key, fresh))
        return fresh, more, len(rows)

    def _statement(self, type_id: str, start: dt.datetime, until: dt.datetime | None = None) -> str:
        where = f"{_CHANGED} >= {timestamp(start)}"
        if until:
            where += f" AND {_CHANGED} < {timestamp(until)}"
        if self._quirks.tree_queries:
            where += f" AND IN_TREE({quoted(self.watched_id)})"
        return f"SELECT * FROM {self._service.query_name(type_id)} WHERE {where} ORDER BY {_CHANGED}"

    def _is_wanted(self, found: Found) -> bool:
        """A dossier, or a paper that is neither a working copy, nor an old version, nor still without content."""
        properties = found[1]
        if properties.get("cmis:baseTypeId") == "cmis:folder":
            return self._mapping.is_dossier(properties)
        unfinished = properties.get("cmis:isPrivateWorkingCopy") or not properties.get("cmis:contentStreamLength")
        return not unfinished and properties.get("cmis:isLatestVersion") is not False

    def _complete(self, found: Found) -> Found:
        """Rows of a query on the primary type may lack what the secondary type carries: those are read by id."""
        properties = found[1]
        kind = self._mapping.kind_of(properties)
        carrier = self._mapping.secondary_type(kind)
        if carrier not in properties.get(SECONDARY_TYPES, (carrier,)) or self._mapping.to_logical(kind, properties):
            return found
        try:
            data = self._service.object(properties["cmis:objectId"])
        except ObjectNotFound:  # deleted in between
            return found
        return data, read_properties(data)

    def is_ours(self, found: Found) -> bool:
        """Whether an object, however it was found, is a dossier or a finished document of the deposit type."""
        is_folder = found[1].get("cmis:baseTypeId") == "cmis:folder"
        return self._is_wanted(found) and (is_folder or self._is_deposit(found[1].get("cmis:objectTypeId")))

    def _below(self, folder_id: str) -> Iterator[Found]:
        for found in _read(self._service.children(folder_id)):
            properties = found[1]
            is_folder = properties.get("cmis:baseTypeId") == "cmis:folder"
            if self.is_ours(found):
                yield found
            if is_folder and properties.get("cmis:name") != self._mapping.file.technical_folder:
                yield from self._below(properties["cmis:objectId"])

    def _is_deposit(self, type_id: str | None) -> bool:
        """Whether a type is the deposit type or below it."""
        while type_id and type_id != self._mapping.deposit_type:
            type_id = (self._service.type_definition(type_id) or {}).get("parentId")
        return bool(type_id)


def _read(rows: Iterable[Mapping[str, Any]]) -> Iterator[Found]:
    return ((row, read_properties(row)) for row in rows)


def _key(found: Found) -> tuple[str, dt.datetime]:
    return found[1]["cmis:objectId"], _changed_at(found)


def _change(found: Found) -> tuple[str, str] | None:
    """What tells one change of an object from the next; None where two in one second would look the same."""
    token, moment = found[1].get("cmis:changeToken"), _changed_at(found)
    if not token and not moment.microsecond:
        return None
    return found[1]["cmis:objectId"], f"{token} {moment.isoformat()}"


def _changed_at(found: Found) -> dt.datetime:
    moment: dt.datetime = found[1][_CHANGED]
    return moment
