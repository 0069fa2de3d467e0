"""Technical files of a paper: in the dossier's ``_sohoa`` folder, named by the opaque id."""

from __future__ import annotations

import hashlib
from pathlib import Path

from connector.domain.errors import NameConflict
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.pipeline.workplace import Workplace


def keep_technical_file(paper: Paper, place: Workplace, file: Path, *, kind: ArtifactKind, suffix: str) -> Artifact:
    """Store a file beside the paper; the same bytes a second time are found, not doubled."""
    folder = _technical_folder(paper, place)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    # the digest in the name tells a second attempt with other bytes (a later extraction) from the same one
    name = f"{paper.paper_id}-{digest[:12]}{suffix}"
    stored = place.repository.child(folder.object_id, name) or place.repository.create_document(
        folder.object_id, name, file, content_type="application/xml"
    )
    return Artifact(kind=kind, object_id=stored.object_id, sha256=digest, length=file.stat().st_size)


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
