"""docs/decision-1333.md: every clause has its row, no cell is empty, and every path exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs" / "decision-1333.md").read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES if re.match(r"\| \d", line)]
CLAUSES = (
    "4.1.a 4.1.b 4.1.c 4.1.d 4.1 4.2 5.1 5.2 5.3 5.4 6.1.a 6.1.b 6.2.a 6.2.b 6.2.c 7.1 7.2 7.3 7.4 8.1 8.2.a 8.2.b "
    "8.2.c 8.2.d 8.2.đ 8.2.e 9.1 9.2.a 9.2.b 9.2.c 9.2.d 9.2.đ 9.2.e 9.2.g 9.2.h 9.2.i 9.2.k 9.2.l 9.3 9.4 10.1 10.2 "
    "10.3 11.1 11.2 11.3 11.4 11.5 12.1 12.2 12.3 13.1 13.2.a 13.2.b 13.3.a 13.3.b 13.4.a 13.4.b 13.4.c 13.5.a 13.5.b "
    "14.1.a 14.1.b 14.1.c 14.1.d 14.2.a 14.2.b 14.2.c 14.3 14.4.a 14.4.b 15.1 15.2"
).split()


def test_every_clause_of_articles_4_to_15_has_a_row() -> None:
    assert list(dict.fromkeys(row[0] for row in ROWS)) == CLAUSES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_has_five_filled_cells_and_paths_that_exist(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    _, _, done, *paths = row
    if "outside:" in done and paths == ["–", "–"]:
        return
    for cell in paths:
        [path] = re.findall(r"^`([\w./-]+)`$", cell)
        assert (ROOT / path).is_file(), path
