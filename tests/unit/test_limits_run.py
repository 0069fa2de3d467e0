"""A hostile file costs one paper, never the process that serves the others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connector.domain.errors import EncryptedFile, LimitExceeded, UnreadableFile
from ocr_worker.limits import run_limited

ROOT = Path(__file__).parents[2]


def double(number: int) -> int:
    return number * 2


def take_memory() -> int:
    return len(bytearray(4_000_000_000))


def loop_forever() -> None:
    while True:
        time.sleep(0.01)


def crash() -> None:
    os.abort()


def leave() -> None:
    os._exit(3)


def refuse() -> None:
    raise EncryptedFile("page tree", sentence="Tệp thử.")


def stumble() -> None:
    raise KeyError("079301000123")


def is_loaded(module: str) -> bool:
    return module in sys.modules


def large_answer() -> bytes:
    return b"x" * 20_000_000


def test_the_answer_comes_back() -> None:
    assert run_limited(double, 21, seconds=60, megabytes=4000) == 42


def test_an_answer_larger_than_a_pipe_comes_back() -> None:
    assert len(run_limited(large_answer, seconds=60, megabytes=4000)) == 20_000_000


def test_a_memory_bomb_exceeds_the_limit() -> None:
    with pytest.raises(LimitExceeded, match="memory"):
        run_limited(take_memory, seconds=60, megabytes=1000)


def test_an_endless_loop_is_ended() -> None:
    with pytest.raises(LimitExceeded, match="seconds"):
        run_limited(loop_forever, seconds=3, megabytes=4000)


def test_a_crash_in_native_code_is_a_limit_of_that_paper() -> None:
    with pytest.raises(LimitExceeded, match="SIGABRT"):
        run_limited(crash, seconds=60, megabytes=4000)


def test_a_reader_that_leaves_without_an_answer_makes_the_file_unreadable() -> None:
    with pytest.raises(UnreadableFile):
        run_limited(leave, seconds=60, megabytes=4000)


def test_an_error_of_the_product_comes_through_with_its_sentence() -> None:
    with pytest.raises(EncryptedFile) as caught:
        run_limited(refuse, seconds=60, megabytes=4000)
    assert caught.value.detail == "page tree"
    assert caught.value.vietnamese == "[TEP_MA_HOA] Tệp thử."


def test_a_foreign_error_says_its_kind_and_nothing_of_the_paper() -> None:
    with pytest.raises(UnreadableFile, match="KeyError") as caught:
        run_limited(stumble, seconds=60, megabytes=4000)
    assert "079301000123" not in str(caught.value)


@pytest.mark.parametrize(("loaded", "found"), [("ocr_worker.loaded", "True"), ("", "False")])
def test_only_readers_find_the_recognition_loaded(loaded: str, found: str) -> None:
    # what a process forks from is settled by its first question
    asked = (
        "from tests.unit.test_limits_run import is_loaded; from ocr_worker.limits import run_limited; "
        "print(run_limited(is_loaded, 'ocr_worker.recognition.recognize', seconds=60, megabytes=4000, "
        f"loaded={loaded!r}))"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == found


def descendants(process: int) -> set[int]:
    threads = Path(f"/proc/{process}/task").glob("*/children")
    children = {int(child) for thread in threads for child in thread.read_text().split()}
    return children.union(*(descendants(child) for child in children))


def test_no_process_is_left_behind() -> None:
    # the process that readers are forked from stays until the parent ends
    run_limited(double, 21, seconds=60, megabytes=4000)
    before = descendants(os.getpid())
    with pytest.raises(LimitExceeded):
        run_limited(loop_forever, seconds=2, megabytes=4000)
    assert descendants(os.getpid()) <= before
