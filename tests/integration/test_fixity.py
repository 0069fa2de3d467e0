"""Stored papers are hashed and verified again; what is damaged, deleted or out of date is told."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from uuid import UUID

import pytest

from connector.demo.pki import AGENCY_NAME, DemoPki
from connector.domain.fixity import CheckedPaper, Damage
from connector.domain.metadata import LegalStatus
from connector.domain.paper import ArtifactKind
from connector.domain.publication import SearchCriteria
from connector.pipeline.expiry import expire
from connector.pipeline.fixity import check_due, find_deleted
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.fixity import FixityBook
from connector.registry.papers import PaperRegister
from signing.proof import AgencyProof
from signing.trust import load_trust
from tests.fakes.reader import VALUES, read_as
from tests.fixtures.pipelines import CLERK, PlayedOffice
from tests.fixtures.register import a_publication, claimed, publish

pytestmark = pytest.mark.integration
FAR = dt.date(2030, 1, 1)
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def proof(pki: DemoPki) -> AgencyProof:
    return AgencyProof(load_trust([pki.roots]), {AGENCY_NAME})


@pytest.fixture
def book(signing_office: PlayedOffice) -> FixityBook:
    return FixityBook(signing_office.database, AuditChain(signing_office.database, b"key"))


def by_paper(found: list[CheckedPaper]) -> dict[object, tuple[Damage | None, str]]:
    return {each.paper_id: (each.damage, each.file) for each in found}


def test_a_changed_byte_a_lost_file_and_a_bad_signature_are_told_and_the_feed_stays(
    signing_office: PlayedOffice, proof: AgencyProof, book: FixityBook
) -> None:
    _, documents = signing_office.stored("1/QĐ-BHXH", "2/QĐ-BHXH", "3/QĐ-BHXH")
    papers = [signing_office.paper(each) for each in documents]
    contents, feed = signing_office.store.contents, signing_office.rows("SELECT * FROM change_feed")
    stored_file = papers[0].artifacts[ArtifactKind.AGENCY].object_id
    contents[stored_file] = contents[stored_file][:-2] + b"x\n"
    original = papers[1].artifacts[ArtifactKind.ORIGINAL].object_id
    del signing_office.store.objects[original]
    metadata = papers[2].artifacts[ArtifactKind.METADATA]
    _swap_register_and_file(signing_office, papers[2].paper_id, metadata.object_id)

    found = by_paper(list(check_due(signing_office.place, book, proof, days=1)))

    assert found == {
        papers[0].paper_id: (Damage.CHANGED, "agency"),
        papers[1].paper_id: (Damage.MISSING, "original"),
        papers[2].paper_id: (Damage.SIGNATURE, "agency"),
    }
    assert "không còn đúng từng byte" in str(signing_office.shown(documents[0])["error"])
    assert signing_office.rows("SELECT * FROM change_feed") == feed
    audited = signing_office.rows("SELECT result FROM audit WHERE operation = 'fixity' ORDER BY position")
    assert sorted(str(row["result"]) for row in audited) == ["changed agency", "missing original", "signature agency"]


def _swap_register_and_file(signing_office: PlayedOffice, paper_id: object, object_id: str) -> None:
    """Somebody with both disks changes a signed value and the hash that the register keeps of it."""
    content = signing_office.store.contents[object_id].replace("lương hưu".encode(), "lương cao".encode())
    signing_office.store.contents[object_id] = content
    with signing_office.database.transaction() as transaction:
        transaction.execute(
            "UPDATE published_paper SET signed_metadata = jsonb_set(signed_metadata, '{sha256}', to_jsonb(%s::text)) "
            "WHERE paper_id = %s",
            (hashlib.sha256(content).hexdigest(), paper_id),
        )


def test_a_deleted_paper_is_found_the_same_night_and_its_dossier_says_so(
    signing_office: PlayedOffice, book: FixityBook
) -> None:
    dossier, [_, deleted] = signing_office.stored("1/QĐ-BHXH", "2/QĐ-BHXH")
    paper = signing_office.paper(deleted)
    for object_id, found in list(signing_office.store.objects.items()):
        if found.version_series_id == deleted.version_series_id:
            del signing_office.store.objects[object_id]
    del signing_office.store.latest[deleted.version_series_id]

    found = list(find_deleted(signing_office.place, book))

    assert by_paper(found) == {paper.paper_id: (Damage.MISSING, "agency")}
    assert str(paper.paper_id) in str(signing_office.shown(dossier)["error"])
    # what the portal reads is a person's decision
    assert signing_office.publications.published(paper.paper_id) is not None


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
    signing_office: PlayedOffice, proof: AgencyProof, book: FixityBook
) -> None:
    _, [document] = signing_office.stored("1/QĐ-BHXH")
    object_id = signing_office.paper(document).artifacts[ArtifactKind.AGENCY].object_id
    content = signing_office.store.contents[object_id]
    signing_office.store.contents[object_id] = b"%PDF"
    list(check_due(signing_office.place, book, proof, days=1))
    signing_office.store.contents[object_id] = content

    [checked] = check_due(signing_office.place, book, proof, days=1)

    assert (checked.damage, signing_office.shown(document)["error"]) == (None, None)


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
