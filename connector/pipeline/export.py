"""One dossier as a folder: every file of its papers, evidence, tables, PREMIS, and a manifest of hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from connector.domain.errors import InvalidFieldValue
from connector.domain.paper import Artifact, ArtifactKind
from connector.domain.states import State
from connector.pipeline.archive_tables import archive_tables
from connector.pipeline.premis import premis
from connector.pipeline.workplace import Workplace

MANIFEST = "manifest-sha256.txt"
EVIDENCE = "evidence"  # certificates and revocation data that the signed files carry, as files of their own
_SIGNED = (ArtifactKind.PERSONAL, ArtifactKind.AGENCY, ArtifactKind.METADATA)
_NAMES: Mapping[ArtifactKind, str] = {
    ArtifactKind.ORIGINAL: "original.pdf",
    ArtifactKind.PERSONAL: "capture.pdf",
    ArtifactKind.AGENCY: "signed.pdf",
    ArtifactKind.METADATA: "metadata.xml",
    ArtifactKind.ALTO: "text.alto.xml",
}


def export_dossier(dossier_id: UUID, place: Workplace, folder: Path) -> int:
    """Write the package into an empty folder; answers how many papers are in it.

    Each paper has a folder named by its opaque id. A quarantined paper is left out, with all its steps. Raises
    InvalidFieldValue when the folder is not empty, ContentReplaced when a stored file is not the one that was kept.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InvalidFieldValue("the folder of an export has to be empty")
    papers = [each for each in place.registry.papers_of(dossier_id) if each.state is not State.CACH_LY]
    files: dict[Artifact, Path] = {}
    for paper in papers:
        for kind, artifact in paper.artifacts.items():
            name = Path(str(paper.paper_id)) / _NAMES[kind]
            (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
            place.fetch(artifact, folder / name)
            files[artifact] = name
    for artifact, name in files.items():
        if artifact.kind in _SIGNED:
            _write(folder / EVIDENCE, place.signer.carried_evidence(folder / name))
    _write(folder, archive_tables(place.registry.dossier(dossier_id), papers, place))
    steps = {paper.paper_id: place.registry.history(paper.paper_id) for paper in papers}
    (folder / "premis.xml").write_bytes(premis(papers, files, steps, place.staff))
    _write_manifest(folder)
    return len(papers)


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    if contents:
        folder.mkdir(mode=0o700, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _write_manifest(folder: Path) -> None:
    """As `sha256sum --check` and BagIt read it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in found
    ]
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
