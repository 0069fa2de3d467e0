"""Why a paper shows what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from connector.app.books import books
from connector.app.connection import open_repository
from connector.domain.errors import ConfigurationError, ObjectNotFound
from connector.domain.states import Stage
from connector.mapping.explain import ExplainedField, explain
from connector.settings import Settings


def explain_paper(settings: Settings, paper_id: UUID) -> Sequence[ExplainedField]:
    """Every Article 9 field of a paper that has been read. Raises ObjectNotFound."""
    with books(settings) as opened:
        paper = opened.papers.paper(paper_id)
        kept: Mapping[str, Any] | None = opened.papers.result(paper_id, Stage.EXTRACTION)
    if kept is None:
        raise ObjectNotFound("the paper has not been read yet")
    entry = next((entry for entry in settings.repositories if entry.id == paper.repository_id), None)
    if entry is None:
        raise ConfigurationError(f"the paper lies in repository {paper.repository_id}, which is not configured")
    repository = open_repository(entry)
    shown = repository.get(paper.object_id)
    return list(explain(repository.mapping.file, kept["proposals"], shown.properties))
