"""docs/errors.md says what the error tree says."""

from __future__ import annotations

from pathlib import Path

from connector.cli.error_catalogue import error_catalogue

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_catalogue_is_the_current_one() -> None:
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == error_catalogue()
