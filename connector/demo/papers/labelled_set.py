"""Labelled sets for measuring: papers of many kinds, offices, hands and conditions, each with its truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from connector.demo.papers.handwriting import Hand
from connector.demo.papers.paper import DrawnPaper, write_truth
from connector.demo.papers.random_papers import Sample, draw_sample
from connector.demo.papers.scanner import scan, some_condition, write_scan
from connector.demo.papers.sheet import printed_text
from connector.domain.metadata import VIETNAM

_FONTS = Path("/usr/share/fonts/truetype")
# No hand of the test set was ever shown to the digit reader or to who tunes it.
TUNE_HANDS = ("breip/Breip.ttf", "fifthhorseman/dkg.ttf", "kristi/Kristi.ttf")
TEST_HANDS = ("femkeklaver/femkeklaver.ttf", "sjfonts/Delphine.ttf", "sjfonts/SteveHand.ttf")
SPLITS = ("tune", "test")


@dataclass(frozen=True, kw_only=True)
class LabelledSet:
    """The two halves of a set: one to look at and tune on, one that is only measured."""

    tune: tuple[DrawnPaper, ...]
    test: tuple[DrawnPaper, ...]


def draw_labelled_set(folder: Path, count: int, seed: int, jobs: int = 1) -> LabelledSet:
    """Draw ``count`` papers into ``folder``/tune and ``folder``/test, each with its truth.json.

    Which paper falls into which half, and everything on it, depends on the seed and its place alone. The
    handwriting fonts of the test half are others than those of the tune half.
    """
    for split in SPLITS:
        (folder / split).mkdir(parents=True, exist_ok=True)
    draw = partial(_draw_one, folder, seed)
    tasks = list(_places(count, seed))
    if jobs == 1:
        drawn = [draw(task) for task in tasks]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            drawn = list(pool.map(draw, tasks, chunksize=4))
    halves = {split: tuple(p for p in drawn if p.file.parent.name == split) for split in SPLITS}
    for split, papers in halves.items():
        write_truth(papers, folder / split / "truth.json")
    return LabelledSet(tune=halves["tune"], test=halves["test"])


def _places(count: int, seed: int) -> Iterator[tuple[int, str]]:
    """Each paper's number with its half; neighbours are dealt out in pairs, so that both halves are alike."""
    rng = np.random.default_rng((seed, 0))
    first = 0
    for number in range(1, count + 1):
        first = int(rng.integers(0, 2)) if number % 2 else 1 - first
        yield number, SPLITS[first]


def _draw_one(folder: Path, seed: int, task: tuple[int, str]) -> DrawnPaper:
    number, split = task
    rng = np.random.default_rng((seed, number))
    hands = [_FONTS / font for font in (TUNE_HANDS if split == "tune" else TEST_HANDS)]
    sample: Sample = draw_sample(rng, fonts=[font for font in hands if font.exists()])
    dpi = int(rng.choice([100, 200, 300], p=[0.1, 0.6, 0.3]))
    condition = replace(
        some_condition(rng, dpi=dpi, worn=sample.worn),
        dark_edge=float(rng.uniform(0.5, 4)) if rng.uniform() < 0.08 else 0.0,
        punched=bool(rng.uniform() < 0.1),
    )
    file = folder / split / f"{number:04d}-{sample.slug}.pdf"
    written_at = dt.datetime.combine(sample.date, dt.time(9, 15), VIETNAM)
    write_scan(
        scan(sample.drawing, condition, rng),
        file,
        condition=condition,
        scanned_at=written_at + dt.timedelta(days=int(rng.integers(1, 60))),
    )
    hand: Hand | None = sample.hand
    return DrawnPaper(
        slug=file.stem,
        title=sample.truth["document_name"],
        file=file,
        truth=sample.truth,
        printed=tuple(sample.truth),
        number_written_by="hand" if hand else "print",
        text=printed_text(sample.drawing),
    )
