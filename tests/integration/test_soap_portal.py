"""Asking another store, which here is our own service on a port."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connector.domain.errors import PortalError, PortalUnavailable
from connector.domain.paper import Dossier
from connector.pipeline.reuse import look_into_store
from connector.pipeline.workplace import Office, Workplace
from connector.registry.papers import PaperRegister
from connector.soap.breaker import Breaker
from connector.soap.portal import KhoClient
from tests.fixtures.soap import PASSWORD, PORTAL, Kho, free_port

pytestmark = pytest.mark.integration
OWNER = "001090000012"


def store(
    url: str, *, name: str = "Kho tỉnh khác", password: str = PASSWORD, breaker: Breaker | None = None
) -> KhoClient:
    return KhoClient(name, f"{url}?wsdl", username=PORTAL.name, password=password, seconds=5, breaker=breaker)


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}/KhoGiayTo"


def test_all_papers_of_an_owner_are_found_over_pages(served: Kho) -> None:
    for number in range(103):
        served.publish(code=f"{OWNER}.QD.{number}")
    served.publish(code="x", owner_id="001090000099")
    found = store(served.url).in_force_of(OWNER)
    assert [paper.digitization_code for paper in found] == [f"{OWNER}.QD.{number}" for number in range(103)]
    assert (found[0].document_name, found[0].issue_date) == ("Quyết định", "2024-01-02")


def test_a_refusal_is_no_outage(served: Kho) -> None:
    with pytest.raises(PortalError) as caught:
        store(served.url, password="sai").in_force_of(OWNER)
    assert not caught.value.transient
    assert OWNER not in str(caught.value)


def test_who_did_not_answer_three_times_is_not_waited_for(served: Kho) -> None:
    now = 0.0
    away = store(nowhere(), breaker=Breaker(clock=lambda: now))
    for _ in range(3):
        with pytest.raises(PortalUnavailable, match="ConnectionError"):
            away.in_force_of(OWNER)
    with pytest.raises(PortalUnavailable, match="a moment ago"):
        away.in_force_of(OWNER)
    now = 61.0
    with pytest.raises(PortalUnavailable, match="ConnectionError"):
        away.in_force_of(OWNER)


def test_a_breaker_closes_with_the_first_answer() -> None:
    now = 0.0
    breaker = Breaker(failures=1, seconds=10, clock=lambda: now)
    breaker.failed()
    with pytest.raises(PortalUnavailable):
        breaker.check()
    now = 10.0
    breaker.check()
    with pytest.raises(PortalUnavailable):
        breaker.check()  # one at a time tries
    breaker.answered()
    breaker.check()


def test_the_dossier_shows_our_papers_and_those_of_other_stores(
    served: Kho, register: PaperRegister, tmp_path: Path
) -> None:
    served.publish()
    unused: Any = None
    place = Workplace(
        repository=unused,
        registry=register,
        reader=unused,
        signer=unused,
        staff=unused,
        office=Office(agency_name="BHXH"),
        folder=tmp_path,
        other_stores=(store(served.url), store(nowhere(), name="Kho xa"), store(served.url, password="sai")),
        now=lambda: dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )
    dossier = Dossier(dossier_id=uuid4(), repository_id="A1", folder_id="f", owner_id=OWNER)

    lines = look_into_store(dossier, place)["reuse_notice"]

    ours = "Quyết định số 12/QĐ-BHXH ngày 2024-01-02, BHXH tỉnh Hà Nam (mã số hóa 001090000012.QD.12/QĐ-BHXH)"
    assert lines == (
        ours,
        f"Kho tỉnh khác: {ours}",
        "Kho xa: chưa trả lời; chọn KIEM_TRA_KHO lại sau.",
        "Kho tỉnh khác: từ chối; báo quản trị hệ thống.",
    )
