"""`sohoa retry` does what the button THU_LAI does."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from connector.cli.main import main
from connector.cmis.repository import CmisRepository
from connector.domain.errors import ExitCode
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Deposit, Dossier, Paper
from connector.domain.states import Stage, State
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from tests.fixtures.register import queued_stages

pytestmark = pytest.mark.integration

SCAN = b"%PDF-1.7 scan"


@pytest.fixture
def failed(register: PaperRegister, cmis: CmisRepository, dossier_folder: str, tmp_path: Path) -> Paper:
    """A paper in the real ECM whose capture was refused."""
    file = tmp_path / "x.pdf"
    file.write_bytes(SCAN)
    document = cmis.create_document(dossier_folder, "x.pdf", file, content_type="application/pdf", kind="paper")
    content = cmis.download(document.object_id, file)
    paper = register.claim(
        Deposit(
            repository_id=cmis.repository_id,
            version_series_id=document.version_series_id,
            object_id=document.object_id,
            folder_id=dossier_folder,
            original_sha256=content.sha256,
            length=content.length,
        ),
        Dossier(dossier_id=uuid4(), repository_id=cmis.repository_id, folder_id=dossier_folder),
    )
    assert paper is not None
    original = Artifact(
        kind=ArtifactKind.ORIGINAL, object_id=document.object_id, sha256=content.sha256, length=content.length
    )
    known = register.commit(paper, Stage.SCOPE, Outcome(state=State.TIEP_NHAN, artifacts=(original,)))
    return register.fail(known, Stage.CAPTURE, code="SAO_CHUP", sentence="[SAO_CHUP] Quét lại.")


def retried(paper: Paper, settings_file: Path) -> int:
    return CliRunner().invoke(main, ["retry", str(paper.paper_id), "--config", str(settings_file)]).exit_code


def test_the_same_file_is_taken_up_where_it_failed(
    failed: Paper, register: PaperRegister, database: Database, settings_file: Path
) -> None:
    assert retried(failed, settings_file) == ExitCode.OK

    assert register.paper(failed.paper_id).state is State.TIEP_NHAN
    assert queued_stages(database)[-1] == "capture"


def test_a_replaced_file_is_taken_from_the_beginning(
    failed: Paper,
    register: PaperRegister,
    database: Database,
    settings_file: Path,
    cmis: CmisRepository,
    tmp_path: Path,
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 another scan")
    newer = cmis.check_in(cmis.get(failed.object_id), other, comment="quét lại")

    assert retried(failed, settings_file) == ExitCode.OK

    paper = register.paper(failed.paper_id)
    assert (paper.object_id, paper.artifacts) == (newer.object_id, {})
    assert queued_stages(database)[-1] == "scope"
    assert retried(failed, settings_file) == ExitCode.FAILED  # it is not in LOI any more
