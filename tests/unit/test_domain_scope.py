"""Articles 4 and 5: which papers are digitized."""

from __future__ import annotations

import pytest

from connector.domain.metadata import SubmissionForm
from connector.domain.scope import REASONS_TO_SKIP, ScopeRules, judge_scope


@pytest.mark.parametrize(
    ("properties", "clause"),
    [
        ({"secrecy": "MAT", "show_only": True}, "5.4"),
        ({"show_only": True, "scope_basis": "5.1"}, "5.3"),
        ({"scope_basis": " 5.1 "}, "5.1"),
        ({"submission_form": "BAN_SAO_CHUP"}, "5.2"),
        ({"submission_form": "BAN_SAO_CHUNG_THUC", "scope_basis": "4.1.d"}, "5.2"),
    ],
)
def test_each_kind_that_article_5_leaves_out_is_named(properties: dict[str, object], clause: str) -> None:
    verdict = judge_scope(properties)
    assert (verdict.digitize, verdict.clause, verdict.secret) == (False, clause, clause == "5.4")
    assert verdict.sentence


@pytest.mark.parametrize("form", [None, *sorted(set(SubmissionForm) - {"BAN_SAO_CHUP", "BAN_SAO_CHUNG_THUC"})])
def test_originals_electronic_copies_and_what_is_compared_are_in(form: str | None) -> None:
    assert judge_scope({"submission_form": form}).digitize


@pytest.mark.parametrize("form", ["BAN_SAO_CHUP", "BAN_SAO_CHUNG_THUC"])
def test_copies_that_the_agencys_list_names_are_in(form: str) -> None:
    verdict = judge_scope({"submission_form": form, "scope_basis": "4.1.c"})
    assert (verdict.digitize, verdict.clause) == (True, "4.1.c")


@pytest.mark.parametrize(
    ("basis", "clause"), [("13.3.b: ngày sinh", "13.3.b: ngày sinh"), ("13.3.b:", "4.1"), ("13.3.b", "4.1")]
)
def test_a_paper_whose_electronic_data_differ_is_scanned_and_says_what_differs(basis: str, clause: str) -> None:
    verdict = judge_scope({"scope_basis": basis})
    assert (verdict.digitize, verdict.clause) == (True, clause)


@pytest.mark.parametrize("basis", ["4.1.a", "4.1.b", "4.1.d", "4.2"])
def test_a_named_basis_is_kept(basis: str) -> None:
    assert judge_scope({"scope_basis": basis}).clause == basis


def test_a_basis_that_no_clause_has_is_not_taken_for_one() -> None:
    assert judge_scope({"scope_basis": "theo ý kiến"}).clause == "4.1"


def test_verification_replies_are_in_until_a_later_profile_leaves_them_out() -> None:
    reply = {"scope_basis": "4.2"}
    assert judge_scope(reply).digitize
    later = judge_scope(reply, ScopeRules(name="2025", digitize_verification_replies=False))
    assert (later.digitize, later.clause) == (False, "TT03/2025 5.2.c")


def test_a_secret_papers_sentence_does_not_say_so() -> None:
    assert "mật" not in REASONS_TO_SKIP["5.4"].sentence.casefold()


def test_every_reason_to_skip_has_people_who_may_decide_it() -> None:
    assert all(reason.roles and reason.sentence.endswith(".") for reason in REASONS_TO_SKIP.values())
