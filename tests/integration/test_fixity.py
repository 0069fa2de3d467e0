"""Stored papers are hashed and verified again; what is damaged, deleted or out of date is told."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from connector.demo.pki import AGENCY_NAME, SCANNER_NAME, DemoPki
from connector.domain.fixity import CheckedPaper, Damage
from connector.domain.metadata import LegalStatus
from connector.domain.paper import ArtifactKind, RepositoryObject
from connector.domain.publication import SearchCriteria
from connector.pipeline.expiry import expire
from connector.pipeline.fixity import check_due, find_deleted
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.fixity import FixityBook
from connector.registry.papers import PaperRegister
from signing.proof import AgencyProof
from signing.signer import PaperSigner
from signing.trust import load_trust
from tests.fakes.reader import VALUES, read_as
from tests.fixtures.pipelines import CLERK, PlayedOffice
from tests.fixtures.register import a_publication, claimed, publish
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration
FAR = dt.date(2030, 1, 1)
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def office(played: PlayedOffice, signer: PaperSigner, tmp_path: Path) -> PlayedOffice:
    """Real signatures over an ECM whose disk can be reached into."""
    signing = PlayedOffice(played.register, played.database, tmp_path, signer=signer)
    signing.with_scanner(SCANNER_NAME, "hà")
    return signing


@pytest.fixture
def proof(pki: DemoPki) -> AgencyProof:
    return AgencyProof(load_trust([pki.roots]), {AGENCY_NAME})


@pytest.fixture
def book(office: PlayedOffice) -> FixityBook:
    return FixityBook(office.database, AuditChain(office.database, b"key"))


def stored(office: PlayedOffice, *numbers: str) -> tuple[RepositoryObject, list[RepositoryObject]]:
    scan = sheet(office.folder / "scan.pdf")
    dossier, documents = office.dossier(papers=len(numbers)), []
    for number in numbers:
        office.reader.extraction = read_as({**VALUES, "document_number": number})
        documents.append(office.confirmed(dossier, name=f"{number[0]}.pdf", content=scan))
    office.succeed(dossier)
    office.press(dossier, "KY_CO_QUAN", CLERK)
    return dossier, documents


def by_paper(found: list[CheckedPaper]) -> dict[object, tuple[Damage | None, str]]:
    return {each.paper_id: (each.damage, each.file) for each in found}


def test_a_changed_byte_a_lost_file_and_a_bad_signature_are_told_and_the_feed_stays(
    office: PlayedOffice, proof: AgencyProof, book: FixityBook
) -> None:
    _, documents = stored(office, "1/QĐ-BHXH", "2/QĐ-BHXH", "3/QĐ-BHXH")
    papers = [office.paper(each) for each in documents]
    contents, feed = office.store.contents, office.rows("SELECT * FROM change_feed")
    stored_file = papers[0].artifacts[ArtifactKind.AGENCY].object_id
    contents[stored_file] = contents[stored_file][:-2] + b"x\n"
    original = papers[1].artifacts[ArtifactKind.ORIGINAL].object_id
    del office.store.objects[original]
    metadata = papers[2].artifacts[ArtifactKind.METADATA]
    _swap_register_and_file(office, papers[2].paper_id, metadata.object_id)

    found = by_paper(list(check_due(office.place, book, proof, days=1)))

    assert found == {
        papers[0].paper_id: (Damage.CHANGED, "agency"),
        papers[1].paper_id: (Damage.MISSING, "original"),
        papers[2].paper_id: (Damage.SIGNATURE, "agency"),
    }
    assert "không còn đúng từng byte" in str(office.shown(documents[0])["error"])
    assert office.rows("SELECT * FROM change_feed") == feed
    audited = office.rows("SELECT result FROM audit WHERE operation = 'fixity' ORDER BY position")
    assert sorted(str(row["result"]) for row in audited) == ["changed agency", "missing original", "signature agency"]


def _swap_register_and_file(office: PlayedOffice, paper_id: object, object_id: str) -> None:
    """Somebody with both disks changes a signed value and the hash that the register keeps of it."""
    content = office.store.contents[object_id].replace("lương hưu".encode(), "lương cao".encode())
    office.store.contents[object_id] = content
    with office.database.transaction() as transaction:
        transaction.execute(
            "UPDATE artifact SET sha256 = %s WHERE paper_id = %s AND kind = 'metadata'",
            (hashlib.sha256(content).hexdigest(), paper_id),
        )


def test_a_deleted_paper_is_found_the_same_night_and_its_dossier_says_so(
    office: PlayedOffice, book: FixityBook
) -> None:
    dossier, [_, deleted] = stored(office, "1/QĐ-BHXH", "2/QĐ-BHXH")
    paper = office.paper(deleted)
    for object_id, found in list(office.store.objects.items()):
        if found.version_series_id == deleted.version_series_id:
            del office.store.objects[object_id]
    del office.store.latest[deleted.version_series_id]

    found = list(find_deleted(office.place, book))

    assert by_paper(found) == {paper.paper_id: (Damage.MISSING, "agency")}
    assert str(paper.paper_id) in str(office.shown(dossier)["error"])
    assert office.publications.published(paper.paper_id) is not None  # what the portal reads is a person's decision


def test_every_paper_is_checked_within_the_days_and_each_day_costs_a_part(
    register: PaperRegister, database: Database, chain: AuditChain
) -> None:
    book = FixityBook(database, chain)
    for series in "abcde":
        paper = claimed(register, series)
        publication = a_publication(paper.paper_id, code=series)
        publish(register, paper, replace(publication, paper=replace(publication.paper, published_at=NOW)))

    days: list[list[UUID]] = []
    for _ in range(3):
        days.append(list(book.due("A1", days=3)))
        for paper_id in days[-1]:
            book.note(CheckedPaper(paper_id=paper_id, damage=None))

    assert [len(day) for day in days] == [2, 2, 2]
    assert len({paper_id for day in days for paper_id in day}) == 5


def test_days_without_a_check_are_made_up_for(register: PaperRegister, database: Database, chain: AuditChain) -> None:
    for series in "abcd":
        paper = claimed(register, series)
        publish(register, paper, a_publication(paper.paper_id, code=series))  # in 2025

    assert len(FixityBook(database, chain).due("A1", days=4)) == 2


def test_one_process_takes_up_a_day(book: FixityBook) -> None:
    assert [book.claim_day("care", day) for day in (FAR, FAR, FAR + dt.timedelta(days=1))] == [True, False, True]


def test_a_paper_that_is_restored_from_a_backup_is_whole_again(
    office: PlayedOffice, proof: AgencyProof, book: FixityBook
) -> None:
    _, [document] = stored(office, "1/QĐ-BHXH")
    object_id = office.paper(document).artifacts[ArtifactKind.AGENCY].object_id
    content = office.store.contents[object_id]
    office.store.contents[object_id] = b"%PDF"
    list(check_due(office.place, book, proof, days=1))
    office.store.contents[object_id] = content

    [checked] = check_due(office.place, book, proof, days=1)

    assert (checked.damage, office.shown(document)["error"]) == (None, None)


def test_a_paper_whose_time_is_over_says_so_in_the_ecm_the_feed_and_the_answers(played: PlayedOffice) -> None:
    played.reader.extraction = read_as({**VALUES, "validity": "từ ngày 1/1/2026 đến hết ngày 31/12/2026"})
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.succeed(dossier)
    played.press(dossier, "KY_CO_QUAN", CLERK)
    assert played.shown(document)["legal_status"] == "HIEU_LUC"

    assert list(expire(played.place, dt.date(2026, 12, 31))) == []
    [expired] = expire(played.place, dt.date(2027, 1, 1))

    assert expired == played.paper(document).paper_id
    assert list(expire(played.place, dt.date(2027, 1, 2))) == []  # told once
    published = played.publications.published(expired)
    assert published is not None and published.legal_status is LegalStatus.HET_HAN
    assert played.shown(document)["legal_status"] == "HET_HAN"
    kinds = [row["kind"] for row in played.rows("SELECT kind FROM change_feed ORDER BY position")]
    assert kinds == ["MOI", "SUA_DU_LIEU"]
    criteria = SearchCriteria(legal_status=LegalStatus.HIEU_LUC)
    assert played.publications.search(criteria, limit=10, page_token=None).total == 0


def test_a_paper_that_is_stored_after_its_time_is_never_in_force(played: PlayedOffice) -> None:
    played.reader.extraction = read_as({**VALUES, "validity": "đến ngày 31/12/2020"})
    played.place = replace(played.place, now=lambda: dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    dossier = played.dossier()
    document = played.confirmed(dossier)
    played.succeed(dossier)
    played.press(dossier, "KY_CO_QUAN", CLERK)

    assert played.shown(document)["legal_status"] == "HET_HAN"
