"""`sohoa export edxml` on a paper that lies in a real ECM."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from connector.cli.main import main
from connector.cmis.repository import CmisRepository
from connector.domain.errors import ExitCode
from connector.domain.metadata import LegalStatus
from connector.domain.outcome import Outcome, StatusChange
from connector.domain.paper import Artifact, ArtifactKind
from connector.domain.publication import ChangeKind, PublishedPaper
from connector.domain.states import Stage, State
from connector.mapping.edxml import load_edxml_rules
from connector.pipeline.edxml_reading import read_envelope
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from tests.fixtures.register import a_publication, claimed, publish

pytestmark = pytest.mark.integration
CONTENT, METADATA = b"%PDF-1.7 signed\r\n", b"<DuLieuDacTa/>"


@pytest.fixture
def stored(register: PaperRegister, cmis: CmisRepository, dossier_folder: str, tmp_path: Path) -> PublishedPaper:
    def put(kind: ArtifactKind, content: bytes) -> Artifact:
        (tmp_path / "file").write_bytes(content)
        name = f"{uuid4()}"
        made = cmis.create_document(dossier_folder, name, tmp_path / "file", content_type="application/pdf")
        digest = hashlib.sha256(content).hexdigest()
        return Artifact(kind=kind, object_id=made.object_id, sha256=digest, length=len(content))

    paper = claimed(register)
    publication = a_publication(paper.paper_id)
    published = replace(
        publication.paper,
        repository_id=cmis.repository_id,
        document=put(ArtifactKind.AGENCY, CONTENT),
        signed_metadata=put(ArtifactKind.METADATA, METADATA),
    )
    publish(register, paper, replace(publication, paper=published))
    return published


def export(settings_file: Path, paper_id: object, target: Path) -> int:
    command = ["export", "edxml", str(paper_id), "--out", str(target), "--config", str(settings_file)]
    return CliRunner().invoke(main, command).exit_code


def test_the_signed_paper_and_its_signed_metadata_are_in_the_envelope(
    settings_file: Path, stored: PublishedPaper, database: Database, chain: AuditChain, tmp_path: Path
) -> None:
    target, paper_id = tmp_path / "out.xml", stored.record.paper_id

    assert export(settings_file, paper_id, target) == ExitCode.OK

    read = read_envelope(target, load_edxml_rules().namespace)
    assert [each.sha256 for each in read.attachments] == [stored.document.sha256, stored.signed_metadata.sha256]
    assert [each.name for each in read.attachments] == [f"{paper_id}.pdf", f"{paper_id}.xml"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with database.transaction() as transaction:
        row = transaction.execute("SELECT subject, result FROM audit WHERE operation = 'ExportEdxml'").fetchall()
    assert row == [{"subject": str(paper_id), "result": "OK"}]


def test_a_paper_that_is_not_stored_or_no_longer_in_force_gives_no_envelope(
    settings_file: Path, stored: PublishedPaper, register: PaperRegister, tmp_path: Path
) -> None:
    target = tmp_path / "out.xml"
    paper = register.paper(stored.record.paper_id)
    withdrawn = StatusChange(kind=ChangeKind.THU_HOI, legal_status=LegalStatus.THU_HOI)
    register.commit(paper, Stage.FILING, Outcome(state=State.THU_HOI, status_change=withdrawn))

    assert export(settings_file, paper.paper_id, target) == ExitCode.FAILED
    assert export(settings_file, uuid4(), target) == ExitCode.FAILED
    assert not target.exists()


def test_a_stored_file_that_was_replaced_gives_no_envelope(
    settings_file: Path, register: PaperRegister, stored: PublishedPaper, tmp_path: Path
) -> None:
    other = claimed(register, "other")
    publication = a_publication(other.paper_id, code="x.QD.2")
    wrong = replace(stored.document, sha256="0" * 64)
    paper = replace(publication.paper, repository_id=stored.repository_id, document=wrong)
    publish(register, other, replace(publication, paper=replace(paper, signed_metadata=stored.signed_metadata)))

    assert export(settings_file, other.paper_id, tmp_path / "out.xml") == ExitCode.FAILED
    assert not (tmp_path / "out.xml").exists()
