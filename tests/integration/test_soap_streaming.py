"""Content on a real connection: callers that leave, contents that fail, a stop in between."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from connector.domain.publication import PublishedPaper
from connector.soap.server import ENDPOINT
from tests.fixtures.soap import PASSWORD, PORTAL, Kho, running

pytestmark = pytest.mark.integration

SIZE = 24_000_000  # more than sockets and buffers on the way hold


def ask(url: str, paper: PublishedPaper, *, mtom: bool = True) -> requests.Response:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<GetDocument xmlns="urn:vn:bhxh:sohoa:kho:1"><MucDich>thử</MucDich>'
        f"<MaTaiLieu>{paper.record.paper_id}</MaTaiLieu></GetDocument></s:Body></s:Envelope>"
    )
    session = requests.Session()
    session.trust_env = False
    return session.post(
        url,
        data=body.encode(),
        auth=(PORTAL.name.encode(), PASSWORD.encode()),
        headers={"Content-Type": "text/xml; charset=utf-8", "Accept": "multipart/related" if mtom else "text/xml"},
        stream=True,
        timeout=60,
    )


def eventually(condition: Callable[[], bool]) -> bool:
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


def results(kho: Kho) -> list[object]:
    return [row["result"] for row in kho.audit_rows()]


@pytest.mark.parametrize("mtom", [True, False])
def test_a_caller_who_leaves_stops_the_reading(served: Kho, mtom: bool) -> None:
    paper = served.publish(os.urandom(SIZE))
    answer = ask(served.url, paper, mtom=mtom)
    answer.raw.read(1000)
    answer.close()

    assert eventually(lambda: results(served) == ["OK", "BrokenOff"])
    assert served.shelf.open_streams == 0


def test_a_content_that_turns_out_wrong_breaks_off(served: Kho) -> None:
    paper = served.publish(os.urandom(SIZE))
    served.shelf.contents[paper.document.object_id] = os.urandom(SIZE)
    answer = ask(served.url, paper)

    with pytest.raises(requests.RequestException):
        assert len(answer.content) == int(answer.headers["content-length"])
    assert eventually(lambda: results(served) == ["OK", "BrokenOff"])


def test_a_stop_lets_a_running_answer_finish(kho: Kho) -> None:
    paper = kho.publish(os.urandom(SIZE))
    arrived: list[int] = []

    def slowly(answer: requests.Response) -> Iterator[int]:
        for chunk in answer.iter_content(2_000_000):
            time.sleep(0.05)
            yield len(chunk)

    with running(kho.application) as url:
        answer = ask(url + ENDPOINT, paper)
        reading = threading.Thread(target=lambda: arrived.extend(slowly(answer)))
        reading.start()
    reading.join()

    assert sum(arrived) == int(answer.headers["content-length"])
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health/live", timeout=5)
