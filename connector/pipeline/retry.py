"""Trying a failed paper again: from the stage that failed, or from the beginning with a new file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from connector.domain.errors import ContentReplaced, InvalidFieldValue
from connector.domain.metadata import Value
from connector.domain.paper import ArtifactKind, Deposit, Paper, RepositoryObject
from connector.domain.states import State
from connector.pipeline.display import show
from connector.pipeline.proposals import withdrawn_values
from connector.pipeline.workplace import Workplace

# versions of the document itself, newest first; metadata and text layer are files beside it
_VERSIONS = (ArtifactKind.AGENCY, ArtifactKind.PERSONAL, ArtifactKind.ORIGINAL)


def retry(paper: Paper, place: Workplace, *, actor: str) -> None:
    """Take a paper out of LOI.

    A person who scanned again and put the new file in the old one's place has it taken from the beginning: what was
    signed, read and confirmed was about another file (Art. 8.1).
    """
    document = place.repository.get(paper.object_id)
    with place.desk() as desk:
        replaced_by = _replacement(paper, document, desk / "document", place)
    if replaced_by is None:
        resumed = place.registry.resume(paper, actor=actor)
        show(place, document.object_id, {"action": None, "error": None}, state=resumed.state)
        return
    _start_over(paper, document, replaced_by, place, actor)


def scan_again(paper: Paper, place: Workplace, *, actor: str) -> None:
    """A new scan in the document of a stored paper becomes a new version of it, on the way of every scan.

    Until that is stored the signed version before it is what others read: it stays valid. Raises InvalidFieldValue
    where the document still holds the signed file.
    """
    document = place.repository.get(paper.object_id)
    with place.desk() as desk:
        replaced_by = _replacement(paper, document, desk / "document", place)
    if replaced_by is None:
        sentence = "Giấy tờ đã lưu và tệp chưa thay đổi: nộp bản quét mới làm phiên bản mới rồi chọn THU_LAI."
        raise InvalidFieldValue("unchanged", sentence=sentence)
    _start_over(paper, document, replaced_by, place, actor)


def _start_over(paper: Paper, document: RepositoryObject, replaced_by: Deposit, place: Workplace, actor: str) -> None:
    withdrawn = withdrawn_values(paper, place)
    place.registry.start_over(paper, replaced_by, actor=actor)
    forgotten: dict[str, Value] = dict.fromkeys(paper.displayed)
    cleared: dict[str, Value] = {**forgotten, "action": None, "error": None}
    show(place, document.object_id, cleared, state=State.TIEP_NHAN, withdrawn=withdrawn)


def _replacement(paper: Paper, document: RepositoryObject, file: Path, place: Workplace) -> Deposit | None:
    """The new file as a deposit; None while the document still holds the file that we know."""
    if document.checked_out or not document.content_length:
        raise ContentReplaced(
            "still being edited", sentence="Tài liệu còn đang được sửa hoặc chưa có tệp; lưu xong rồi chọn THU_LAI."
        )
    content = place.repository.download(document.object_id, file)
    if _holds_known_file(paper, file, content.sha256):
        return None
    return Deposit(
        repository_id=paper.repository_id,
        version_series_id=paper.version_series_id,
        object_id=document.object_id,
        folder_id=place.registry.dossier(paper.dossier_id).folder_id,
        original_sha256=content.sha256,
        length=content.length,
    )


def _holds_known_file(paper: Paper, file: Path, sha256: str) -> bool:
    """Whether the file is the known one, or goes on from it: a signature of ours whose commit was lost."""
    known = next((paper.artifacts[kind] for kind in _VERSIONS if kind in paper.artifacts), None)
    if known is None:
        return sha256 == paper.original_sha256
    if paper.error_code == ContentReplaced.code:  # a stage has looked, and what goes on is no signature of ours
        return sha256 == known.sha256
    with file.open("rb") as stream:
        begins_with = hashlib.sha256(stream.read(known.length)).hexdigest()
    return begins_with == known.sha256
