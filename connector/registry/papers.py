"""Papers and dossiers: claims, states, results of stages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from connector.domain.code import DigitizationCode
from connector.domain.errors import StaleState
from connector.domain.history import Step
from connector.domain.metadata import LegalStatus
from connector.domain.number_order import NumberedPaper
from connector.domain.outcome import Outcome
from connector.domain.paper import Deposit, Dossier, Paper
from connector.domain.publication import PublishedPaper
from connector.domain.states import UNPUBLISHED, WAITS_FOR_PERSON, Stage, State
from connector.registry import publications
from connector.registry.codes import numbers_beside, register_code, release_code
from connector.registry.dossiers import DossierRegister
from connector.registry.jobs import cancel_waiting, defer_stage
from connector.registry.rows import PAPER_COLUMNS, paper_of, published_of
from connector.registry.statements import (
    advance,
    insert_dossier,
    keep_artifacts,
    select_artifacts,
    select_paper,
)
from connector.registry.token_requests import forget_requests


class PaperRegister(DossierRegister):
    """The port ``Registry`` over PostgreSQL; each method is one transaction."""

    # claims

    def claim(self, deposit: Deposit, dossier: Dossier) -> Paper | None:
        """Claim a deposit and queue its first stage; None when it is claimed already."""
        with self._database.transaction() as transaction:
            dossier_id = insert_dossier(transaction, dossier)
            row = transaction.execute(
                "INSERT INTO paper (paper_id, dossier_id, repository_id, version_series_id, object_id, "
                "original_sha256, state) VALUES (%s, %s, %s, %s, %s, %s, %s) "
                f"ON CONFLICT DO NOTHING RETURNING {PAPER_COLUMNS}",
                (
                    uuid4(),
                    dossier_id,
                    deposit.repository_id,
                    deposit.version_series_id,
                    deposit.object_id,
                    deposit.original_sha256,
                    State.TIEP_NHAN,
                ),
            ).fetchone()
            if row is None:
                return None
            self._note(transaction, row["paper_id"], "claim", State.TIEP_NHAN)
            defer_stage(transaction, row["paper_id"], Stage.SCOPE)
            return paper_of(row, [])

    # reading

    def paper(self, paper_id: UUID) -> Paper:
        """Raises ObjectNotFound."""
        with self._database.transaction() as transaction:
            return select_paper(transaction, paper_id)

    def paper_at(self, repository_id: str, version_series_id: str) -> Paper | None:
        """The latest claim of a document."""
        found = self._papers(
            "repository_id = %s AND version_series_id = %s ORDER BY claimed_at DESC LIMIT 1",
            (repository_id, version_series_id),
        )
        return found[0] if found else None

    def papers_of(self, dossier_id: UUID) -> Sequence[Paper]:
        """All papers of one dossier, in the order of their claims."""
        return self._papers("dossier_id = %s ORDER BY claimed_at", (dossier_id,))

    def waiting_papers(self, repository_id: str) -> Sequence[Paper]:
        """Papers that wait for a person."""
        return self._papers("repository_id = %s AND state = ANY(%s)", (repository_id, list(WAITS_FOR_PERSON)))

    def history(self, paper_id: UUID) -> Sequence[Step]:
        """Every step of a paper, the oldest first, with who is answerable for it."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT at, actor, operation, result FROM audit WHERE subject = %s ORDER BY position", (str(paper_id),)
            ).fetchall()
        return [Step(**row) for row in rows]

    def kept_papers(self, repository_id: str, *, at_most: int) -> Sequence[Paper]:
        """Papers of the transition (Art. 15) that nobody has taken up yet, the oldest first."""
        return self._papers(
            "repository_id = %s AND state = %s ORDER BY claimed_at LIMIT %s",
            (repository_id, State.LUU_CHUYEN_TIEP, at_most),
        )

    def count_by_state(self) -> Mapping[str, int]:
        """How many papers are in each state."""
        with self._database.transaction() as transaction:
            rows = transaction.execute("SELECT state, count(*) AS papers FROM paper GROUP BY state").fetchall()
        return {row["state"]: row["papers"] for row in rows}

    def result(self, paper_id: UUID, stage: Stage) -> Mapping[str, object] | None:
        """What the stage's outcome kept."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT result FROM stage_result WHERE paper_id = %s AND stage = %s", (paper_id, stage)
            ).fetchone()
        return row["result"] if row else None

    def stored_by_code(self, code: str) -> Sequence[Paper]:
        """The stored papers whose code this is now."""
        return self._papers("digitization_code = %s AND state = %s ORDER BY claimed_at", (code, State.DA_LUU))

    def numbers_beside(
        self, *, authority: str, type_code: str, notation: str, issue_date: str, without: UUID
    ) -> Sequence[NumberedPaper]:
        """See the port."""
        with self._database.transaction() as transaction:
            return numbers_beside(transaction, authority, type_code, notation, issue_date, without)

    def latest_publication(self, paper_id: UUID) -> PublishedPaper | None:
        """What other systems read of a paper now; None before it was stored."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "SELECT * FROM published_paper WHERE paper_id = %s AND latest", (paper_id,)
            ).fetchone()
        return published_of(row) if row else None

    def published_of_owner(self, owner_id: str) -> Sequence[PublishedPaper]:
        """What other systems read of an owner's papers now."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                f"{publications.SELECT_OPEN}latest AND owner_id = %s ORDER BY first_position".encode(), (owner_id,)
            ).fetchall()
        return [published_of(row) for row in rows]

    def ids_of(self, owner_name: str, owner_birth_date: str) -> Sequence[str]:
        """The ids under which papers of a person of this name and birth date are published."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT DISTINCT owner_id FROM published_paper WHERE latest AND owner_id IS NOT NULL "
                "AND lower(record #>> '{metadata,owner_name}') = lower(%s) "
                "AND record #>> '{metadata,owner_birth_date}' = %s ORDER BY owner_id",
                (owner_name, owner_birth_date),
            ).fetchall()
        return [row["owner_id"] for row in rows]

    def in_force_with_end(self, repository_id: str) -> Sequence[PublishedPaper]:
        """Published papers in force that say something of how long."""
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                "SELECT * FROM published_paper WHERE latest AND repository_id = %s AND legal_status = %s "
                "AND record #>> '{metadata,validity}' IS NOT NULL",
                (repository_id, str(LegalStatus.HIEU_LUC)),
            ).fetchall()
        return [published_of(row) for row in rows]

    def _papers(self, condition: str, parameters: tuple[object, ...]) -> list[Paper]:
        with self._database.transaction() as transaction:
            rows = transaction.execute(
                f"SELECT {PAPER_COLUMNS} FROM paper WHERE {condition}".encode(), parameters
            ).fetchall()
            artifacts = select_artifacts(transaction, [row["paper_id"] for row in rows])
        return [paper_of(row, artifacts.get(row["paper_id"], [])) for row in rows]

    # stages

    def commit(self, paper: Paper, stage: Stage, outcome: Outcome) -> Paper:
        """State, artifacts, metadata, feed entry, audit row and next job, in one transaction.

        Raises StaleState when somebody else has committed since ``paper`` was read.
        """
        with self._database.transaction() as transaction:
            advance(transaction, paper, outcome)
            keep_artifacts(transaction, paper.paper_id, outcome)
            if outcome.state in UNPUBLISHED:
                release_code(transaction, paper.paper_id)
            transaction.execute(
                "INSERT INTO stage_result (paper_id, stage, result) VALUES (%s, %s, %s) "
                "ON CONFLICT (paper_id, stage) DO UPDATE SET result = EXCLUDED.result, at = now()",
                (paper.paper_id, stage, Jsonb(dict(outcome.result))),
            )
            if outcome.forgets:
                transaction.execute(
                    "DELETE FROM stage_result WHERE paper_id = %s AND stage = ANY(%s)",
                    (paper.paper_id, [str(each) for each in outcome.forgets]),
                )
            if outcome.publication:
                publications.publish(transaction, outcome.publication)
            if outcome.renewal:
                publications.renew(transaction, paper.paper_id, outcome.renewal)
            if outcome.status_change:
                publications.change_status(transaction, paper.paper_id, outcome.status_change)
                if successor := outcome.status_change.successor:
                    self._note(transaction, paper.paper_id, "replaced_by", str(successor), actor=outcome.actor)
            self._note(transaction, paper.paper_id, str(stage), outcome.state, actor=outcome.actor)
            if outcome.next_stage:
                defer_stage(transaction, paper.paper_id, outcome.next_stage)
            return select_paper(transaction, paper.paper_id)

    def fail(self, paper: Paper, stage: Stage, *, code: str, sentence: str) -> Paper:
        """Put a paper into LOI, remembering the stage to take up again."""
        with self._database.transaction() as transaction:
            changed = transaction.execute(
                "UPDATE paper SET state = %(loi)s, failed_stage = %(stage)s, error_code = %(code)s, "
                "error = %(sentence)s, revision = revision + 1, changed_at = now(), "
                "failed_from = CASE WHEN state = %(loi)s THEN failed_from ELSE state END "
                "WHERE paper_id = %(paper_id)s AND revision = %(revision)s",
                {
                    "loi": State.LOI,
                    "stage": stage,
                    "code": code,
                    "sentence": sentence,
                    "paper_id": paper.paper_id,
                    "revision": paper.revision,
                },
            )
            if changed.rowcount != 1:
                raise StaleState(str(stage))
            self._note(transaction, paper.paper_id, f"fail:{stage}", code)
            return select_paper(transaction, paper.paper_id)

    def resume(self, paper: Paper, *, actor: str) -> Paper:
        """Take a paper out of LOI and queue the stage that failed."""
        with self._database.transaction() as transaction:
            row = transaction.execute(
                "UPDATE paper SET state = failed_from, error = NULL, error_code = NULL, revision = revision + 1, "
                "changed_at = now() WHERE paper_id = %s AND revision = %s AND state = %s RETURNING failed_stage",
                (paper.paper_id, paper.revision, State.LOI),
            ).fetchone()
            if row is None:
                raise StaleState("resume")
            self._note(transaction, paper.paper_id, "resume", row["failed_stage"], actor=actor)
            defer_stage(transaction, paper.paper_id, Stage(row["failed_stage"]))
            return select_paper(transaction, paper.paper_id)

    def start_over(self, paper: Paper, deposit: Deposit, *, actor: str) -> Paper:
        """A new file was put in the place of the known one: it is taken from the beginning.

        What was confirmed and the code were about the old file: they go, and the code is free again. What is published
        stays as it is, with its code, until the new file is stored as its next version. Raises StaleState.
        """
        with self._database.transaction() as transaction:
            changed = transaction.execute(
                "UPDATE paper SET state = %s, original_sha256 = %s, object_id = %s, error = NULL, error_code = NULL, "
                "digitization_code = NULL, metadata = NULL, displayed = '{}', "
                "revision = revision + 1, changed_at = now() WHERE paper_id = %s AND revision = %s",
                (State.TIEP_NHAN, deposit.original_sha256, deposit.object_id, paper.paper_id, paper.revision),
            )
            if changed.rowcount != 1:
                raise StaleState("start over")
            transaction.execute("DELETE FROM artifact WHERE paper_id = %s", (paper.paper_id,))
            transaction.execute("DELETE FROM stage_result WHERE paper_id = %s", (paper.paper_id,))
            forget_requests(transaction, paper.paper_id)
            release_code(transaction, paper.paper_id)
            cancel_waiting(transaction, paper.paper_id)
            self._note(transaction, paper.paper_id, "start_over", State.TIEP_NHAN, actor=actor)
            defer_stage(transaction, paper.paper_id, Stage.SCOPE)
            return select_paper(transaction, paper.paper_id)

    def note_put_back(self, paper: Paper, names: Sequence[str], *, changed_by: str) -> None:
        """Audit that displayed properties had been changed in the ECM and were put back."""
        with self._database.transaction() as transaction:
            self._note(transaction, paper.paper_id, "put_back", " ".join(names), actor=changed_by)

    def enqueue(self, paper: Paper, stage: Stage) -> None:
        """Queue a stage once."""
        with self._database.transaction() as transaction:
            defer_stage(transaction, paper.paper_id, stage)

    def register_code(
        self,
        paper: Paper,
        code: DigitizationCode,
        *,
        authority: str,
        issue_date: str,
        distinct: bool = False,
        siblings: Collection[UUID] = (),
    ) -> str:
        """The paper's code; the same again for the same paper, as soon as its stage is committed.

        Raises CodeCollision when another paper of the same authority and day holds it, unless a person has said
        that they are ``distinct``, or both are files of one component.
        """
        names = {"authority": authority, "issue_date": issue_date}
        with self._database.transaction() as transaction:
            return register_code(transaction, paper.paper_id, code, **names, distinct=distinct, siblings=siblings)
