"""Taking up a failed paper again, as the button THU_LAI does."""

from __future__ import annotations

from uuid import UUID

from connector.app.books import books
from connector.app.wiring import workplaces
from connector.domain.errors import ConfigurationError, StaleState
from connector.domain.states import State
from connector.pipeline.retry import retry
from connector.settings import Settings

_ACTOR = "sohoa retry"


def retry_paper(settings: Settings, paper_id: UUID) -> None:
    """Take a paper out of LOI; one whose file was replaced is taken from the beginning.

    Raises ObjectNotFound, StaleState when it is not in LOI, ConfigurationError when its repository is not configured.
    """
    with books(settings) as opened:
        paper = opened.papers.paper(paper_id)
        if paper.state is not State.LOI:
            raise StaleState(f"the paper is in {paper.state}")
        place = workplaces(settings, opened.papers).get(paper.repository_id)
        if place is None:
            raise ConfigurationError(f"the paper lies in repository {paper.repository_id}, which is not configured")
        retry(paper, place, actor=_ACTOR)
