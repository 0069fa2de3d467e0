"""Pages of a query while rows move: each change is met, however many fall into one second."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from connector.cmis.changes import ChangeFinder
from connector.cmis.service import CmisService
from connector.cmis.vendors import Quirks
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MAPPING = Mapping(load_mapping(find_mapping("opencmis")))
PAGE = 10


class Rows:
    """A query service over rows, ten at a time; ``between`` may move rows between two pages."""

    def __init__(self, moments: Sequence[dt.datetime], between: Callable[[Rows], None] = lambda rows: None) -> None:
        self.changed = {str(number): moment for number, moment in enumerate(moments)}
        self.asked = 0
        self._between = between

    def query_name(self, type_id: str) -> str:
        return type_id

    def query_page(self, statement: str, *, skip: int = 0) -> tuple[Sequence[Any], bool]:
        if "bhxh:taiLieu" not in statement:
            return [], False
        self.asked += 1
        start, *until = [dt.datetime.fromisoformat(each) for each in re.findall(r"TIMESTAMP '(.+?)'", statement)]
        found = sorted((moment, name) for name, moment in self.changed.items() if moment >= start)
        rows = [row for row in found if not until or row[0] < until[0]]
        page = [_row(name, moment) for moment, name in rows[skip : skip + PAGE]]
        more = len(rows) > skip + PAGE
        self._between(self)
        return page, more


def _row(name: str, moment: dt.datetime) -> dict[str, Any]:
    values = {
        "cmis:objectId": ("id", name),
        "cmis:baseTypeId": ("id", "cmis:document"),
        "cmis:contentStreamLength": ("integer", 7),
        "cmis:lastModificationDate": ("datetime", int(moment.timestamp() * 1000)),
        "bhxh:trangThai": ("string", "DA_LUU"),
    }
    return {
        "properties": {
            key: {"type": kind, "cardinality": "single", "value": value} for key, (kind, value) in values.items()
        }
    }


def found(rows: Rows, since: dt.datetime = NOON) -> list[str]:
    finder = ChangeFinder(cast(CmisService, rows), MAPPING, Quirks(index_lag=dt.timedelta(0)), "watched")
    return [properties["cmis:objectId"] for _, properties in finder.by_query(since)]


def test_many_pages_are_read_and_each_row_once() -> None:
    rows = Rows([NOON + dt.timedelta(seconds=number) for number in range(57)])

    assert found(rows) == [str(number) for number in range(57)]


def test_a_second_with_more_than_a_page_does_not_stop_the_reading() -> None:
    crowd = [NOON + dt.timedelta(milliseconds=10 * number) for number in range(45)]
    rows = Rows([*crowd, NOON + dt.timedelta(seconds=9)])

    assert sorted(found(rows), key=int) == [str(number) for number in range(46)]
    assert rows.asked < 30


def test_rows_that_are_changed_while_pages_are_read_hide_no_others() -> None:
    def touch_the_first(rows: Rows) -> None:
        """Everything after it moves up one place; by number the next page would skip a row."""
        if rows.asked < 5:
            first = min(rows.changed, key=lambda name: rows.changed[name])
            rows.changed[first] = NOON + dt.timedelta(hours=1, seconds=rows.asked)

    rows = Rows([NOON + dt.timedelta(seconds=number) for number in range(40)], touch_the_first)

    assert set(found(rows)) == {str(number) for number in range(40)}
