"""Many drawn slots in files, for teaching the reader."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ocr_worker.digits.ink import WORKING_DPI
from ocr_worker.digits.picture import WIDTHS, slot_picture
from ocr_worker.digits.teaching.drawn_slots import draw_slot
from ocr_worker.digits.teaching.hands import taught_hands

Arrays = dict[str, npt.NDArray[np.generic]]

LONGEST = 6
PART = 2000


def random_text(rng: np.random.Generator) -> str:
    """What stands in slots: numbers, days, months, years, sometimes nothing."""
    draw = rng.uniform()
    if draw < 0.08:
        return ""
    if draw < 0.4:
        number = int(rng.integers(1, 32))
        return f"{number:02d}" if rng.uniform() < 0.8 else str(number)
    if draw < 0.43:
        return str(rng.integers(1990, 2031))
    length = int(rng.choice([1, 2, 3, 4, 5, 6], p=[0.06, 0.27, 0.34, 0.26, 0.045, 0.025]))
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def drawn_data(sources: Path, work: Path, count: int, seed: int, processes: int) -> list[Path]:
    """Files of PART slots each, drawn by several processes and kept in ``work``; the seed decides all of them."""
    numbers = [seed * 10_000 + part for part in range(count // PART)]
    files = [work / f"slots-{number}.npz" for number in numbers]
    missing = [(number, sources, file) for number, file in zip(numbers, files, strict=True) if not file.exists()]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_keep_slots, missing, chunksize=1)
    return files


def _keep_slots(job: tuple[int, Path, Path]) -> None:
    number, sources, file = job
    unfinished = file.with_suffix(".part")
    made = _slots(number, sources)
    with unfinished.open("wb") as target:
        np.savez(target, allow_pickle=False, **made)
    unfinished.rename(file)


def _slots(seed: int, sources: Path) -> Arrays:
    """Pictures and texts by the width of the picture; texts hold digits plus one and zero where nothing follows."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    hands = taught_hands(sources)
    pictures: dict[int, list[npt.NDArray[np.uint8]]] = {width: [] for width in WIDTHS}
    texts: dict[int, list[list[int]]] = {width: [] for width in WIDTHS}
    for _ in range(PART):
        text = random_text(rng)
        slot = draw_slot(text, hands, rng)
        picture = slot_picture(slot.crop, WORKING_DPI, slot.margin_print).pixels
        pictures[picture.shape[1]].append(picture)
        texts[picture.shape[1]].append([int(digit) + 1 for digit in text] + [0] * (LONGEST - len(text)))
    made: Arrays = {f"pictures{width}": np.array(pictures[width], np.uint8) for width in WIDTHS}
    return made | {f"texts{width}": np.array(texts[width], np.int32) for width in WIDTHS}
