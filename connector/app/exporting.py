"""Packages for whoever keeps dossiers after us, and envelopes for the document exchange axis."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path
from uuid import UUID

from connector.app.books import books, repositories
from connector.domain.errors import ContentReplaced, InvalidFieldValue, ObjectNotFound
from connector.domain.metadata import LegalStatus
from connector.domain.publication import PublishedPaper
from connector.mapping.edxml import load_edxml_rules
from connector.pipeline.edxml import Enclosure, write_envelope
from connector.pipeline.edxml_reading import read_envelope
from connector.settings import Settings


def export(settings: Settings, dossier_or_paper: UUID, folder: Path) -> int:
    """The dossier of this id, or the one that this paper lies in; answers how many papers it has.

    Raises ObjectNotFound, and what ``export_dossier`` raises.
    """
    from connector.app.wiring import workplaces  # reading and signing load slowly, and an envelope needs neither
    from connector.pipeline.export import export_dossier

    with books(settings) as opened:
        try:
            dossier_id = opened.papers.paper(dossier_or_paper).dossier_id
        except ObjectNotFound:
            dossier_id = dossier_or_paper
        dossier = opened.papers.dossier(dossier_id)
        return export_dossier(dossier_id, workplaces(settings, opened.papers)[dossier.repository_id], folder)


def export_edxml(settings: Settings, paper_id: UUID, target: Path, *, rules_file: Path | None = None) -> None:
    """A stored paper in force as an edXML envelope, read back before it is handed over, and audited.

    Raises ObjectNotFound for a paper that is not stored, InvalidFieldValue for one that is not in force,
    ContentReplaced when a stored file is not the one that was kept, ConfigurationError.
    """
    rules = load_edxml_rules(rules_file)
    settings.work.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        books(settings) as opened,
        tempfile.TemporaryDirectory(prefix="edxml-", dir=settings.work.folder) as desk,
    ):
        paper = opened.publications.published(paper_id)
        if paper is None:
            raise ObjectNotFound("stored paper")
        if paper.legal_status is not LegalStatus.HIEU_LUC:
            raise InvalidFieldValue("legal_status", sentence="Giấy tờ không còn hiệu lực, không kết xuất edXML.")
        enclosures = _fetched(settings, paper, Path(desk))
        written = Path(desk) / "envelope.xml"
        write_envelope(paper, enclosures, rules, written, now=dt.datetime.now(dt.UTC))
        _check(paper, written, rules.namespace)
        opened.publications.audit(
            actor="sohoa export", operation="ExportEdxml", subject=str(paper_id), purpose=None, result="OK"
        )
        _hand_over(written, target)


def _fetched(settings: Settings, paper: PublishedPaper, desk: Path) -> list[Enclosure]:
    repository = repositories(settings)[paper.repository_id]
    name = str(paper.record.paper_id)
    signed = Enclosure(
        file=desk / "signed.pdf",
        name=f"{name}.pdf",
        content_type="application/pdf",
        description=paper.record.metadata.document_name or "Giấy tờ",
    )
    described = Enclosure(
        file=desk / "metadata.xml",
        name=f"{name}.xml",
        content_type="application/xml",
        description="Dữ liệu đặc tả đã ký số (Điều 9 Quyết định 1333/QĐ-BHXH)",
    )
    for enclosure, artifact in ((signed, paper.document), (described, paper.signed_metadata)):
        if repository.download(artifact.object_id, enclosure.file).sha256 != artifact.sha256:
            raise ContentReplaced("the stored content is not the registered one")
    return [signed, described]


def _check(paper: PublishedPaper, written: Path, namespace: str) -> None:
    """Raises ContentReplaced when the envelope does not give back what went in."""
    arrived = [attachment.sha256 for attachment in read_envelope(written, namespace).attachments]
    if arrived != [paper.document.sha256, paper.signed_metadata.sha256]:
        raise ContentReplaced("the envelope does not hold what was put in")


def _hand_over(written: Path, target: Path) -> None:
    """Whole or not at all, and for its owner only."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with (
        written.open("rb") as source,
        os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to,
    ):
        while chunk := source.read(1024 * 1024):
            to.write(chunk)
    part.replace(target)
