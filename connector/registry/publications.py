"""What the portal may read: published papers, the feed, deliveries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from connector.domain.errors import InvalidFieldValue
from connector.domain.outcome import Publication, Renewal, StatusChange
from connector.domain.publication import (
    ALL,
    ChangeKind,
    Delivery,
    FeedPage,
    PublishedPaper,
    Rights,
    SearchCriteria,
    SearchPage,
)
from connector.domain.states import State
from connector.registry.audit import AuditChain
from connector.registry.connection import Database, Transaction
from connector.registry.feed import append_entry, read_page
from connector.registry.rows import artifact_as_json, published_of, record_as_json

# a stored paper that is found to be secret is handed out no more, in no version
SELECT_OPEN = """SELECT * FROM published_paper WHERE NOT EXISTS
    (SELECT 1 FROM paper WHERE paper.paper_id = published_paper.paper_id AND paper.state = 'CACH_LY') AND """
_DELIVERY_COLUMNS = "delivery_id, client, purpose, paper_id, version, sha256, at, acknowledged_at, acknowledged_sha256"
# first_position is the place of the paper's first version in the feed, and never changes
_PUBLISH = """INSERT INTO published_paper (paper_id, version, latest, first_position, repository_id, digitization_code,
    owner_id, procedure_code, document_type_code, document_number, issuing_authority, issue_date, legal_status,
    replaced_by, level, record, document, signed_metadata, published_at)
VALUES (%(paper_id)s, %(version)s, true, coalesce(
        (SELECT min(first_position) FROM published_paper WHERE paper_id = %(paper_id)s), %(position)s),
    %(repository_id)s, %(digitization_code)s, %(owner_id)s, %(procedure_code)s, %(document_type_code)s,
    %(document_number)s, %(issuing_authority)s, %(issue_date)s, %(legal_status)s, %(replaced_by)s, %(level)s,
    %(record)s, %(document)s, %(signed_metadata)s, %(published_at)s)"""
_ACKNOWLEDGE = """UPDATE delivery SET
    acknowledged_at = CASE WHEN acknowledged_sha256 = sha256 THEN acknowledged_at ELSE now() END,
    acknowledged_sha256 = CASE WHEN acknowledged_sha256 = sha256 THEN sha256 ELSE %(sha256)s END
    WHERE delivery_id = (SELECT delivery_id FROM delivery WHERE client = %(client)s
        AND (delivery_id = %(id)s OR paper_id = %(id)s) ORDER BY at DESC LIMIT 1)"""
_SEARCH = """latest
    AND (%(digitization_code)s::text IS NULL OR EXISTS (SELECT 1 FROM published_paper AS any_version
        WHERE any_version.paper_id = published_paper.paper_id
        AND any_version.digitization_code = %(digitization_code)s))
    AND (%(owner_id)s::text IS NULL OR owner_id = %(owner_id)s)
    AND (%(procedure_code)s::text IS NULL OR procedure_code = %(procedure_code)s)
    AND (%(document_type_code)s::text IS NULL OR document_type_code = %(document_type_code)s)
    AND (%(document_number)s::text IS NULL OR document_number = %(document_number)s)
    AND (%(issuing_authority)s::text IS NULL OR issuing_authority = %(issuing_authority)s)
    AND (%(issued_from)s::date IS NULL OR issue_date >= %(issued_from)s)
    AND (%(issued_to)s::date IS NULL OR issue_date <= %(issued_to)s)
    AND (%(changed_since)s::timestamptz IS NULL OR changed_at >= %(changed_since)s)
    AND (%(legal_status)s::text IS NULL OR legal_status = %(legal_status)s)
    AND (%(document_types)s::text[] IS NULL OR document_type_code = ANY(%(document_types)s))
    AND (%(owners)s::text[] IS NULL OR owner_id = ANY(%(owners)s))"""


def publish(transaction: Transaction, publication: Publication) -> None:
    """A version becomes readable and enters the feed, in the caller's transaction."""
    paper, record = publication.paper, publication.paper.record
    position = append_entry(transaction, kind=publication.kind, paper_id=record.paper_id, version=paper.version)
    transaction.execute("UPDATE published_paper SET latest = false WHERE paper_id = %s", (record.paper_id,))
    transaction.execute(_PUBLISH, {**_columns(paper), "position": position})


def renew(transaction: Transaction, paper_id: UUID, renewal: Renewal) -> None:
    """The latest version of a paper has other bytes with more evidence, and the feed tells it."""
    row = transaction.execute(
        "UPDATE published_paper SET document = %s, signed_metadata = %s, level = %s, changed_at = now() "
        "WHERE paper_id = %s AND latest RETURNING version",
        (
            Jsonb(artifact_as_json(renewal.document)),
            Jsonb(artifact_as_json(renewal.signed_metadata)),
            renewal.level,
            paper_id,
        ),
    ).fetchone()
    if row is not None:
        append_entry(transaction, kind=ChangeKind.GIA_HAN, paper_id=paper_id, version=row["version"])


def change_status(transaction: Transaction, paper_id: UUID, change: StatusChange) -> None:
    """Every version of a paper says that it is withdrawn or replaced, and the feed tells it."""
    row = transaction.execute(
        "UPDATE published_paper SET legal_status = %s, replaced_by = %s, changed_at = now() WHERE paper_id = %s "
        "RETURNING version",
        (str(change.legal_status), change.replaced_by, paper_id),
    ).fetchall()
    version = max(each["version"] for each in row)
    append_entry(transaction, kind=change.kind, paper_id=paper_id, version=version)


def _columns(paper: PublishedPaper) -> dict[str, object]:
    record, metadata = paper.record, paper.record.metadata
    return {
        "paper_id": record.paper_id,
        "version": paper.version,
        "repository_id": paper.repository_id,
        "digitization_code": record.digitization_code,
        "owner_id": metadata.owner_id,
        "procedure_code": record.procedure_code,
        "document_type_code": metadata.document_type_code,
        "document_number": metadata.document_number,
        "issuing_authority": metadata.issuing_authority,
        "issue_date": metadata.issue_date,
        "legal_status": paper.legal_status,
        "replaced_by": paper.replaced_by,
        "level": paper.level,
        "record": Jsonb(record_as_json(record)),
        "document": Jsonb(artifact_as_json(paper.document)),
        "signed_metadata": Jsonb(artifact_as_json(paper.signed_metadata)),
        "published_at": paper.published_at,
    }


class PublicationRegister:
    """The port ``PublishedPapers`` over PostgreSQL; each method is one transaction."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    def search(self, criteria: SearchCriteria, *, limit: int, page_token: str | None) -> SearchPage:
        """A page in the order of first publication: what is published meanwhile comes at the end.

        Raises InvalidFieldValue for a token that is not ours, or belongs to another question.
        """
        question = self._chain.keyed_hash(repr(criteria))[:16]
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(criteria).items()}
        parameters = {**values, "after": _place(page_token, question), "limit": limit + 1}
        with self._database.transaction() as transaction:
            total = transaction.execute(
                f"SELECT count(*) AS n FROM ({SELECT_OPEN}{_SEARCH}) AS found", parameters
            ).fetchone()
            rows = transaction.execute(
                f"{SELECT_OPEN}{_SEARCH} AND first_position > %(after)s ORDER BY first_position LIMIT %(limit)s",
                parameters,
            ).fetchall()
        papers = [published_of(row) for row in rows[:limit]]
        token = f"{question}.{rows[limit - 1]['first_position']}" if len(rows) > limit else None
        return SearchPage(papers=papers, total=total["n"] if total else 0, next_token=token)

    def published(self, paper_id: UUID, *, version: int | None = None) -> PublishedPaper | None:
        """One paper, its latest version unless another is asked for."""
        found = self._select(
            "paper_id = %s AND (latest AND %s::int IS NULL OR version = %s)", paper_id, version, version
        )
        return found[0] if found else None

    def published_by_code(
        self,
        code: str,
        *,
        authority: str | None = None,
        issue_date: dt.date | None = None,
        version: int | None = None,
    ) -> Sequence[PublishedPaper]:
        """Every paper that has or had this code; the same number may return in another year or office.

        A code that was replaced keeps answering, with the latest version unless another is asked for.
        """
        return self._select(
            "paper_id IN (SELECT paper_id FROM published_paper WHERE digitization_code = %s) "
            "AND (%s::text IS NULL OR issuing_authority = %s) AND (%s::date IS NULL OR issue_date = %s) "
            "AND (latest AND %s::int IS NULL OR version = %s) ORDER BY first_position",
            code, authority, authority, issue_date, issue_date, version, version,
        )  # fmt: skip

    def published_of_owner(self, owner_id: str) -> Sequence[PublishedPaper]:
        """The owner's store (Art. 11.2)."""
        return self._select("latest AND owner_id = %s ORDER BY first_position", owner_id)

    def state_of(self, paper_id: UUID | None, code: str | None) -> State | None:
        """Where a paper is on its way, published or not; None when the register does not know it."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT state FROM paper WHERE paper_id = %s OR digitization_code = %s LIMIT 1", (paper_id, code)
            ).fetchone()
        return State(row["state"]) if row else None

    def changes(self, token: str | None, *, limit: int, rights: Rights = ALL) -> FeedPage:
        """A page of the feed."""
        with self._database.transaction() as transaction:
            return read_page(transaction, token, limit=limit, rights=rights)

    def deliver(self, paper: PublishedPaper, *, client: str, purpose: str, request_id: str | None) -> Delivery:
        """Note that a paper is handed out; the same request for it again is the same delivery, version included."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "INSERT INTO delivery (delivery_id, client, purpose, request_id, paper_id, version, sha256) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (client, request_id, paper_id) "
                f"DO UPDATE SET client = EXCLUDED.client RETURNING {_DELIVERY_COLUMNS}",
                (uuid4(), client, purpose, request_id, paper.record.paper_id, paper.version, paper.document.sha256),
            ).fetchone()
        assert row is not None
        return Delivery(**row)

    def acknowledge(self, delivery_or_paper: UUID, *, client: str, sha256: str) -> Delivery | None:
        """The client's proof of receipt, for its latest delivery that fits; None when there is none.

        A proof that matched stands; one that did not may be followed by a better one.
        """
        with self._database.transaction() as transaction:
            row = transaction.execute(
                f"{_ACKNOWLEDGE} RETURNING {_DELIVERY_COLUMNS}",
                {"sha256": sha256, "client": client, "id": delivery_or_paper},
            ).fetchone()
        return Delivery(**row) if row else None

    def audit(self, *, actor: str, operation: str, subject: str, purpose: str | None, result: str) -> None:
        """One row of the audit chain."""
        with self._database.transaction() as transaction:
            self._chain.append(
                transaction, actor=actor, operation=operation, subject=subject, purpose=purpose, result=result
            )

    def _select(self, condition: str, *parameters: object) -> list[PublishedPaper]:
        with self._database.transaction() as transaction:
            rows = transaction.execute((SELECT_OPEN + condition).encode(), parameters).fetchall()
        return [published_of(row) for row in rows]


def _place(token: str | None, question: str) -> int:
    if token is None:
        return 0
    asked, _, place = token.partition(".")
    if asked != question or not place.isascii() or not place.isdigit():
        raise InvalidFieldValue("the page token is not one of ours")
    return int(place)
