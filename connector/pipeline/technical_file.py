"""Technical files of a paper: in the dossier's ``_sohoa`` folder, named by the opaque id."""

from __future__ import annotations

import hashlib
from pathlib import Path

from connector.domain.errors import ContentReplaced, NameConflict
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.pipeline.workplace import Workplace


def keep_technical_file(paper: Paper, place: Workplace, file: Path, *, kind: ArtifactKind, name: str) -> Artifact:
    """Store a file beside the paper; ``name`` tells its content, so that a second attempt finds it.

    Raises ContentReplaced when something else stands there under this name.
    """
    folder = _technical_folder(paper, place)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    stored = place.repository.child(folder.object_id, name) or place.repository.create_document(
        folder.object_id, name, file, content_type="application/xml"
    )
    kept = place.repository.download(stored.object_id, file.with_name("kept"))
    if kept.sha256 != digest:
        raise ContentReplaced(f"the stored {kind} file is not the one that was made")
    return Artifact(kind=kind, object_id=stored.object_id, sha256=digest, length=kept.length)


def find_technical_file(paper: Paper, place: Workplace, name: str) -> RepositoryObject | None:
    """A technical file of this name, if it is there already."""
    return place.repository.child(_technical_folder(paper, place).object_id, name)


def _technical_folder(paper: Paper, place: Workplace) -> RepositoryObject:
    dossier = place.registry.dossier(paper.dossier_id)
    name = place.office.technical_folder
    existing = place.repository.child(dossier.folder_id, name)
    if existing:
        return existing
    try:
        return place.repository.create_folder(dossier.folder_id, name)
    except NameConflict:  # another paper of the dossier was faster
        created = place.repository.child(dossier.folder_id, name)
        if created is None:
            raise
        return created
