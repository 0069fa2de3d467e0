"""How many drawn secrecy stamps are missed, and how many papers without one are held up.

    .venv/bin/python bench/secrecy_stamps.py --secret 200 --normal 200

Stamps differ in text, colour, frame, size, slant, place and strength; papers in kind, wear and resolution. Both the
picture check before any signature and the text read later are asked, as the pipeline does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2

from connector.demo.papers.random_papers import draw_sample
from connector.demo.papers.scanner import Picture, scan, some_condition, write_scan
from connector.demo.papers.sheet import Drawing, Sheet
from connector.demo.papers.stamps import RED, VIOLET, Colour, SecrecyMark, secrecy, urgency
from connector.demo.papers.typefaces import TINOS
from connector.domain.capture import Doubt
from connector.domain.metadata import VIETNAM
from ocr_worker.reader import read_paper
from ocr_worker.secrecy.stamps import secrecy_stamp

COLOURS: dict[str, tuple[Colour, float]] = {
    "red": (RED, 0.5),
    "dark red": ((0.55, 0.05, 0.1), 0.15),
    "pale red": ((0.9, 0.45, 0.45), 0.1),
    "violet": (VIOLET, 0.1),
    "black": ((0.1, 0.1, 0.1), 0.15),
}
SCANS = {"colour": 0.8, "grey": 0.12, "bitonal": 0.08}
# how many stamps are set with no regard to what stands below
OVER_PRINT = 0.2
WRITTEN = dt.datetime(2025, 1, 20, 8, 0, tzinfo=VIETNAM)


def some_mark(rng: np.random.Generator) -> tuple[SecrecyMark, str]:
    """A mark and the name of its colour."""
    name = str(rng.choice(list(COLOURS), p=[share for _, share in COLOURS.values()]))
    mark = SecrecyMark(
        text=str(rng.choice(["MẬT", "TỐI MẬT", "TUYỆT MẬT"])),
        colour=COLOURS[name][0],
        frame=rng.choice(["single", "double", "round", "none"], p=[0.6, 0.15, 0.1, 0.15]),
        size=float(rng.uniform(0.8, 1.4)),
        turned=float(rng.normal(0, 6)),
        sans=bool(rng.uniform() < 0.3),
        strength=float(rng.uniform(0.35, 1.0)),
    )
    return mark, name


def draw(folder: Path, seed: int, secret: bool, number: int) -> tuple[Path, str]:
    """One paper and what is on it, in words."""
    rng = np.random.default_rng((seed, int(secret), number))
    sample = draw_sample(rng, fonts=[])
    extra, said = Sheet(TINOS), "none"
    if secret:
        mark, colour = some_mark(rng)
        place = some_place(sample.drawing, rng, over_print=rng.uniform() < OVER_PRINT)
        secrecy(extra.stamp, *place, mark)
        said = f"{mark.text}, {colour}, frame {mark.frame}, strength {mark.strength:.2f}"
    elif rng.uniform() < 0.3:
        said = str(rng.choice(["HỎA TỐC", "KHẨN", "THƯỢNG KHẨN"]))
        urgency(extra.stamp, rng.uniform(40, 70), rng.uniform(58, 85), text=said, turned=float(rng.normal(0, 6)))
    condition = some_condition(rng, dpi=int(rng.choice([100, 200, 300])), worn=sample.worn)
    kind = str(rng.choice(list(SCANS), p=list(SCANS.values())))
    pictures = [as_scanned(page, kind) for page in scan(overlaid(sample.drawing, extra.finish()), condition, rng)]
    file = folder / f"{'secret' if secret else 'normal'}-{number:04d}.pdf"
    write_scan(pictures, file, condition=replace(condition, quality=80), scanned_at=WRITTEN)
    return file, f"{said}, {condition.dpi} dpi, {kind}"


def some_place(drawing: Drawing, rng: np.random.Generator, *, over_print: bool) -> tuple[float, float]:
    """Where a clerk puts the stamp, in millimetres: under the number or at the top, on white paper if there is any."""
    places = [(rng.uniform(38, 75), rng.uniform(50, 100)) for _ in range(20)]
    places += [(rng.uniform(40, 175), rng.uniform(12, 18)) for _ in range(6)]
    if over_print:
        return places[int(rng.integers(len(places)))]
    with pypdfium2.PdfDocument(drawing.printed) as printed, pypdfium2.PdfDocument(drawing.stamped) as stamped:
        ink = sum(
            255 - np.asarray(pdf[0].render(scale=0.5).to_numpy()).min(axis=2).astype(int) for pdf in (printed, stamped)
        )
    per_mm = 36 / 25.4

    def inked(place: tuple[float, float]) -> int:
        x, y = place
        return int(
            ink[
                round((y - 7) * per_mm) : round((y + 7) * per_mm), round((x - 24) * per_mm) : round((x + 24) * per_mm)
            ].sum()
        )

    return min(places, key=inked)


def overlaid(drawing: Drawing, extra: Drawing) -> Drawing:
    """The drawing with more stamp ink on its first page."""
    with pikepdf.open(io.BytesIO(drawing.stamped)) as base, pikepdf.open(io.BytesIO(extra.stamped)) as more:
        base.pages[0].add_overlay(more.pages[0], None)
        target = io.BytesIO()
        base.save(target)
    return replace(drawing, stamped=target.getvalue())


def as_scanned(page: Picture, kind: str) -> Picture:
    """The page as a grey or black and white scanner leaves it."""
    if kind == "colour":
        return page
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)
    if kind == "bitonal":
        grey = np.where(grey > 150, 255, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def judge(folder: Path, seed: int, secret: bool, number: int) -> tuple[str, str]:
    """What the picture says, and the text where the picture says no; with the paper's description."""
    file, said = draw(folder, seed, secret, number)
    found = secrecy_stamp(file)
    answer = str(found.value)
    if found is Doubt.NO and read_paper(file).secrecy_found:
        answer = "text"
    file.unlink()
    return answer, said


def main() -> None:
    """Draw, judge and list what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secret", type=int, default=60)
    parser.add_argument("--normal", type=int, default=60)
    parser.add_argument("--seed", type=int, default=4711)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool,
    ):
        for secret, count in ((True, options.secret), (False, options.normal)):
            answers = list(pool.map(partial(judge, Path(name), options.seed, secret), range(count)))
            print("secret papers" if secret else "papers without a secrecy stamp", dict(Counter(a for a, _ in answers)))
            wrong = [said for answer, said in answers if (answer == "no") is secret]
            print("\n".join(f"  {'missed' if secret else 'held up'}: {said}" for said in wrong))


if __name__ == "__main__":
    main()
