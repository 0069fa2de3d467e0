"""Keeping the child processes of ``sohoa run`` alive, and ending them together."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connector.tether import end_with_parent

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
_PATIENCE = 30.0
_LONGEST_DELAY = 60.0


@dataclass
class Child:
    """A command that has to run; ``delay`` grows while it keeps dying."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    delay: float = 1.0
    start_at: float = 0.0


def supervise(children: Sequence[Child], *, config_file: Path | None, dsn: str, stop: threading.Event) -> None:
    """Start the children, start again what dies, and end all when ``stop`` is set."""
    environment = {**os.environ, "SOHOA_DATABASE__DSN": dsn}
    if config_file:
        environment["SOHOA_CONFIG"] = str(config_file)
    try:
        while not stop.is_set():
            for child in children:
                _keep_alive(child, environment)
            stop.wait(_LOOK_EVERY)
    finally:
        _end(children)


def _keep_alive(child: Child, environment: dict[str, str]) -> None:
    if child.process is not None and child.process.poll() is not None:
        log.error("%s ended with %s", child.name, child.process.returncode)
        child.process, child.start_at = None, time.monotonic() + child.delay
        child.delay = min(child.delay * 2, _LONGEST_DELAY)
    if child.process is None and time.monotonic() >= child.start_at:
        verbosity = ["--verbose"] if log.isEnabledFor(logging.INFO) else []
        command = [sys.executable, "-m", "connector.cli.main", *verbosity, *child.arguments]
        # a session of its own: Ctrl-C reaches only us, and we end the children in order
        child.process = subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=end_with_parent)


def _end(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
