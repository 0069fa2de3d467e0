"""Two small networks: one reads a piece, one reads the whole slot (for teaching, not used at run time)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ocr_worker.digits.segments import LINE_HEIGHT, PIECE_SIZE

Parameters = dict[str, jax.Array]
Loss = Callable[[Parameters, jax.Array, jax.Array, jax.Array], jax.Array]

PIECE_CLASSES = 12  # ten digits, print, and what is a part of a digit or more than one
LINE_CLASSES = 11  # ten digits and the blank of CTC
PIECE_CHANNELS = (2, 24, 48, 96)
LINE_CHANNELS = (1, 16, 32, 64, 64)
PIECE_FEATURES = (PIECE_SIZE // 8) ** 2 * PIECE_CHANNELS[-1]
PIECE_HIDDEN, LINE_HIDDEN = 128, 96
PIECE_POOLS = ((2, 2),) * 3
LINE_POOLS = ((2, 2), (2, 2), (2, 1), (2, 1))
LINE_FEATURES = LINE_HEIGHT // 16 * LINE_CHANNELS[-1]
CONTEXT = 7  # columns of a quarter of the line's width that one reading sees


def new_parameters(seed: int) -> Parameters:
    """He initialisation of both networks."""
    keys = iter(jax.random.split(jax.random.PRNGKey(seed), 64))
    made: Parameters = {}

    def layer(name: str, *shape: int) -> None:
        scale = np.sqrt(2 / np.prod(shape[:-1]))
        made[f"{name}.w"] = jax.random.normal(next(keys), shape) * scale
        made[f"{name}.b"] = jnp.zeros(shape[-1])

    for prefix, channels in (("piece", PIECE_CHANNELS), ("line", LINE_CHANNELS)):
        for depth, (inward, outward) in enumerate(pairwise(channels)):
            layer(f"{prefix}{depth}", 3, 3, inward, outward)
    layer("piece.hidden", PIECE_FEATURES, PIECE_HIDDEN)
    layer("piece.out", PIECE_HIDDEN, PIECE_CLASSES)
    layer("line.hidden", 1, CONTEXT, LINE_FEATURES, LINE_HIDDEN)
    layer("line.out", 1, 1, LINE_HIDDEN, LINE_CLASSES)
    return made


def _convolve(values: jax.Array, weights: jax.Array, bias: jax.Array) -> jax.Array:
    out = jax.lax.conv_general_dilated(values, weights, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return out + bias


def _pool(values: jax.Array, size: tuple[int, int]) -> jax.Array:
    batch, height, width, channels = values.shape
    return values.reshape(batch, height // size[0], size[0], width // size[1], size[1], channels).max(axis=(2, 4))


def _drop(values: jax.Array, key: jax.Array | None, rate: float) -> jax.Array:
    if key is None:
        return values
    return values * jax.random.bernoulli(key, 1 - rate, values.shape) / (1 - rate)


def read_pieces(parameters: Parameters, pictures: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """Logits of each class for pictures of 32 by 32 with two channels."""
    values = pictures
    for depth in range(len(PIECE_CHANNELS) - 1):
        values = jax.nn.relu(_convolve(values, parameters[f"piece{depth}.w"], parameters[f"piece{depth}.b"]))
        values = _pool(values, (2, 2))
    values = _drop(values.reshape(values.shape[0], -1), key, 0.3)
    values = jax.nn.relu(values @ parameters["piece.hidden.w"] + parameters["piece.hidden.b"])
    return values @ parameters["piece.out.w"] + parameters["piece.out.b"]


def read_lines(parameters: Parameters, pictures: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """Logits for forty columns of pictures of 32 by 160."""
    values = pictures
    for depth, pool in enumerate(LINE_POOLS):
        values = jax.nn.relu(_convolve(values, parameters[f"line{depth}.w"], parameters[f"line{depth}.b"]))
        values = _pool(values, pool)
    batch, height, width, channels = values.shape
    values = values.transpose(0, 2, 1, 3).reshape(batch, 1, width, height * channels)
    values = _drop(values, key, 0.2)
    values = jax.nn.relu(_convolve(values, parameters["line.hidden.w"], parameters["line.hidden.b"]))
    return _convolve(values, parameters["line.out.w"], parameters["line.out.b"])[:, 0]


def piece_loss(parameters: Parameters, key: jax.Array, pictures: jax.Array, classes: jax.Array) -> jax.Array:
    """Cross entropy with a little label smoothing."""
    wanted = optax.smooth_labels(jax.nn.one_hot(classes, PIECE_CLASSES), 0.02)
    return optax.softmax_cross_entropy(read_pieces(parameters, pictures, key), wanted).mean()


def line_loss(parameters: Parameters, key: jax.Array, pictures: jax.Array, texts: jax.Array) -> jax.Array:
    """CTC; texts hold digits plus one and zero where nothing follows."""
    logits = read_lines(parameters, pictures, key)
    return optax.ctc_loss(logits, jnp.zeros(logits.shape[:2]), texts, (texts == 0).astype(jnp.float32)).mean()


@functools.partial(jax.jit, static_argnums=(0, 1))
def step(
    loss: Loss,
    optimizer: optax.GradientTransformation,
    parameters: Parameters,
    state: optax.OptState,
    key: jax.Array,
    pictures: jax.Array,
    wanted: jax.Array,
) -> tuple[Parameters, optax.OptState, jax.Array]:
    """One update of the parameters."""
    value, slope = jax.value_and_grad(loss)(parameters, key, pictures.astype(jnp.float32) / 255, wanted)
    change, state = optimizer.update(slope, state, parameters)
    return optax.apply_updates(parameters, change), state, value
