"""What a client may do, see, and how often."""

from __future__ import annotations

from uuid import uuid4

import pytest

from connector.domain.errors import ConfigurationError
from connector.soap.faults import Fault, FaultName
from connector.soap.operations import OPERATIONS
from connector.soap.rates import Rates
from connector.soap.rights import check_allowed, may_read, visible
from connector.soap.security import Client
from tests.fixtures.register import a_publication


def allowed(client: Client) -> set[str]:
    found = set()
    for operation in OPERATIONS:
        try:
            check_allowed(client, operation)
        except Fault as fault:
            assert fault.name is FaultName.ACCESS_DENIED
        else:
            found.add(operation)
    return found


def test_a_plain_client_may_read_everything_and_report_nothing() -> None:
    assert allowed(Client(name="x")) == set(OPERATIONS) - {"ReportDossierResult"}
    assert allowed(Client(name="x", may_report_results=True)) == set(OPERATIONS)


def test_operations_can_be_listed() -> None:
    assert allowed(Client(name="x", operations=frozenset({"Ping", "ReportDossierResult"}))) == {"Ping"}


def test_who_does_not_see_every_field_gets_no_files() -> None:
    client = Client(name="x", hidden_fields=frozenset({"NgaySinh"}))
    assert set(OPERATIONS) - allowed(client) == {"GetDocument", "GetMetadataSignature", "ReportDossierResult"}
    assert visible({"NgaySinh": "1990", "TenGiayTo": "Quyết định"}, client) == {"TenGiayTo": "Quyết định"}


def test_a_field_that_cannot_be_hidden_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(ConfigurationError):
        Client(name="x", hidden_fields=frozenset({"MaSoHoa"}))


@pytest.mark.parametrize(
    ("client", "readable"),
    [
        (Client(name="x"), True),
        (Client(name="x", document_types=frozenset({"QD"}), owners=frozenset({"001090000012"})), True),
        (Client(name="x", document_types=frozenset({"CV"})), False),
        (Client(name="x", owners=frozenset()), False),
    ],
)
def test_types_and_owners_bound_what_is_read(client: Client, readable: bool) -> None:
    assert may_read(client, a_publication(uuid4()).paper) is readable


def test_a_client_s_calls_are_counted_by_the_minute() -> None:
    now = 0.0
    rates = Rates(lambda: now)
    client, other = Client(name="x", calls_per_minute=2), Client(name="y", calls_per_minute=1)
    rates.take(client)
    rates.take(client)
    with pytest.raises(Fault) as caught:
        rates.take(client)
    assert (caught.value.name, caught.value.retry_after) == (FaultName.TOO_MANY_REQUESTS, 30)
    rates.take(other)
    now = 30.0
    rates.take(client)
    for _ in range(100):
        rates.take(Client(name="z"))
