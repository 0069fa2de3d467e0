"""The digitization code of Article 10."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.code import build_code
from connector.domain.errors import MandatoryFieldMissing
from connector.domain.metadata import clean

PARTS = st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(lambda text: bool(clean(text)))
OWNERS = st.one_of(
    st.none(), st.just(""), st.from_regex(r"[0-9]{12}|[A-Y][0-9]{2}(\.[0-9A-Z]{2}){0,3}", fullmatch=True)
)


@given(OWNERS, PARTS, PARTS, PARTS)
def test_a_component_names_owner_procedure_type_and_number(
    owner: str | None, procedure: str, kind: str, number: str
) -> None:
    code = build_code(owner_id=owner, procedure_code=procedure, type_code=kind, document_number=number, is_result=False)
    assert str(code) == f"{owner or ''}.{clean(procedure)}.{clean(kind)}.{clean(number)}"


@given(OWNERS, PARTS, PARTS, PARTS)
def test_a_result_names_no_procedure_whatever_the_dossiers_is(
    owner: str | None, procedure: str, kind: str, number: str
) -> None:
    code = build_code(owner_id=owner, procedure_code=procedure, type_code=kind, document_number=number, is_result=True)
    assert code.procedure_code is None
    assert str(code) == f"{owner or ''}.{clean(kind)}.{clean(number)}"


@given(OWNERS, PARTS, PARTS, PARTS, st.booleans())
def test_two_ways_to_write_the_same_letters_are_one_code(
    owner: str | None, procedure: str, kind: str, number: str, is_result: bool
) -> None:
    def code(form: str) -> str:
        written = [unicodedata.normalize(form, text).replace("\u0110", "\u00d0") for text in (procedure, kind, number)]
        return str(
            build_code(
                owner_id=owner,
                procedure_code=written[0],
                type_code=written[1],
                document_number=f"  {written[2]} ",
                is_result=is_result,
            )
        )

    assert code("NFC") == code("NFD")


def test_a_code_without_an_owner_begins_with_an_empty_part() -> None:
    code = build_code(owner_id=None, procedure_code="", type_code="KQ.G24.1", document_number="87/QĐ", is_result=True)
    assert str(code) == ".KQ.G24.1.87/QĐ"


def test_parts_with_dots_stay_apart() -> None:
    code = build_code(
        owner_id="G24.45.01",
        procedure_code="1.001939.000.00.00.H10",
        type_code="KQ.G24.000001",
        document_number="12.1/QĐ-BHXH",
        is_result=False,
    )
    assert (code.owner_id, code.procedure_code, code.type_code, code.document_number) == (
        "G24.45.01",
        "1.001939.000.00.00.H10",
        "KQ.G24.000001",
        "12.1/QĐ-BHXH",
    )


@pytest.mark.parametrize("missing", ["document_number", "type_code", "procedure_code"])
@pytest.mark.parametrize("empty", ["", "  \u00a0 "])
def test_nothing_is_invented_for_an_empty_part(missing: str, empty: str) -> None:
    parts = {"document_number": "12/QĐ", "type_code": "QD", "procedure_code": "1.001939", missing: empty}
    with pytest.raises(MandatoryFieldMissing):
        build_code(owner_id="001090000012", is_result=False, **parts)


def test_capitals_tell_different_notations_apart() -> None:
    codes = {
        str(build_code(owner_id="", procedure_code="", type_code="t", document_number=number, is_result=True))
        for number in ("1/QyĐ", "1/QĐ", "1/QYĐ")
    }
    assert len(codes) == 3


DOTTED = st.from_regex(r"[A-Z0-9]{1,4}(\.[A-Z0-9]{1,6}){1,4}", fullmatch=True)
NOTATIONS = st.from_regex(r"[0-9]{1,5}[a-z]?/([12][0-9]{3}/)?[A-ZĐ]{1,4}(\.[A-ZĐ]{1,3})?-[A-ZĐ]{2,6}", fullmatch=True)


@given(OWNERS, DOTTED, DOTTED, NOTATIONS, st.booleans())
def test_dots_and_slashes_inside_the_parts_neither_move_nor_vanish(
    owner: str | None, procedure: str, kind: str, number: str, is_result: bool
) -> None:
    code = build_code(
        owner_id=owner, procedure_code=procedure, type_code=kind, document_number=number, is_result=is_result
    )

    assert (code.owner_id, code.type_code, code.document_number) == (owner or "", kind, number)
    assert code.procedure_code == (None if is_result else procedure)
    assert str(code).startswith(f"{owner or ''}.") and str(code).endswith(f".{kind}.{number}")


@given(DOTTED, NOTATIONS, st.booleans())
def test_only_the_owner_may_be_empty(kind: str, number: str, is_result: bool) -> None:
    code = build_code(
        owner_id=None, procedure_code="1.001939", type_code=kind, document_number=number, is_result=is_result
    )

    assert str(code).startswith(".")
    assert all(part for part in (code.type_code, code.document_number))
