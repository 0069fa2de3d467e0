"""The evidence of a stored paper, extended before it lapses: new bytes, never a new version of the paper."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from connector.domain.errors import ContentReplaced, SignatureInvalid
from connector.domain.outcome import Outcome, Renewal
from connector.domain.paper import Artifact, ArtifactKind, Paper
from connector.domain.states import State
from connector.pipeline.agency_signature import agency_level, all_agency
from connector.pipeline.check_in import check_in_once
from connector.pipeline.technical_file import find_technical_file, keep_technical_file
from connector.pipeline.workplace import Workplace

# what lapses within a year is renewed: a service that is away for weeks endangers nothing
AHEAD = dt.timedelta(days=365)


def renew(paper: Paper, place: Workplace) -> Outcome:
    """Extend or complete PDF and metadata where it is due; says until when the evidence holds.

    The signed bytes stay, so that the metadata still names its paper, and readers are told GIA_HAN.
    """
    kept_document, kept_metadata = paper.artifacts[ArtifactKind.AGENCY], paper.artifacts[ArtifactKind.METADATA]
    with place.desk() as desk:
        document, file = _document(paper, kept_document, desk, place)
        metadata, record = _metadata(paper, kept_metadata, desk, place)
        level = agency_level(place.signer.verify(file))
        metadata_level = place.signer.verify(record)[-1].level
        lapsing = [place.signer.lapses_at(each) for each in (file, record)]
    if None in lapsing:
        raise SignatureInvalid("renewed evidence is not complete")
    changed = (document.sha256, metadata.sha256) != (kept_document.sha256, kept_metadata.sha256)
    return Outcome(
        state=State.DA_LUU,
        artifacts=(document, metadata) if changed else (),
        object_id=document.object_id if document.object_id != kept_document.object_id else None,
        properties={"content_sha256": document.sha256} if changed else {},
        renewal=Renewal(document=document, signed_metadata=metadata, level=level) if changed else None,
        result={"lapses_at": min(each for each in lapsing if each).isoformat(), "metadata_level": str(metadata_level)},
    )


def _document(paper: Paper, kept: Artifact, desk: Path, place: Workplace) -> tuple[Artifact, Path]:
    before = place.fetch(kept, desk / "paper.pdf")
    lapses_at = place.signer.lapses_at(before)
    if lapses_at is not None and lapses_at >= place.now() + AHEAD:
        return kept, before
    fields = {report.field for report in place.signer.verify(before)}

    def extend(source: Path, target: Path) -> None:
        """What an earlier attempt has checked in is handed on, if it gained evidence and nobody's signature."""
        if source == before:
            place.signer.renew(source, target, lapsing_before=place.now() + AHEAD)
            return
        is_stamped = place.signer.lapses_at(source) is not None
        if not is_stamped or {report.field for report in place.signer.verify(source)} != fields:
            raise ContentReplaced("the repository holds a longer file that did not gain evidence only")
        shutil.copyfile(source, target)

    checked_in, content = check_in_once(
        place,
        place.repository.get(paper.object_id),
        before=before,
        target=desk / "renewed.pdf",
        role=None,
        sign=extend,
        comment="Gia hạn bằng chứng chữ ký số",
    )
    document = Artifact(kind=kept.kind, object_id=checked_in.object_id, sha256=content.sha256, length=content.length)
    return document, desk / "renewed.pdf"


def _metadata(paper: Paper, kept: Artifact, desk: Path, place: Workplace) -> tuple[Artifact, Path]:
    """A file of its own beside the earlier one, named by that: a second attempt finds it."""
    before, after = place.fetch(kept, desk / "metadata.xml"), desk / "renewed.xml"
    name = f"{paper.paper_id}-{kept.sha256[:12]}.metadata.xml"
    stored = find_technical_file(paper, place, name)
    if stored is not None:
        content = place.repository.download(stored.object_id, after)
        if not all_agency(place.signer.verify(after)):
            raise SignatureInvalid("the stored metadata does not verify")
        artifact = Artifact(kind=kept.kind, object_id=stored.object_id, sha256=content.sha256, length=content.length)
        return artifact, after
    if not place.signer.renew(before, after, lapsing_before=place.now() + AHEAD):
        return kept, before
    return keep_technical_file(paper, place, after, kind=ArtifactKind.METADATA, name=name), after
