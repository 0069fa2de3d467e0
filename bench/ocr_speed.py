"""Reading speed beside OCRmyPDF, on the same drawn pages, one process each, in turns within one run.

    .venv/bin/python bench/ocr_speed.py --pages 24 --rounds 2

OCRmyPDF (extra ``bench``, with Debian's tesseract-ocr) gets all pages as one file, so that its start counts once;
ours reads them as papers, with handwriting and the second opinion on. Both are also counted in processor time,
which other load on the machine moves less than the clock does.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pikepdf

from connector.demo.papers import draw_labelled_set
from ocr_worker.digits.reader import SlotReader
from ocr_worker.reader import LOADED, read_paper
from ocr_worker.recognition.recognize import Recognizer

# what cleans and turns pages as our reader does, and writes no PDF/A, which would cost time of another kind
PEER = ("-l", "vie", "--jobs", "1", "--output-type", "pdf", "--optimize", "0", "--quiet")
PEER_CLEANING = ("--deskew", "--rotate-pages")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run: seconds by the clock and of the processor, those within recognition, peak memory in MB."""

    pages: int
    clock: float
    processor: float
    recognition: float = 0.0
    megabytes: float = 0.0

    def per_minute(self) -> float:
        """Pages per minute of one core."""
        return 60 * self.pages / self.processor


class Stopwatch:
    """Adds up the processor time of the calls it wraps; calls within calls count once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed."""

        def run(*arguments: Any, **named: Any) -> Any:
            started = time.process_time()
            self._depth += 1
            try:
                return call(*arguments, **named)
            finally:
                self._depth -= 1
                if not self._depth:
                    self.seconds += time.process_time() - started

        return run


def read_all(files: Sequence[Path], warm: Path) -> Measured:
    """Read papers in this process, which has loaded what readers are forked with, and one paper that does not count."""
    import_module(LOADED)
    watch = Stopwatch()
    for owner, name in ((Recognizer, "page"), (Recognizer, "crop"), (SlotReader, "read"), (SlotReader, "evidence")):
        setattr(owner, name, watch.timed(getattr(owner, name)))
    read_paper(warm)
    watch.seconds, clock, processor = 0.0, time.monotonic(), time.process_time()
    pages = sum(read_paper(file).pages for file in files)
    return Measured(
        pages=pages,
        clock=time.monotonic() - clock,
        processor=time.process_time() - processor,
        recognition=watch.seconds,
        megabytes=peak_megabytes(),
    )


def peak_megabytes() -> float:
    """The most memory this process ever held; ru_maxrss would count the parent's before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def in_new_process(files: Sequence[Path], warm: Path) -> Measured:
    """``read_all`` in a fresh process, so that memory and models are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(read_all, files, warm).result()


def run_peer(bundle: Path, pages: int, options: Sequence[str]) -> Measured:
    """OCRmyPDF on all pages as one file."""
    command = [sys.executable, "-m", "ocrmypdf", *PEER, *options, str(bundle), str(bundle.with_suffix(".out.pdf"))]
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(pages=pages, clock=time.monotonic() - clock, processor=processor)


def bundled(files: Sequence[Path], target: Path, *, pages: int) -> Path:
    """The first ``pages`` pages of the files, over and over, as one PDF."""
    with pikepdf.new() as bundle:
        while len(bundle.pages) < pages:
            for file in files:
                with pikepdf.open(file) as source:
                    bundle.pages.extend(source.pages)
        del bundle.pages[pages:]
        bundle.save(target)
    return target


def total(runs: Sequence[Measured]) -> Measured:
    """Several runs as one."""
    return Measured(
        pages=sum(run.pages for run in runs),
        clock=sum(run.clock for run in runs),
        processor=sum(run.processor for run in runs),
        recognition=sum(run.recognition for run in runs),
        megabytes=max(run.megabytes for run in runs),
    )


def compare(folder: Path, files: Sequence[Path], rounds: int) -> None:
    """Ours and OCRmyPDF in turns; prints pages per minute of one core and the ratio."""
    pages = sum(len(pikepdf.open(file).pages) for file in files)
    bundle = bundled(files, folder / "bundle.pdf", pages=pages)
    contenders: dict[str, Callable[[], Measured]] = {
        "sohoa (fields, handwriting, second opinion)": lambda: in_new_process(files, files[0])
    }
    if find_spec("ocrmypdf"):
        contenders["ocrmypdf, text only"] = lambda: run_peer(bundle, pages, ())
        contenders["ocrmypdf, deskewed and turned"] = lambda: run_peer(bundle, pages, PEER_CLEANING)
    else:
        print("OCRmyPDF is not installed: pip install -e '.[bench]'")
    runs: dict[str, list[Measured]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            runs[name].append(contender())
    ours, *peers = [total(measured) for measured in runs.values()]
    print(f"{pages} pages, {rounds} rounds in turns")
    for name, measured in zip(runs, [ours, *peers], strict=True):
        print(
            f"  {name:44}{measured.per_minute():7.1f} pages a core and minute"
            f" ({60 * measured.pages / measured.clock:.1f} by the clock)"
        )
    for name, measured in zip(list(runs)[1:], peers, strict=True):
        print(f"  ratio to {name}: {ours.per_minute() / measured.per_minute():.2f}")
    print(f"  time within recognition: {100 * ours.recognition / ours.processor:.0f} %, memory {ours.megabytes:.0f} MB")


def growth(folder: Path, files: Sequence[Path], sizes: Sequence[int]) -> None:
    """Processor seconds a page as papers grow: flat if nothing is read twice or kept."""
    print("pages of one paper: processor seconds a page, memory")
    for size in sizes:
        paper = bundled(files, folder / f"paper-{size}.pdf", pages=size)
        measured = in_new_process([paper], files[0])
        print(f"  {size:4}  {measured.processor / size:.3f} s  {measured.megabytes:.0f} MB")


def main() -> None:
    """Draw the pages, compare, and let a paper grow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=16, help="how many papers are drawn")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--grow", type=int, nargs="*", default=[1, 10, 40], help="sizes of one paper; 500 takes long")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = draw_labelled_set(folder, options.pages, seed=99)
        files = [paper.file for paper in (*drawn.tune, *drawn.test)]
        compare(folder, files, options.rounds)
        growth(folder, files, options.grow)


if __name__ == "__main__":
    main()
