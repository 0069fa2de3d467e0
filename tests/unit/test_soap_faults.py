"""Which fault stands for which error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from connector.domain.errors import SohoaError
from connector.soap.answers import detail_of
from connector.soap.faults import _TRANSLATION, Fault, FaultName, fault_name
from connector.soap.wsdl import Contract


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def leaves(parent: type[SohoaError] = SohoaError) -> Iterator[type[SohoaError]]:
    below = [kind for kind in parent.__subclasses__() if kind.__module__.startswith("connector")]
    for kind in below:
        yield from leaves(kind)
    if not below:
        yield parent


@pytest.mark.parametrize("kind", sorted(set(leaves()), key=lambda kind: kind.__name__))
def test_every_error_has_a_row_and_a_passing_one_says_so(kind: type[SohoaError]) -> None:
    assert any(base in _TRANSLATION for base in kind.__mro__)
    if kind.transient:
        assert fault_name(kind) is FaultName.UNAVAILABLE


@pytest.mark.parametrize("name", FaultName)
def test_every_fault_fits_its_schema(contract: Contract, name: FaultName) -> None:
    detail = contract.fault_detail(name, detail_of(Fault(name)))
    assert contract.schema.findings(detail[0]) == []
    assert etree.QName(detail[0]).localname == name
