"""The HTTP side before a server that stutters, hangs, lies about its answers or breaks off."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connector.cmis.browser import BrowserService
from connector.cmis.session import Endpoint
from connector.domain.errors import RepositoryError, RepositoryUnavailable

JSON, HTML = "application/json", "text/html"


@dataclass
class Answer:
    """One answer; ``cut``: the line breaks after half of it; ``after``: seconds until it comes."""

    status: int = 200
    body: str = "{}"
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    after: float = 0.0


class Stutterer:
    """Answers the service document truly, and everything else as told, in turn."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[tuple[str, str, bytes]] = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"played": self}))
        self.url = f"http://127.0.0.1:{server.server_port}/browser"
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def service_document(self) -> str:
        info = {"repositoryId": "A1", "repositoryUrl": f"{self.url}/A1", "rootFolderUrl": f"{self.url}/A1/root"}
        return json.dumps({"A1": info})


class _Handler(BaseHTTPRequestHandler):
    played: Stutterer

    def do_GET(self) -> None:
        self._answer("GET", b"")

    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, method: str, body: bytes) -> None:
        if self.path.split("?")[0].endswith("/browser"):
            answer = Answer(body=self.played.service_document)
        else:
            self.played.requests.append((method, self.path, body))
            answer = self.played.answers.pop(0)
        time.sleep(answer.after)
        content = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if answer.cut else content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Stutterer]:
    running = Stutterer()
    yield running
    running.close()


@pytest.fixture
def service(server: Stutterer) -> BrowserService:
    return BrowserService(
        Endpoint(url=server.url, repository_id="A1", username="sohoa", password="x", timeout_seconds=0.3)
    )


def test_reading_is_tried_again_as_the_server_asks(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(status=503, headers={"Retry-After": "0"}), Answer(status=502), Answer(body='{"a": 1}')]

    assert service.object("x") == {"a": 1}
    assert len(server.requests) == 3


def test_writing_is_never_repeated_by_itself(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(status=503, headers={"Retry-After": "0"})]

    with pytest.raises(RepositoryUnavailable):
        service.act("update", {"objectId": "x"})
    assert len(server.requests) == 1


def test_a_server_that_hangs_is_left(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(after=2.0)]

    with pytest.raises(RepositoryUnavailable):
        service.act("update", {"objectId": "x"})


def test_a_redirected_write_is_no_success(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(status=302, headers={"Location": f"{server.url}/elsewhere"}), Answer()]

    with pytest.raises(RepositoryError, match="redirected"):
        service.act("update", {"objectId": "x"})


def test_a_page_of_a_proxy_is_no_answer(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(body="<html>Sign in</html>", kind=HTML)]

    with pytest.raises(RepositoryUnavailable, match="not JSON"):
        service.object("x")


def test_a_document_that_is_json_is_content_and_no_answer(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(body='{"exception": "objectNotFound"}')]

    assert b"".join(service.content("x")) == b'{"exception": "objectNotFound"}'


def test_content_that_breaks_off_is_not_the_whole(server: Stutterer, service: BrowserService) -> None:
    server.answers = [Answer(body="x" * 100_000, kind="application/pdf", cut=True)]

    with pytest.raises(RepositoryUnavailable):
        list(service.content("x"))


def test_what_is_sent_names_no_file_and_leaks_nothing(
    server: Stutterer, service: BrowserService, tmp_path: Path
) -> None:
    file = tmp_path / "giấy tờ.pdf"
    file.write_bytes(b"%PDF")
    server.answers = [Answer(), Answer()]

    service.act("createDocument", {"objectId": "x"}, properties={"cmis:name": "Giấy.pdf"}, content=file)
    service.object("x")

    (_, _, posted), (_, address, _) = server.requests
    assert b'filename="content"' in posted  # another name would come out in Latin-1
    assert "Giấy.pdf".encode() in posted
    assert "binding=" not in address


def test_pages_are_read_until_the_server_says_there_are_no_more(server: Stutterer, service: BrowserService) -> None:
    def page(*names: str, more: bool) -> Answer:
        return Answer(body=json.dumps({"results": [{"n": name} for name in names], "hasMoreItems": more}))

    server.answers = [page("a", "b", more=True), page("c", more=True), page("d", more=False)]

    assert [row["n"] for row in service.query("SELECT * FROM x")] == ["a", "b", "c", "d"]
    assert [address.partition("skipCount=")[2] for _, address, _ in server.requests] == ["0", "2", "3"]
