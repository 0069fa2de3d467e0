"""One call in a process of its own, so that a hostile or broken file costs that paper alone.

The processes are forked from one that has opened no file and has loaded what all readers need: to load libraries,
models and word lists anew takes longer than to read a page.
"""

from __future__ import annotations

import multiprocessing
import pickle
import resource
import signal
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import TypeVar, TypeVarTuple, cast

from connector.domain.errors import LimitExceeded, SohoaError, UnreadableFile

Arguments = TypeVarTuple("Arguments")
Answer = TypeVar("Answer")
MEBIBYTE = 1024 * 1024
# time to end by itself before it is killed
_PATIENCE = 2.0


def run_limited(
    function: Callable[[*Arguments], Answer],
    *args: *Arguments,
    seconds: float,
    megabytes: int,
    loaded: str = "",
) -> Answer:
    """``function(*args)`` in a fresh process that gets this much time and address space.

    ``loaded`` names a module that the process to fork from imports first; what is asked first in a process decides.
    The function must be importable by name and its arguments and answer picklable. Errors of the product
    that it raises come through unchanged; the address space includes the libraries it loads (about 700 MB
    for the recognition libraries together).

    Raises LimitExceeded when the time or memory is used up or the process dies of a signal; UnreadableFile
    for any other failure.
    """
    context = _forking(loaded)
    receiver, sender = context.Pipe(duplex=False)
    call = pickle.dumps((function, args))
    process = context.Process(target=_serve, args=(sender, call, megabytes * MEBIBYTE), daemon=True)
    process.start()
    sender.close()
    try:
        return cast(Answer, _answer(receiver, process, seconds))
    finally:
        _end(process)
        receiver.close()


@cache
def _forking(loaded: str) -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *([loaded] if loaded else [])])
    return context


def _answer(receiver: Connection, process: BaseProcess, seconds: float) -> object:
    if not receiver.poll(seconds):
        raise LimitExceeded(f"not read within {seconds:.0f} seconds")
    try:
        kind, value = receiver.recv()
    except (EOFError, OSError) as error:
        process.join(_PATIENCE)
        code = process.exitcode or 0
        if code < 0:
            raise LimitExceeded(f"its reader died of {signal.Signals(-code).name}") from error
        raise UnreadableFile("its reader ended without an answer") from error
    if kind == "answer":
        return cast(object, value)
    if kind == "memory":
        raise LimitExceeded("reading it needs more memory than allowed")
    if kind == "error":
        error_class, detail, sentence = value
        raise error_class(detail, sentence=sentence)
    raise UnreadableFile(f"its reader failed with {value}")


def _end(process: BaseProcess) -> None:
    process.join(0.1)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def _serve(sender: Connection, call: bytes, address_space: int) -> None:
    """The child's side: limits first, then the call, then one message."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    try:
        function, args = pickle.loads(call)  # written by this process' parent
        message = pickle.dumps(("answer", function(*args)))
    except MemoryError:
        message = pickle.dumps(("memory", None))
    except SohoaError as error:
        message = pickle.dumps(("error", (type(error), error.detail, error._sentence)))
    except Exception as error:  # whatever a parser trips over is this file's fault, and stays in this process
        # OpenCV has no class of its own for it
        starved = "Insufficient memory" in str(error)
        message = pickle.dumps(("memory", None) if starved else ("failure", type(error).__name__))
    sender.send_bytes(message)
    sender.close()
