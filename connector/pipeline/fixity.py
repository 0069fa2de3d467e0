"""Hashing and verifying stored papers again, and telling people what was found."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from connector.domain.errors import (
    ContentReplaced,
    EncryptedFile,
    InvalidFieldValue,
    NotAsSigned,
    ObjectNotFound,
    SignatureInvalid,
    UnreadableFile,
)
from connector.domain.fixity import CheckedPaper, Damage, FixityRegister
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.restoration import Proof
from connector.pipeline.display import show
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)

_SENTENCES = {
    Damage.MISSING: "Tệp {file} của giấy tờ {paper} đã lưu không còn trong kho tài liệu; khôi phục từ bản sao lưu.",
    Damage.CHANGED: "Tệp {file} của giấy tờ {paper} đã lưu không còn đúng từng byte; khôi phục từ bản sao lưu.",
    Damage.SIGNATURE: "Chữ ký số trên tệp {file} của giấy tờ {paper} đã lưu không còn hợp lệ; báo văn thư kiểm tra.",
}


def check_due(place: Workplace, book: FixityRegister, proof: Proof, *, days: int) -> Iterator[CheckedPaper]:
    """Today's part of the stored papers; every one is hashed and verified within ``days`` days."""
    for paper_id in book.due(place.repository.repository_id, days=days):
        paper = place.registry.paper(paper_id)
        checked = check_paper(paper, place, proof)
        _tell(paper, checked, place, book)
        yield checked


def find_deleted(place: Workplace, book: FixityRegister) -> Iterator[CheckedPaper]:
    """Stored papers that are in no watched folder any more and cannot be read by their id either.

    One listing of the repository instead of a question for each paper. What other systems read does not change: the
    register says published until a person withdraws it.
    """
    stored = book.stored_series(place.repository.repository_id)
    for document in place.repository.changed_since(None):
        stored.pop(document.version_series_id, None)
    for paper_id in stored.values():
        paper = place.registry.paper(paper_id)
        try:
            place.repository.get(paper.object_id)
        except ObjectNotFound:
            checked = CheckedPaper(paper_id=paper_id, damage=Damage.MISSING, file=str(ArtifactKind.AGENCY))
            _tell(paper, checked, place, book)
            yield checked


def check_paper(paper: Paper, place: Workplace, proof: Proof) -> CheckedPaper:
    """Every file of a stored paper: there, with the bytes it was checked in with, the signatures valid today.

    What others read counts, also while a new scan or a correction of the paper is on its way.
    """
    published = place.registry.latest_publication(paper.paper_id)
    if published is None:
        return CheckedPaper(paper_id=paper.paper_id, damage=None)
    files = {
        **paper.artifacts,
        ArtifactKind.AGENCY: published.document,
        ArtifactKind.METADATA: published.signed_metadata,
    }
    with place.desk() as desk:
        for kind, artifact in files.items():
            if damage := _damage_of(artifact, desk / str(kind), place):
                return CheckedPaper(paper_id=paper.paper_id, damage=damage, file=str(kind))
        if not _is_proven(paper, desk, proof):
            return CheckedPaper(paper_id=paper.paper_id, damage=Damage.SIGNATURE, file=str(ArtifactKind.AGENCY))
    return CheckedPaper(paper_id=paper.paper_id, damage=None)


def _damage_of(artifact: Artifact, local: Path, place: Workplace) -> Damage | None:
    try:
        place.fetch(artifact, local)
    except ObjectNotFound:
        return Damage.MISSING
    except ContentReplaced:
        return Damage.CHANGED
    return None


def _is_proven(paper: Paper, desk: Path, proof: Proof) -> bool:
    metadata = desk / str(ArtifactKind.METADATA)
    try:
        record = proof.record_in(metadata).record
        level = proof.level_of_pair(metadata, desk / str(ArtifactKind.AGENCY))
    except (SignatureInvalid, UnreadableFile, EncryptedFile, InvalidFieldValue):
        return False
    return record.paper_id == paper.paper_id and level is not None


def _tell(paper: Paper, checked: CheckedPaper, place: Workplace, book: FixityRegister) -> None:
    """The log each time, the ECM when it is news: on the paper, or on its dossier where the paper is gone."""
    is_news = book.note(checked)
    if checked.damage is None:
        if is_news:
            show(place, paper.object_id, {"error": None})
        return
    log.error("paper %s: stored file %s is damaged: %s", paper.paper_id, checked.file, checked.damage)
    sentence = _SENTENCES[checked.damage].format(file=checked.file, paper=paper.paper_id)
    error = NotAsSigned(sentence=sentence).vietnamese
    for object_id in (paper.object_id, place.registry.dossier(paper.dossier_id).folder_id):
        try:
            show(place, object_id, {"error": error})
        except ObjectNotFound:
            continue
        return
