"""The database is lost: codes and feed come back from what is signed in the ECM, and from nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from connector.app import journal as journals
from connector.cli.main import main
from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm
from connector.demo.pki import SCANNER_NAME, DemoPki
from connector.domain.errors import ExitCode
from connector.domain.metadata import VIETNAM
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from signing.keys import Pkcs12Key
from signing.metadata_xml import build_metadata_xml
from signing.signer import PaperSigner
from tests.fixtures.database import fresh_database
from tests.fixtures.installation import write_settings
from tests.fixtures.pipelines import CLERK, HEAD, PlayedOffice
from tests.fixtures.register import a_publication
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration
TODAY = dt.datetime.now(VIETNAM).date()
USERS = "users:\n  giai.quyet:\n    full_name: Lê Hoàng Nam\n    roles: [giai_quyet]\n"


@pytest.fixture
def own_mapping(tmp_path: Path) -> Path:
    """The shipped mapping, but for a watched folder of this test's own: its dossiers and journals are all there is."""
    shipped = find_mapping("opencmis").read_text(encoding="utf-8")
    file = tmp_path / "mapping.yaml"
    file.write_text(
        shipped.replace("watched_path: /Hồ sơ", f"watched_path: /Hồ sơ {uuid4().hex[:8]}"), encoding="utf-8"
    )
    return file


@pytest.fixture
def open_as(ecm: DemoEcm, own_mapping: Path) -> Callable[[str], CmisRepository]:
    def opened(login: str) -> CmisRepository:
        endpoint = Endpoint(url=ecm.browser_url, repository_id=ecm.repository_id, username=login, password="any")
        return CmisRepository(endpoint, Mapping(load_mapping(own_mapping)))

    return opened


@pytest.fixture
def settings_for(ecm: DemoEcm, pki: DemoPki, own_mapping: Path, tmp_path: Path) -> Callable[[str], Path]:
    """The settings of the same office over another database."""

    def written(dsn: str) -> Path:
        return write_settings(tmp_path, dsn=dsn, ecm=ecm, pki=pki, mapping=str(own_mapping), users=USERS)

    return written


@pytest.fixture
def office(
    register: PaperRegister,
    database: Database,
    tmp_path: Path,
    signer: PaperSigner,
    open_as: Callable[[str], CmisRepository],
    own_mapping: Path,
) -> PlayedOffice:
    watched = load_mapping(own_mapping).watched_path
    played = PlayedOffice(register, database, tmp_path, signer=signer, open_as=open_as, watched=watched)
    played.with_scanner(SCANNER_NAME, "hà")
    return played


@pytest.fixture
def another_database(postgres: str, empty_register: str) -> Iterator[str]:
    """What an administrator has after the loss: an empty one."""
    with fresh_database(postgres, empty_register) as dsn:
        yield dsn


def run_rebuild(settings: Path) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(main, ["rebuild", "--json", "--config", str(settings)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.exit_code, [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]


def told_of(lines: list[dict[str, Any]], subject: str) -> str:
    return " | ".join(line["reason"] for line in lines if line.get("not_believed") == subject)


def test_the_portal_pulls_again_by_the_same_codes_after_the_database_was_lost(
    office: PlayedOffice,
    publications: PublicationRegister,
    settings_for: Callable[[str], Path],
    dsn: str,
    another_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, [kept, withdrawn, corrected] = office.stored("1/QĐ-BHXH", "2/QĐ-BHXH", "3/QĐ-BHXH")
    office.press(withdrawn, "THU_HOI", HEAD, scope_basis="9/QĐ-BHXH")
    office.press(corrected, "XAC_NHAN", abstract="Về việc điều chỉnh lương hưu")
    for _ in range(2):
        office.attend()
        office.work()
    office.press(corrected, "KY_CO_QUAN", CLERK)
    papers = [office.paper(each) for each in (kept, withdrawn, corrected)]
    before = {paper.paper_id: publications.published(paper.paper_id) for paper in papers}
    first_page = publications.changes(None, limit=100)
    given = publications.deliver(before[papers[0].paper_id], client="cong-dvc", purpose="xem", request_id=None)  # type: ignore[arg-type]
    monkeypatch.setattr(journals, "yesterday", lambda: TODAY)  # the day is over for this test
    kept_journal = CliRunner().invoke(main, ["audit", "journal", "--config", str(settings_for(dsn))])
    assert kept_journal.exit_code == ExitCode.OK, kept_journal.output

    code, lines = run_rebuild(settings_for(another_database))

    ours = {str(paper.paper_id) for paper in papers}
    assert (code, [line for line in lines if "not_believed" in line]) == (ExitCode.OK, [])
    assert {line["restored"] for line in lines[:-1]} == ours
    assert (lines[-1]["papers"], lines[-1]["journals"]) == (3, 1)
    with Database(another_database) as opened:
        again = PublicationRegister(opened, AuditChain(opened, b"test key"))
        for paper in papers:
            old, new = before[paper.paper_id], again.published(paper.paper_id)
            assert old is not None and new is not None
            assert new.record.digitization_code == old.record.digitization_code
            assert new.record.metadata == old.record.metadata
            pulled = b"".join(office.ours.stream(new.document.object_id))  # what GetDocument hands out
            assert hashlib.sha256(pulled).hexdigest() == old.document.sha256
            assert (new.document.sha256, new.signed_metadata.sha256) == (
                old.document.sha256,
                old.signed_metadata.sha256,
            )
            assert (new.version, new.legal_status, new.level) == (old.version, old.legal_status, old.level)
            assert again.published_by_code(new.record.digitization_code)[0].record.paper_id == paper.paper_id
        with pytest.raises(Exception, match="rebuilt"):
            again.changes(first_page.next_token, limit=10)
        entries = [entry for entry in again.changes(None, limit=100).entries if str(entry.paper_id) in ours]
        assert sorted(str(entry.kind) for entry in entries) == ["MOI", "MOI", "MOI", "SUA_DU_LIEU"]
        assert AuditChain(opened, b"test key").finding() is None
        with opened.transaction() as transaction:
            deliveries = transaction.execute("SELECT delivery_id, client FROM delivery").fetchall()
        assert [(row["delivery_id"], row["client"]) for row in deliveries] == [(given.delivery_id, "cong-dvc")]
        restored = PaperRegister(opened, AuditChain(opened, b"test key")).paper(papers[0].paper_id)
        kinds = (ArtifactKind.ORIGINAL, ArtifactKind.PERSONAL, ArtifactKind.AGENCY, ArtifactKind.METADATA)
        assert [restored.artifacts[kind] for kind in kinds] == [papers[0].artifacts[kind] for kind in kinds]
    assert str(TODAY.isoformat()) in lines[-1]["gap"]


def test_forged_properties_and_files_are_not_believed_and_are_named(
    office: PlayedOffice,
    open_as: Callable[[str], CmisRepository],
    settings_for: Callable[[str], Path],
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    another_database: str,
) -> None:
    dossier, [forged, unsigned, changed, ended] = office.stored("11/QĐ-BHXH", "12/QĐ-BHXH", "13/QĐ-BHXH", "14/QĐ-BHXH")
    anybody = open_as("khach")
    papers = {name: office.paper(each) for name, each in
              {"forged": forged, "unsigned": unsigned, "changed": changed, "ended": ended}.items()}  # fmt: skip
    anybody.update(anybody.get(forged.object_id), {"digitization_code": "001090000099.1.MAU.1/QĐ"})
    anybody.update(anybody.get(ended.object_id), {"state": "THU_HOI", "legal_status": "THU_HOI"})
    technical = anybody.child(dossier.object_id, "_sohoa")
    assert technical is not None
    signed = {file.name.split(".")[0][:36]: file for file in anybody.children(technical.object_id)
              if file.name.endswith(".metadata.xml")}  # fmt: skip
    xml = b"".join(anybody.stream(signed[str(papers["changed"].paper_id)].object_id))
    _put(anybody, technical, "moi.metadata.xml", xml.replace("lương hưu".encode(), "lương cao".encode()), office)
    bare = build_metadata_xml(a_publication(uuid4()).paper.record)
    _put(anybody, technical, "khong-ky.metadata.xml", _bytes(bare), office)
    impostor = office_of(agency_key=key_file("scanner"))  # a person's key of the same authority
    personal = office.folder / "personal.xml"
    impostor.sign_record(a_publication(uuid4()).paper.record, personal)
    _put(anybody, technical, "ca-nhan.metadata.xml", personal.read_bytes(), office)
    document = anybody.get(unsigned.object_id)
    anybody.check_in(document, office.file(b"%PDF-1.7 somebody else's"), comment="")

    code, lines = run_rebuild(settings_for(another_database))

    assert code == ExitCode.NEEDS_PERSON
    told = " | ".join(line["reason"] for line in lines if "not_believed" in line)
    assert "digitization_code" in told_of(lines, str(papers["forged"].paper_id))
    assert "newer version" in told_of(lines, str(papers["unsigned"].paper_id))
    assert told.count("metadata XML not believed") >= 3
    assert "not the agency's" in told
    assert {str(paper.paper_id) for paper in papers.values()} <= {line.get("restored") for line in lines}
    with Database(another_database) as opened:
        again = PublicationRegister(opened, AuditChain(opened, b"test key"))
        new = again.published(papers["forged"].paper_id)
        assert new is not None and new.record.digitization_code == papers["forged"].digitization_code
        assert again.published(papers["ended"].paper_id) is None  # a person says whether it is in force
        assert again.published_by_code("001090000099.1.MAU.1/QĐ") == []
    assert office.shown(forged)["digitization_code"] == papers["forged"].digitization_code
    assert office.shown(ended)["state"] == "LOI"


def test_a_register_that_holds_papers_is_not_rebuilt(
    office: PlayedOffice, settings_for: Callable[[str], Path], dsn: str
) -> None:
    office.deposit(content=sheet(office.folder / "scan.pdf"))

    assert run_rebuild(settings_for(dsn))[0] == ExitCode.FAILED


def _put(repository: CmisRepository, folder: RepositoryObject, name: str, content: bytes, office: PlayedOffice) -> None:
    repository.create_document(folder.object_id, name, office.file(content), content_type="application/xml")


def _bytes(root: Any) -> bytes:
    from lxml import etree

    return etree.tostring(root)
