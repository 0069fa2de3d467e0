"""Health and figures over HTTP, while the database and the repository come and go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
import requests

from connector.domain.errors import RepositoryUnavailable
from connector.registry import connection
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.publications import PublicationRegister
from connector.soap.operations import Backing
from connector.soap.server import ENDPOINT, Application, create_application, serve
from tests.fixtures.soap import PORTAL, Kho, free_port, verdicts
from tests.integration.test_soap_streaming import ask, eventually

pytestmark = pytest.mark.integration
Dependency = Callable[[], object]


@contextmanager
def monitored(application: Application) -> Iterator[tuple[str, str]]:
    """The service and its figures, each on a port of its own."""
    port, metrics_port, stop = free_port(), free_port(), threading.Event()
    where = {"host": "127.0.0.1", "port": port, "metrics_port": metrics_port, "stop": stop}
    thread = threading.Thread(target=serve, args=(application,), kwargs=where)
    thread.start()
    url, figures = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics_port}/metrics"
    try:
        assert eventually(lambda: answers(f"{url}/health/live") and answers(figures))
        yield url, figures
    finally:
        stop.set()
        thread.join(30)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.ConnectionError:
        return False


def ready(url: str) -> tuple[int, dict[str, str]]:
    answer = requests.get(f"{url}/health/ready", timeout=20)
    return answer.status_code, answer.json()["dependencies"]


def figure(text: str, name: str) -> float:
    [line] = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.rsplit(" ", 1)[1])


def service(papers: PublicationRegister, chain: AuditChain, kho: Kho, repository: Dependency) -> Application:
    return create_application(
        Backing(papers=papers, verify_signatures=verdicts, report_result=lambda *a, **k: None),
        clients=[PORTAL],
        read_content=kho.shelf.read,
        keyed_hash=chain.keyed_hash,
        dependencies={"database": lambda: papers.state_of(None, "-"), "repository-A1": repository},
    )


def test_figures_are_served_on_a_port_of_their_own_only(kho: Kho) -> None:
    paper = kho.publish(b"%PDF-1.7 content")
    with monitored(kho.application) as (url, figures):
        assert requests.get(f"{url}/metrics", timeout=10).status_code == 404
        assert not answers(figures.replace("/metrics", "/health/live"))
        ask(url + ENDPOINT, paper).close()
        requests.post(url + ENDPOINT, data=b"no xml", auth=("x", "y"), timeout=10)

        answer = requests.get(figures, timeout=10)

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert figure(answer.text, 'sohoa_soap_calls_total{operation="GetDocument",outcome="OK"}') == 1
    assert figure(answer.text, 'sohoa_soap_calls_total{operation="-",outcome="AccessDenied"}') == 1
    assert figure(answer.text, "sohoa_soap_content_bytes_total") == len(b"%PDF-1.7 content")
    assert figure(answer.text, "sohoa_soap_call_seconds_count") == 2
    assert figure(answer.text, 'sohoa_dependency_up{name="database"}') == 1
    assert PORTAL.name not in answer.text


def test_a_database_that_goes_away_and_comes_back(
    kho: Kho, dsn: str, postgres: str, chain: AuditChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = kho.publish()
    name = dsn.partition("?")[0].rsplit("/", 1)[1]
    monkeypatch.setattr(connection, "_WAIT_SECONDS", 1.0)

    def let_in(allowed: bool) -> None:
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}".encode())
            if not allowed:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    with Database(dsn, size=2) as own:
        application = service(PublicationRegister(own, AuditChain(own, b"test key")), chain, kho, lambda: None)
        with monitored(application) as (url, figures):
            assert ready(url) == (200, {"database": "ok", "repository-A1": "ok"})
            let_in(False)
            assert ready(url) == (503, {"database": "unavailable", "repository-A1": "ok"})
            assert answers(f"{url}/health/live")  # a restart would help nobody
            assert figure(requests.get(figures, timeout=10).text, 'sohoa_dependency_up{name="database"}') == 0
            refused = ask(url + ENDPOINT, paper)
            assert ("Unavailable" in refused.text, refused.headers["retry-after"]) == (True, "30")
            let_in(True)
            assert eventually(lambda: ready(url)[0] == 200)
            assert ask(url + ENDPOINT, paper).ok


@pytest.mark.parametrize("state", ["unavailable", "no answer"])
def test_a_repository_that_is_away_or_silent_is_named_and_the_rest_still_served(
    kho: Kho, chain: AuditChain, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    speaks = threading.Event()
    monkeypatch.setattr("connector.soap.health._SECONDS", 0.2)

    def away() -> object:
        if state == "no answer":
            return speaks.wait(10)
        raise RepositoryUnavailable("test")

    paper = kho.publish()
    with monitored(service(kho.publications, chain, kho, away)) as (url, _):
        assert ready(url) == (503, {"database": "ok", "repository-A1": state})
        assert ask(url + ENDPOINT, paper).ok
        speaks.set()
