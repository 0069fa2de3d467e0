"""A gigabyte through a hundred megabytes of memory, up and down, over both bindings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.large_content_server import PIECE, LargeContentServer

pytestmark = [pytest.mark.slow, pytest.mark.integration]

MEGABYTES = 1024
_CLIENT = """
import re, sys
from pathlib import Path
from connector.cmis.service import connect
from connector.cmis.session import Endpoint

url, binding, direction, file = sys.argv[1:]
service = connect(Endpoint(url=url, repository_id="A1", username="a", password="b", binding=binding))
if direction == "up":
    properties = {"cmis:objectTypeId": "cmis:document", "cmis:name": "lớn"}
    service.act("createDocument", {"objectId": "doc"}, properties=properties, content=Path(file))
    size = 0
else:
    size = sum(len(piece) for piece in service.content("doc"))
print(size, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.fixture
def server() -> Iterator[LargeContentServer]:
    running = LargeContentServer(MEGABYTES)
    yield running
    running.close()


@pytest.mark.parametrize("binding", ["browser", "atompub"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_gigabyte_is_streamed(server: LargeContentServer, tmp_path: Path, binding: str, direction: str) -> None:
    file = tmp_path / "large"
    with file.open("wb") as stream:
        stream.truncate(MEGABYTES * len(PIECE))  # a hole: no disk is filled
    url = f"{server.url}/{'atom' if binding == 'atompub' else 'browser'}"

    client = subprocess.run(
        [sys.executable, "-c", _CLIENT, url, binding, direction, str(file)],
        stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip

    size, peak = map(int, client.stdout.split())
    assert peak < 100 * 1024  # kilobytes of resident memory, all libraries included
    if direction == "down":
        assert size == MEGABYTES * len(PIECE)
    else:
        assert server.uploaded >= MEGABYTES * len(PIECE) * (4 / 3 if binding == "atompub" else 1)
