"""Why a proposal is written or not."""

from __future__ import annotations

from typing import Any

import pytest

from connector.mapping.explain import Decision, explain
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.model import MappingFile

MAPPING = load_mapping(find_mapping("opencmis"))


def proposal(**changed: Any) -> dict[str, Any]:
    whole = {"value": "12/QĐ", "confidence": 0.9, "source": "print", "needs_review": False, "page": 1,
             "box": [1.0, 2.0, 3.0, 4.0], "rule": "number", "text": "Số: 12/QĐ"}  # fmt: skip
    return {"document_number": {**whole, **changed}}


@pytest.mark.parametrize(
    ("proposals", "shown", "decision"),
    [
        (proposal(), {}, Decision.WRITTEN),
        (proposal(), {"document_number": "12/QĐ"}, Decision.STANDS),
        (proposal(), {"document_number": "13/QĐ"}, Decision.TYPED),
        (proposal(needs_review=True), {}, Decision.FLAGGED),
        (proposal(value=None), {}, Decision.NOT_FOUND),
        ({}, {}, Decision.NOT_FOUND),
    ],
)
def test_a_field_says_what_happens_to_it(
    proposals: dict[str, Any], shown: dict[str, object], decision: Decision
) -> None:
    found = {field.name: field for field in explain(MAPPING, proposals, shown)}

    assert found["document_number"].decision is decision
    assert found["document_number"].property_id == "bhxh:soKyHieu"


def test_a_property_that_the_mapping_forbids_is_not_written() -> None:
    plain = MAPPING.model_dump(mode="json")
    plain["paper"]["properties"]["document_number"]["write"] = "never"

    found = {field.name: field for field in explain(MappingFile.model_validate(plain), proposal(), {})}

    assert found["document_number"].decision is Decision.FORBIDDEN


def test_where_it_was_read_is_told() -> None:
    found = {field.name: field for field in explain(MAPPING, proposal(), {})}["document_number"]

    assert (found.page, found.box, found.rule, found.text) == (1, (1.0, 2.0, 3.0, 4.0), "number", "Số: 12/QĐ")
