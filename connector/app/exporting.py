"""Packages for whoever keeps dossiers after us."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from connector.app.books import books
from connector.app.wiring import workplaces
from connector.domain.errors import ObjectNotFound
from connector.pipeline.export import export_dossier
from connector.settings import Settings


def export(settings: Settings, dossier_or_paper: UUID, folder: Path) -> int:
    """The dossier of this id, or the one that this paper lies in; answers how many papers it has.

    Raises ObjectNotFound, and what ``export_dossier`` raises.
    """
    with books(settings) as opened:
        try:
            dossier_id = opened.papers.paper(dossier_or_paper).dossier_id
        except ObjectNotFound:
            dossier_id = dossier_or_paper
        dossier = opened.papers.dossier(dossier_id)
        return export_dossier(dossier_id, workplaces(settings, opened.papers)[dossier.repository_id], folder)
