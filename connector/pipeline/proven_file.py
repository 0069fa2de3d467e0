"""Which stored file a signed metadata XML speaks of, and which versions of the document came before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.domain.paper import Artifact, ArtifactKind, RepositoryObject
from connector.domain.publication import Record
from connector.domain.restoration import Proof, ProvenRecord
from connector.domain.signatures import Level
from connector.pipeline.workplace import Workplace

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class ProvenFile:
    """A metadata XML that is believed, where it lies, and our private copy of it."""

    proven: ProvenRecord
    artifact: Artifact
    local: Path

    @property
    def record(self) -> Record:
        """What it says."""
        return self.proven.record


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """The signed file, and what it grew out of: its bytes are the beginning of the signed file's."""

    document: Artifact
    level: Level
    earlier: Sequence[Artifact]  # newest first


def find_files(
    folder: RepositoryObject, records: Sequence[ProvenFile], desk: Path, place: Workplace, proof: Proof
) -> dict[Path, FoundFile]:
    """The file of each record, by the record's private copy; a record whose file is nowhere has none.

    Every version of every document of the dossier is read once. The newest version that holds counts: renewed
    evidence is appended to the same signed bytes.
    """
    found: dict[Path, FoundFile] = {}
    for child in place.repository.children(folder.object_id):
        missing = [each for each in records if each.local not in found]
        if child.is_folder or not missing:
            continue
        versions = _download_versions(child, desk, place)
        for record in missing:
            if file := _matching(record, versions, proof):
                found[record.local] = file
        for _, local in versions:
            local.unlink()
    return found


def _download_versions(document: RepositoryObject, desk: Path, place: Workplace) -> list[tuple[Artifact, Path]]:
    """Newest first."""
    versions = []
    for number, version in enumerate(place.repository.versions(document.object_id)):
        if not version.content_length:
            continue
        local = desk / f"version-{number}"
        content = place.repository.download(version.object_id, local)
        artifact = Artifact(
            kind=ArtifactKind.AGENCY, object_id=version.object_id, sha256=content.sha256, length=content.length
        )
        versions.append((artifact, local))
    return versions


def _matching(record: ProvenFile, versions: Sequence[tuple[Artifact, Path]], proof: Proof) -> FoundFile | None:
    prefix = record.record.prefix
    for number, (document, local) in enumerate(versions):
        if document.length < prefix.length or _hash_of_beginning(local, prefix.length) != prefix.sha256:
            continue
        if level := proof.level_of_pair(record.local, local):
            earlier = [
                artifact
                for artifact, _ in versions[number + 1 :]
                if artifact.length < prefix.length and _hash_of_beginning(local, artifact.length) == artifact.sha256
            ]
            return FoundFile(document=document, level=level, earlier=earlier)
    return None


def _hash_of_beginning(file: Path, length: int) -> str:
    digest, left = hashlib.sha256(), length
    with file.open("rb") as stream:
        while left and (chunk := stream.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()
