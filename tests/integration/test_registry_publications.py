"""What the portal reads: search, feed, deliveries."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.domain.errors import InvalidFieldValue
from connector.domain.metadata import LegalStatus
from connector.domain.publication import ChangeKind, SearchCriteria
from connector.domain.states import State
from connector.registry.connection import Database
from connector.registry.feed import append_entry, read_page
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from tests.fixtures.register import a_publication, claimed, publish

pytestmark = pytest.mark.integration


def fill(register: PaperRegister, papers: int) -> list[str]:
    """Publish papers of two owners in turn; answers their codes in order."""
    codes = []
    for number in range(papers):
        paper = claimed(register, f"series-{number}")
        owner = f"00109000001{number % 2}"
        codes.append(f"{owner}.QD.{number}")
        publish(register, paper, a_publication(paper.paper_id, code=codes[-1], owner_id=owner))
    return codes


def test_a_published_paper_reads_back_as_it_was_written(
    register: PaperRegister, publications: PublicationRegister
) -> None:
    paper = claimed(register)
    publication = a_publication(paper.paper_id)
    publish(register, paper, publication)

    assert publications.published(paper.paper_id) == publication.paper
    assert publications.published_by_code("001090000012.QD.12/QĐ-BHXH") == [publication.paper]
    assert publications.published_of_owner("001090000012") == [publication.paper]
    assert publications.published(paper.paper_id, version=2) is None


def test_pages_hold_every_paper_once_while_others_are_published(
    register: PaperRegister, publications: PublicationRegister
) -> None:
    codes = fill(register, 7)
    criteria, seen, token = SearchCriteria(), [], None
    while True:
        page = publications.search(criteria, limit=3, page_token=token)
        seen += [paper.record.digitization_code for paper in page.papers]
        if len(seen) == 3:  # a paper that was given already gets a new version meanwhile
            known = register.paper(page.papers[0].record.paper_id)
            renewed = a_publication(known.paper_id, version=2, code=codes[0], owner_id="001090000010")
            publish(register, known, renewed)
        token = page.next_token
        if token is None:
            break

    assert seen == codes
    assert page.total == 7


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (SearchCriteria(owner_id="001090000011"), 2),
        (SearchCriteria(digitization_code="001090000010.QD.2"), 1),
        (SearchCriteria(procedure_code="1.001939", document_type_code="QD"), 4),
        (SearchCriteria(issued_from=dt.date(2024, 1, 2), issued_to=dt.date(2024, 1, 2)), 4),
        (SearchCriteria(issued_from=dt.date(2024, 1, 3)), 0),
        (SearchCriteria(issuing_authority="BHXH tỉnh Hà Nam", document_number="12/QĐ-BHXH"), 4),
        (SearchCriteria(changed_since=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)), 0),
        (SearchCriteria(owner_id="' OR true --"), 0),
        (SearchCriteria(legal_status=LegalStatus.HIEU_LUC), 4),
        (SearchCriteria(legal_status=LegalStatus.THU_HOI), 0),
        (SearchCriteria(document_types=("QD", "CV"), owners=("001090000010",)), 2),
        (SearchCriteria(document_types=("CV",)), 0),
        (SearchCriteria(owners=()), 0),
    ],
)
def test_search_finds_by_each_criterion(
    register: PaperRegister, publications: PublicationRegister, criteria: SearchCriteria, found: int
) -> None:
    fill(register, 4)
    page = publications.search(criteria, limit=10, page_token=None)
    assert (len(page.papers), page.total, page.next_token) == (found, found, None)


def test_a_page_token_belongs_to_its_question(register: PaperRegister, publications: PublicationRegister) -> None:
    fill(register, 3)
    token = publications.search(SearchCriteria(), limit=1, page_token=None).next_token
    assert token is not None
    for criteria, wrong in ((SearchCriteria(owner_id="x"), token), (SearchCriteria(), "x.1"), (SearchCriteria(), "")):
        with pytest.raises(InvalidFieldValue):
            publications.search(criteria, limit=1, page_token=wrong)


def test_a_code_that_was_replaced_keeps_answering(register: PaperRegister, publications: PublicationRegister) -> None:
    paper = claimed(register)
    paper = publish(register, paper, a_publication(paper.paper_id, code=".QD.12", owner_id=None))
    renewed = a_publication(paper.paper_id, version=2, code="001090000012.QD.12", kind=ChangeKind.SUA_DU_LIEU)
    publish(register, paper, renewed)

    assert publications.published_by_code(".QD.12") == [renewed.paper]
    assert publications.published_by_code("001090000012.QD.12") == [renewed.paper]
    [old] = publications.published_by_code(".QD.12", version=1)
    assert old.record.digitization_code == ".QD.12"


def test_a_paper_on_its_way_is_known_but_not_published(
    register: PaperRegister, publications: PublicationRegister
) -> None:
    paper = claimed(register)
    assert publications.state_of(paper.paper_id, None) is State.TIEP_NHAN
    assert publications.published(paper.paper_id) is None
    assert publications.state_of(None, "001.QD.1") is None


def test_the_feed_has_no_gap_under_concurrent_writers(register: PaperRegister, database: Database) -> None:
    paper = claimed(register)

    def write(number: int) -> None:
        try:
            with database.transaction() as transaction:
                append_entry(transaction, kind=ChangeKind.MOI, paper_id=paper.paper_id, version=number)
                if number % 5 == 0:
                    raise InvalidFieldValue("this writer changes its mind")
        except InvalidFieldValue:
            pass

    seen: list[int] = []
    with ThreadPoolExecutor(5) as pool:
        writing = [pool.submit(write, number) for number in range(200)]
        token = None
        while not all(job.done() for job in writing) or len(seen) < 160:
            with database.transaction() as transaction:
                page = read_page(transaction, token, limit=7)
            seen += [entry.position for entry in page.entries]
            token = page.next_token

    assert seen == list(range(1, 161))


def test_a_feed_token_survives_a_restart_and_not_a_rebuilt_feed(database: Database, register: PaperRegister) -> None:
    fill(register, 2)
    with database.transaction() as transaction:
        token = read_page(transaction, None, limit=1).next_token
        assert len(read_page(transaction, token, limit=5).entries) == 1
        transaction.execute("INSERT INTO feed_epoch (since) VALUES (now() + interval '1 second')")
    for wrong in (token, "nonsense", "////"):
        with database.transaction() as transaction, pytest.raises(InvalidFieldValue):
            read_page(transaction, wrong, limit=1)


def test_a_reader_who_is_ahead_of_a_restored_backup_is_told(register: PaperRegister, database: Database) -> None:
    fill(register, 2)
    with database.transaction() as transaction:
        token = read_page(transaction, None, limit=5).next_token
        transaction.execute("DELETE FROM change_feed WHERE position = 2")
        with pytest.raises(InvalidFieldValue):
            read_page(transaction, token, limit=5)
        paper = claimed(register, "another")
        append_entry(transaction, kind=ChangeKind.MOI, paper_id=paper.paper_id, version=1)
        with pytest.raises(InvalidFieldValue):
            read_page(transaction, token, limit=5)


def test_the_same_request_is_one_delivery(register: PaperRegister, publications: PublicationRegister) -> None:
    fill(register, 1)
    [paper] = publications.search(SearchCriteria(), limit=1, page_token=None).papers

    def deliver(request_id: str | None, client: str = "portal") -> object:
        return publications.deliver(paper, client=client, purpose="tra cứu", request_id=request_id).delivery_id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: deliver("r1"), range(8)))) == 1
    others = {deliver("r1"), deliver("r2"), deliver("r1", "other"), deliver(None), deliver(None)}
    assert len(others) == 5


def test_a_proof_of_receipt_that_matched_stands(register: PaperRegister, publications: PublicationRegister) -> None:
    fill(register, 1)
    [paper] = publications.search(SearchCriteria(), limit=1, page_token=None).papers
    given = publications.deliver(paper, client="portal", purpose="tra cứu", request_id=None)

    wrong = publications.acknowledge(given.delivery_id, client="portal", sha256="00" * 32)
    right = publications.acknowledge(paper.record.paper_id, client="portal", sha256=paper.document.sha256)
    late = publications.acknowledge(given.delivery_id, client="portal", sha256="00" * 32)

    assert wrong is not None
    assert wrong.acknowledged_sha256 == "00" * 32
    assert right is not None
    assert right.acknowledged_sha256 == paper.document.sha256
    assert late == right
    assert publications.acknowledge(given.delivery_id, client="other", sha256="00" * 32) is None
