"""Article 11: file the signed paper in its owner's store and tell the portal."""

from __future__ import annotations

import datetime as dt
import hmac
import logging

from connector.domain.errors import NameConflict, RepositoryError
from connector.domain.metadata import VIETNAM, CopyForm, Value
from connector.domain.outcome import Outcome, Publication
from connector.domain.paper import ArtifactKind, Paper, RepositoryObject
from connector.domain.publication import ChangeKind, PublishedPaper
from connector.domain.signatures import Level, SignedPrefix
from connector.domain.states import Stage, State
from connector.domain.validity import status_on
from connector.pipeline.access import keep_for_readers
from connector.pipeline.agency_signature import record_of
from connector.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def file(paper: Paper, place: Workplace) -> Outcome:
    """Show the paper in its owner's store and put it into the change feed.

    Only a paper with a complete owner id shows in a store (Art. 11.2); the others are kept where they are and
    found by the data of Art. 9.2.b. A corrected paper leaves the store of whom it does not belong to.
    """
    before = place.registry.latest_publication(paper.paper_id)
    owner_id = paper.metadata.owner_id if paper.metadata else None
    _file_in_store(paper, owner_id, before, place)
    place.repository.lock(paper.object_id)
    published = _published(paper, before, place)
    kind = published.record.metadata.document_type_code or ""
    keep_for_readers(paper, kind, place)
    kept_until = place.office.types.retention_until(kind, published.published_at.astimezone(VIETNAM).date())
    if kept_until:
        _keep(paper, kept_until, place)
    properties: dict[str, Value] = {
        "legal_status": str(published.legal_status),
        "retention_until": kept_until.isoformat() if kept_until else None,
        "error": None,
    }
    return Outcome(
        state=State.DA_LUU,
        properties=properties,
        publication=Publication(kind=_kind(published, before), paper=published),
    )


def _keep(paper: Paper, until: dt.date, place: Workplace) -> None:
    """The repository's own retention, where it has one; our own property holds all the same."""
    try:
        place.repository.keep_until(paper.object_id, until)
    except RepositoryError as error:
        if error.transient:
            raise
        log.warning("paper %s: the repository does not retain it: %s", paper.paper_id, error.code)


def _kind(published: PublishedPaper, before: PublishedPaper | None) -> ChangeKind:
    if before is None:
        return ChangeKind.MOI
    is_same_file = before.document.sha256 == published.document.sha256
    return ChangeKind.SUA_DU_LIEU if is_same_file else ChangeKind.PHIEN_BAN


def _file_in_store(paper: Paper, owner_id: str | None, before: PublishedPaper | None, place: Workplace) -> None:
    root = place.office.store_folder_id
    if root is None:
        return
    if owner_id:
        store = _owner_store(owner_id, root, place)
        place.repository.add_to_folder(paper.object_id, store.object_id)
    earlier = before.record.metadata.owner_id if before else None
    if earlier and earlier != owner_id:
        old = place.repository.child(root, _store_name(earlier, place))
        if old:
            place.repository.remove_from_folder(paper.object_id, old.object_id)


def _store_name(owner_id: str, place: Workplace) -> str:
    """The folder's name must not give the personal id away, and a bare hash of twelve digits would."""
    return "chu-" + hmac.digest(place.office.naming_key, owner_id.encode(), "sha256").hex()[:16]


def _owner_store(owner_id: str, root: str, place: Workplace) -> RepositoryObject:
    name = _store_name(owner_id, place)
    existing = place.repository.child(root, name)
    if existing:
        return existing
    try:
        return place.repository.create_folder(root, name, kind="store", properties={"owner_id": owner_id})
    except NameConflict:  # another paper of this owner was faster
        created = place.repository.child(root, name)
        if created is None:
            raise
        return created


def _published(paper: Paper, before: PublishedPaper | None, place: Workplace) -> PublishedPaper:
    signed = place.registry.result(paper.paper_id, Stage.AGENCY_SIGNATURE) or {}
    prefix = SignedPrefix(length=int(str(signed["prefix_length"])), sha256=str(signed["prefix_sha256"]))
    form = CopyForm(str(signed["copy_form"]))
    record = record_of(paper, form, prefix, place)
    return PublishedPaper(
        record=record,
        repository_id=paper.repository_id,
        version=before.version + 1 if before else 1,
        legal_status=status_on(record.metadata, place.today()),
        replaced_by=None,
        document=paper.artifacts[ArtifactKind.AGENCY],
        signed_metadata=paper.artifacts[ArtifactKind.METADATA],
        level=Level(str(signed["document_level"])),
        published_at=place.now().astimezone(dt.UTC),
    )
