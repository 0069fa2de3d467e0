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


class Bucket:
    """Answers as the shared bucket does, and counts how often it is asked."""

    def __init__(self, calls: int, left: float = 0.0) -> None:
        self.calls, self.left, self.asked = calls, left, 0

    def take(self, client: str, limit: int, wanted: int) -> tuple[int, float]:
        self.asked += 1
        granted = min(self.calls, wanted)
        self.calls -= granted
        return granted, self.left


def test_a_client_without_calls_left_is_told_how_long_to_wait() -> None:
    rates = Rates(Bucket(0, left=0.25).take)
    with pytest.raises(Fault) as caught:
        rates.take(Client(name="x", calls_per_minute=2))
    assert (caught.value.name, caught.value.retry_after) == (FaultName.TOO_MANY_REQUESTS, 23)
    for _ in range(100):
        rates.take(Client(name="without a limit"))


def test_a_busy_client_s_calls_are_taken_a_second_s_worth_at_once() -> None:
    now, bucket = 0.0, Bucket(25)
    rates, busy = Rates(bucket.take, lambda: now), Client(name="x", calls_per_minute=600)
    for _ in range(20):
        rates.take(busy)
    assert bucket.asked == 2
    rates.take(busy)
    now = 10.0  # what was taken and not used is lost
    with pytest.raises(Fault):
        rates.take(busy)
