"""The embedded ECM: a real CMIS 1.1 server for demo and tests, gone when it is stopped."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import requests

from connector.cmis.content_model import type_definitions
from connector.domain.errors import ConfigurationError, RepositoryUnavailable
from connector.tether import end_with_parent

WAR_SOURCE = Path(__file__).parent / "ecm_war"
BUILT = Path(__file__).parents[2] / "build" / "ecm"
REPOSITORY_ID = "A1"
_START_SECONDS = 120.0
_ATTEMPTS = 3
_STOP_SECONDS = 10.0


def build(target: Path = BUILT) -> None:
    """Fetch the server's parts and pack them with our content model; nothing to do while both are the same.

    Raises ConfigurationError with the last lines of Maven where that fails.
    """
    target.mkdir(parents=True, exist_ok=True)
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_built(target):
            _pack(target)
            (target / "fingerprint").write_text(_fingerprint())


def is_built(target: Path = BUILT) -> bool:
    """Whether the server lies there, packed from this content model and these settings."""
    fingerprint = target / "fingerprint"
    parts = (target / "server" / name for name in ("cmis.war", "jetty-runner.jar"))
    return fingerprint.is_file() and fingerprint.read_text() == _fingerprint() and all(part.is_file() for part in parts)


def _fingerprint() -> str:
    digest = hashlib.sha256(type_definitions())
    for file in sorted(file for file in WAR_SOURCE.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _pack(target: Path) -> None:
    source = target / "source"
    shutil.copytree(WAR_SOURCE, source, dirs_exist_ok=True)
    (source / "src" / "main" / "resources" / "bhxh-types.xml").write_bytes(type_definitions())
    command = ["mvn", "-q", "-B", "-f", str(source / "pom.xml"), f"-Doutput={target / 'server'}", "package"]
    packed = subprocess.run(command, capture_output=True, text=True, check=False)
    if packed.returncode != 0:
        raise ConfigurationError(f"Maven could not pack the embedded ECM: {packed.stdout[-2000:]}")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class DemoEcm:
    """The server on a free loopback port; its temporary files lie in ``folder``."""

    repository_id = REPOSITORY_ID

    def __init__(self, folder: Path, *, heap: str = "1g") -> None:
        self._folder = folder
        self._heap = heap  # everything it stores lies there
        self._server: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def browser_url(self) -> str:
        """The browser binding's service document."""
        return f"http://127.0.0.1:{self.port}/cmis/browser"

    @property
    def atom_url(self) -> str:
        """The AtomPub binding's service document (CMIS 1.1)."""
        return f"http://127.0.0.1:{self.port}/cmis/atom11"

    def __enter__(self) -> DemoEcm:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers. Raises ConfigurationError, RepositoryUnavailable."""
        build()
        temporary = self._folder / "ecm"
        temporary.mkdir(parents=True, exist_ok=True)
        log = temporary / "server.log"
        for _ in range(_ATTEMPTS):
            self.port = free_port()
            if self._came_up(temporary, log):
                return
        tail = log.read_text(encoding="utf-8", errors="replace")[-1000:]
        raise RepositoryUnavailable(f"the embedded ECM did not start: {tail}")

    def _came_up(self, temporary: Path, log: Path) -> bool:
        """Whether this attempt answers; another process may have taken the port meanwhile."""
        war = BUILT / "server"
        command = [
            "java", f"-Xmx{self._heap}", "--add-opens", "java.base/java.lang=ALL-UNNAMED",
            f"-Djava.io.tmpdir={temporary}", "-XX:-UsePerfData",  # that would leave a file in /tmp
            "-jar", str(war / "jetty-runner.jar"), "--host", "127.0.0.1", "--port", str(self.port),
            "--path", "/cmis", str(war / "cmis.war"),
        ]  # fmt: skip
        with log.open("ab") as output:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=temporary,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        try:
            answers = self._answers(self._server)
        except BaseException:
            self.stop()
            raise
        if not answers:
            self.stop()
        return answers

    def _answers(self, server: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < deadline and server.poll() is None:
                try:
                    if session.get(self.browser_url, auth=("demo", "demo"), timeout=5).status_code == 200:
                        # another server may have been faster on this port, and ours is about to end
                        return server.poll() is None
                except requests.RequestException:
                    pass
                time.sleep(0.2)
        return False

    def stop(self) -> None:
        """End the server and what it started."""
        if self._server is None or self._server.poll() is not None:
            return
        os.killpg(self._server.pid, signal.SIGTERM)
        try:
            self._server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", action="store_true", required=True)
    parser.parse_args()
    build()
