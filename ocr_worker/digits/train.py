"""Teaches the digit reader: a developer's step, `python -m ocr_worker.digits.train NODE_MODULES WORK_DIR`.

NODE_MODULES holds the npm packages, the other fonts are Debian's (MODEL.md lists both).
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from pathlib import Path

import cv2
import jax
import numpy as np
import numpy.typing as npt
import optax

from ocr_worker.digits import network
from ocr_worker.digits.drawn_slots import PRINT_LABEL, draw_slot
from ocr_worker.digits.hands import taught_hands
from ocr_worker.digits.ink import WORKING_DPI, find_ink
from ocr_worker.digits.onnx_graph import to_onnx
from ocr_worker.digits.segments import Piece, Segments, cut, line_picture, piece_picture, pieces

Arrays = dict[str, npt.NDArray[np.generic]]

PRINT_CLASS, BROKEN_CLASS = 10, 11
LONGEST = 6
PART = 1000
MODEL = Path(__file__).with_name("model.onnx")


def random_text(rng: np.random.Generator) -> str:
    """What stands in slots: numbers, days, months, years, sometimes nothing."""
    draw = rng.uniform()
    if draw < 0.1:
        return ""
    if draw < 0.4:
        number = int(rng.integers(1, 32))
        return f"{number:02d}" if rng.uniform() < 0.8 else str(number)
    if draw < 0.44:
        return str(rng.integers(1990, 2031))
    length = int(rng.choice([1, 2, 3, 4, 5, 6], p=[0.1, 0.25, 0.3, 0.25, 0.06, 0.04]))
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def piece_class(
    segments: Segments, piece: Piece, owner: npt.NDArray[np.int32], total: npt.NDArray[np.int64], text: str
) -> int | None:
    """The digit a piece shows, or PRINT_CLASS, or BROKEN_CLASS; None when it is too near to say."""
    mine = owner[(segments.owner > piece.first) & (segments.owner <= piece.last)]
    counts = np.bincount(mine, minlength=PRINT_LABEL + 1)[: PRINT_LABEL + 1].astype(np.float64)
    counts[0] = 0
    inked = counts.sum()
    best = int(counts.argmax())
    if inked == 0 or best == PRINT_LABEL:
        return PRINT_CLASS if inked == 0 or counts[best] > 0.85 * inked else BROKEN_CLASS
    whole, pure = counts[best] / max(total[best], 1), counts[best] / inked
    if whole > 0.9 and pure > 0.88:
        return int(text[best - 1])
    return BROKEN_CLASS if whole < 0.78 or pure < 0.8 else None


def make_slots(job: tuple[int, int, Path]) -> Arrays:
    """Pictures and classes of drawn slots."""
    seed, count, packages = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    hands = taught_hands(packages)
    lines, texts, shown, classes = [], [], [], []
    for _ in range(count):
        text = random_text(rng)
        slot = draw_slot(text, hands, rng)
        segments = cut(find_ink(slot.crop, WORKING_DPI, slot.margin_print))
        if not segments.count:
            continue
        lines.append((line_picture(segments)[..., 0] * 255).astype(np.uint8))
        texts.append([int(digit) + 1 for digit in text] + [0] * (LONGEST - len(text)))
        total = np.bincount(slot.owner[segments.owner > 0], minlength=PRINT_LABEL + 1)
        candidates = [(piece, piece_class(segments, piece, slot.owner, total, text)) for piece in pieces(segments)]
        rng.shuffle(candidates)
        kept = [0] * 12
        for piece, label in candidates:
            if label is None or kept[label] >= {PRINT_CLASS: 2, BROKEN_CLASS: 3}.get(label, 2):
                continue
            kept[label] += 1
            shown.append((piece_picture(segments, piece) * 255).astype(np.uint8))
            classes.append(label)
    return {
        "lines": np.array(lines),
        "texts": np.array(texts, np.int32),
        "pieces": np.array(shown),
        "classes": np.array(classes, np.int32),
    }


def drawn_data(packages: Path, work: Path, count: int, seed: int, processes: int) -> Arrays:
    """Slots drawn by several processes in parts that are kept in ``work``; the seed decides all of them."""
    numbers = [seed * 10_000 + part for part in range(count // PART)]
    files = [work / f"slots-{number}.npz" for number in numbers]
    missing = [(number, packages, file) for number, file in zip(numbers, files, strict=True) if not file.exists()]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_keep_slots, missing, chunksize=1)
    parts = [dict(np.load(file)) for file in files]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _keep_slots(job: tuple[int, Path, Path]) -> None:
    number, packages, file = job
    made = make_slots((number, PART, packages))
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as target:
        np.savez(target, lines=made["lines"], texts=made["texts"], pieces=made["pieces"], classes=made["classes"])
    unfinished.rename(file)


def teach(
    loss: network.Loss,
    parameters: network.Parameters,
    data: tuple[npt.NDArray[np.generic], ...],
    *,
    batch: int,
    epochs: float,
    seed: int,
) -> network.Parameters:
    """Adam with a cosine rate over shuffled batches."""
    rng = np.random.default_rng(seed)
    steps = int(len(data[0]) * epochs / batch)
    optimizer = optax.adamw(optax.warmup_cosine_decay_schedule(1e-4, 2e-3, steps // 20 + 1, steps), weight_decay=1e-4)
    state = optimizer.init(parameters)
    key = jax.random.PRNGKey(seed)
    order = np.concatenate([rng.permutation(len(data[0])) for _ in range(int(epochs) + 1)])
    started = time.monotonic()
    for number in range(steps):
        key, drop = jax.random.split(key)
        chosen = order[number * batch : (number + 1) * batch]
        parameters, state, value = network.step(
            loss, optimizer, parameters, state, drop, data[0][chosen], data[1][chosen]
        )
        if number % 200 == 0:
            print(f"{number}/{steps} loss {float(value):.3f} {time.monotonic() - started:.0f} s", flush=True)
    return parameters


def main() -> None:
    """Draws, teaches and writes model.onnx without its calibration (calibrate.py adds that)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--slots", type=int, default=40_000)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    data = drawn_data(chosen.packages, chosen.work, chosen.slots, chosen.seed, chosen.processes)
    print({name: values.shape for name, values in data.items()}, np.bincount(data["classes"]))
    parameters = network.new_parameters(chosen.seed)
    parameters = teach(
        network.piece_loss, parameters, (data["pieces"], data["classes"]), batch=128, epochs=chosen.epochs / 2, seed=1
    )
    lines = data["lines"][..., None]
    parameters = teach(network.line_loss, parameters, (lines, data["texts"]), batch=64, epochs=chosen.epochs, seed=2)
    to_onnx(parameters, MODEL)


if __name__ == "__main__":
    main()
