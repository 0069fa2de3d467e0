"""The audit chain tells when somebody touched it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from connector.registry.audit import AuditChain
from connector.registry.publications import PublicationRegister

pytestmark = pytest.mark.integration


@pytest.fixture
def filled(chain: AuditChain, publications: PublicationRegister) -> AuditChain:
    def note(number: int) -> None:
        publications.audit(actor="portal", operation="GetDocument", subject=f"{number}", purpose="thử", result="OK")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note, range(20)))
    return chain


def tamper(dsn: str, statement: bytes) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.execute(statement)
        connection.execute("ALTER TABLE audit ENABLE TRIGGER ALL")


def test_rows_of_concurrent_writers_form_one_chain(filled: AuditChain) -> None:
    assert filled.head()[0] == 20
    assert filled.finding() is None
    assert filled.finding(anchor=filled.head()) is None


@pytest.mark.parametrize("statement", [b"UPDATE audit SET actor = 'x'", b"DELETE FROM audit", b"TRUNCATE audit"])
def test_the_database_refuses_to_change_rows(filled: AuditChain, dsn: str, statement: bytes) -> None:
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(statement)
    assert filled.finding() is None


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (b"UPDATE audit SET actor = 'x' WHERE position = 7", "row 7 has been changed"),
        (b"UPDATE audit SET at = at + interval '1 microsecond' WHERE position = 20", "row 20 has been changed"),
        (b"DELETE FROM audit WHERE position = 7", "row 7 is missing"),
        (b"DELETE FROM audit WHERE position = 1", "row 1 is missing"),
        (b"DELETE FROM audit WHERE position > 18", "row 19 is missing"),
        (b"DELETE FROM audit", "row 1 is missing"),
    ],
)
def test_a_changed_or_missing_row_is_found(filled: AuditChain, dsn: str, statement: bytes, finding: str) -> None:
    tamper(dsn, statement)
    assert filled.finding() == finding


def test_a_chain_that_was_cut_with_its_head_is_found_by_the_journal(filled: AuditChain, dsn: str) -> None:
    kept_outside = filled.head()
    tamper(dsn, b"DELETE FROM audit WHERE position > 10")
    tamper(dsn, b"UPDATE audit_head SET position = 10, hash = (SELECT hash FROM audit WHERE position = 10)")

    assert filled.finding() is None
    assert filled.finding(anchor=kept_outside) == "row 11 is missing"


def test_a_keyed_hash_is_stable_and_hides_its_text(chain: AuditChain) -> None:
    hashed = chain.keyed_hash("001090000012.QD.12")
    assert hashed == chain.keyed_hash("001090000012.QD.12")
    assert "001090000012" not in hashed
    assert hashed != AuditChain(chain._database, b"another key").keyed_hash("001090000012.QD.12")
