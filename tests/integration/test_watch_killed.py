"""Ten thousand deposits, two watchers, each killed twice, and the line to the repository cut twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.demo.ecm import DemoEcm
from connector.registry.connection import Database
from tests.fixtures.line import Line
from tests.fixtures.register import queued_stages

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(3600)]

DEPOSITS = 10_000
IN_ONE_DOSSIER = 250


@dataclass
class Watcher:
    """One watcher's process, started again whenever it was killed."""

    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "tests.fixtures.watching_process", *self.arguments])

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def line(ecm: DemoEcm) -> Iterator[Line]:
    opened = Line(ecm.port)
    yield opened
    opened.close()


@pytest.fixture
def watchers(line: Line, dsn: str, tmp_path: Path) -> Iterator[list[Watcher]]:
    # without its own database the server names the address it was called by, so the watchers stay on the line
    url = f"http://127.0.0.1:{line.port}/cmis/browser"
    running = [Watcher([url, dsn, str(tmp_path)]) for _ in range(2)]
    for watcher in running:
        watcher.start()
    yield running
    for watcher in running:
        watcher.kill()


def test_every_deposit_is_claimed_exactly_once(
    cmis: CmisRepository, watchers: list[Watcher], line: Line, database: Database, tmp_path: Path
) -> None:
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7")
    root = cmis.folder_at("/Hồ sơ").object_id

    def deposit(number: int) -> None:
        folder = cmis.create_folder(root, f"nhiều {number}", kind="dossier").object_id
        for each in range(IN_ONE_DOSSIER):
            cmis.create_document(folder, f"{each}.pdf", content, content_type="application/pdf", kind="paper")

    with ThreadPoolExecutor(3) as people:
        depositing = [people.submit(deposit, number) for number in range(DEPOSITS // IN_ONE_DOSSIER)]
        for quarter, disturb in enumerate((watchers[0], line, watchers[1], watchers[0], line, watchers[1]), 1):
            wait_for(database, DEPOSITS * quarter // 8)
            disturbed(disturb)
        for each in depositing:
            each.result()

    wait_for(database, DEPOSITS)
    time.sleep(5)  # a second claim of anything would come now
    assert count(database, "SELECT count(*) AS n FROM paper") == DEPOSITS
    assert count(database, "SELECT count(DISTINCT version_series_id) AS n FROM paper") == DEPOSITS
    assert queued_stages(database) == ["scope"] * DEPOSITS


def disturbed(what: Watcher | Line) -> None:
    """Kill a watcher and start it again, or cut the line for a while."""
    if isinstance(what, Line):
        what.cut()
        time.sleep(2)
        what.mend()
    else:
        what.kill()
        what.start()


def wait_for(database: Database, papers: int) -> None:
    while count(database, "SELECT count(*) AS n FROM paper") < papers:
        time.sleep(0.2)


def count(database: Database, query: str) -> int:
    with database.transaction() as transaction:
        row = transaction.execute(query.encode()).fetchone()
    assert row is not None
    found: int = row["n"]
    return found
