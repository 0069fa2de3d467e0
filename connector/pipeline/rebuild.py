"""Filling an empty register from what is signed in the repository; properties are believed in nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from connector.domain.errors import InvalidFieldValue, NotAsSigned, SignatureInvalid, UnreadableFile
from connector.domain.paper import Artifact, ArtifactKind, RepositoryObject
from connector.domain.restoration import Disbelief, Proof, ProvenRecord, RestoredPaper, Restorer
from connector.domain.states import Stage, State
from connector.pipeline.copies import altered_copies
from connector.pipeline.display import show
from connector.pipeline.proven_file import FoundFile, ProvenFile, find_files
from connector.pipeline.proven_paper import proven_paper
from connector.pipeline.workplace import Workplace

_SUFFIX = ".metadata.xml"
_UNPROVEN = (
    "Sổ đăng ký vừa được dựng lại: tài liệu ghi {state} nhưng chưa có nhật ký ký số nào chứng minh. "
    "Chọn THU_LAI để công bố lại, rồi chọn {state} lần nữa nếu giấy tờ đúng là đã bị thu hồi hoặc thay thế."
)


def rebuild(place: Workplace, proof: Proof, restorer: Restorer) -> Iterator[UUID | Disbelief]:
    """Restore dossier after dossier; answers each restored paper's id and everything that was not believed.

    A paper that the ECM shows as withdrawn without a signed journal that says so waits for a person: neither is it
    published as in force, nor is the property believed.
    """
    folders = [each for each in place.repository.changed_since(None) if each.is_folder]
    for folder in folders:
        technical = place.repository.child(folder.object_id, place.office.technical_folder)
        if technical is not None:
            yield from _restore_dossier(folder, technical, place, proof, restorer)


def _restore_dossier(
    folder: RepositoryObject, technical: RepositoryObject, place: Workplace, proof: Proof, restorer: Restorer
) -> Iterator[UUID | Disbelief]:
    with place.desk() as desk:
        proven: dict[UUID, list[ProvenFile]] = {}
        for file in place.repository.children(technical.object_id):
            if not file.name.endswith(_SUFFIX):
                continue
            try:
                found = _read(file, desk, place, proof)
            except (SignatureInvalid, UnreadableFile, InvalidFieldValue) as error:
                yield Disbelief(subject=file.object_id, reason=f"metadata XML not believed: {error}")
                continue
            _keep_longest(proven.setdefault(found.record.paper_id, []), found)
        files = find_files(folder, [each for group in proven.values() for each in group], desk, place, proof)
        for paper_id, versions in proven.items():
            yield from _restore_paper(folder, paper_id, versions, files, place, restorer)


def _keep_longest(versions: list[ProvenFile], found: ProvenFile) -> None:
    """One file for each signature: where its evidence was renewed, the file that holds more of it."""
    for number, known in enumerate(versions):
        if known.record == found.record and known.proven.signed_at == found.proven.signed_at:
            versions[number] = max(known, found, key=lambda each: each.artifact.length)
            return
    versions.append(found)


def _read(file: RepositoryObject, desk: Path, place: Workplace, proof: Proof) -> ProvenFile:
    local = desk / f"{len(list(desk.iterdir()))}{_SUFFIX}"
    content = place.repository.download(file.object_id, local)
    read: ProvenRecord = proof.record_in(local)
    artifact = Artifact(
        kind=ArtifactKind.METADATA, object_id=file.object_id, sha256=content.sha256, length=content.length
    )
    return ProvenFile(proven=read, artifact=artifact, local=local)


def _restore_paper(
    folder: RepositoryObject,
    paper_id: UUID,
    versions: list[ProvenFile],
    files: dict[Path, FoundFile],
    place: Workplace,
    restorer: Restorer,
) -> Iterator[UUID | Disbelief]:
    pairs = [(version, files[version.local]) for version in versions if version.local in files]
    if len(pairs) < len(versions):
        yield Disbelief(
            subject=str(paper_id), reason="no stored file carries the bytes that its metadata was signed over"
        )
    if not pairs:
        return
    ordered = sorted(pairs, key=lambda pair: (pair[0].record.confirmed_at, pair[0].proven.signed_at))
    shown = place.repository.get(ordered[-1][1].document.object_id)
    restored = proven_paper(folder, shown, ordered, place, status=restorer.proven_status(paper_id))
    yield from _differences(restored, shown)
    restored = _in_doubt(restored, shown) or restored
    if not restorer.restore(restored):
        yield Disbelief(subject=str(paper_id), reason="stands in two dossiers, or was restored before")
        return
    error = restored.paper.error
    properties = {**altered_copies(restored.paper, shown), **({"error": error} if error else {})}
    show(place, shown.object_id, properties, state=restored.paper.state)
    yield paper_id


def _differences(restored: RestoredPaper, shown: RepositoryObject) -> Iterator[Disbelief]:
    paper = restored.paper
    altered = altered_copies(paper, shown)
    if altered:
        names = ", ".join(sorted(altered))
        yield Disbelief(subject=str(paper.paper_id), reason=f"properties differ from what is signed: {names}")
    if shown.object_id != paper.artifacts[ArtifactKind.AGENCY].object_id:
        yield Disbelief(subject=str(paper.paper_id), reason="a newer version of the document is not the signed one")


def _in_doubt(restored: RestoredPaper, shown: RepositoryObject) -> RestoredPaper | None:
    """The same paper, waiting for a person, where the ECM says that it ended and no journal proves it."""
    claimed = str(shown.properties.get("state") or "")
    ended = {str(State.THU_HOI), str(State.THAY_THE)}
    if claimed not in ended or restored.paper.state is not State.DA_LUU:
        return None
    paper = replace(
        restored.paper,
        state=State.LOI,
        failed_stage=Stage.FILING,
        error=NotAsSigned(sentence=_UNPROVEN.format(state=claimed)).vietnamese,
        error_code=NotAsSigned.code,
    )
    return replace(restored, paper=paper, is_published=False)
