"""The network that reads a slot's columns."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

Parameters = dict[str, jax.Array]
Weights = dict[str, npt.NDArray[np.float32]]

CLASSES = 11  # ten digits and the blank of CTC
PER_COLUMN = 2  # readings of each column, so that narrow digits have room
DROPPED = 0.1
STEADY = 0.98  # of the running mean and variance that stays at each step
TINY = 1e-3
# name: rows, columns, channels in and out; a layer whose name ends in "+" is added to what it was given
LAYERS: dict[str, tuple[int, int, int, int]] = {
    "stem": (5, 5, 3, 24),
    "wide": (3, 3, 24, 48),
    "form": (3, 3, 48, 80),
    "form+": (3, 3, 80, 80),
    "digit": (3, 3, 80, 112),
    "digit+": (3, 3, 112, 112),
    "column": (3, 1, 112, 160),
    "beside+": (1, 5, 160, 160),
    "around+": (1, 5, 160, 160),
}
STRIDES = {"stem": (2, 2)}
POOLS = {"wide": (2, 2), "form+": (2, 1), "digit+": (2, 1)}
OUT = "out"


def new_parameters(seed: int) -> tuple[Parameters, Parameters]:
    """He initialisation, and the running statistics of each layer."""
    keys = iter(jax.random.split(jax.random.PRNGKey(seed), len(LAYERS) + 1))
    made: Parameters = {}
    statistics: Parameters = {}
    for name, shape in LAYERS.items():
        made[f"{name}.w"] = jax.random.normal(next(keys), shape) * _usual_size(shape)
        made[f"{name}.scale"] = jnp.full(shape[3], 0.3) if name.endswith("+") else jnp.ones(shape[3])
        made[f"{name}.shift"] = jnp.zeros(shape[3])
        statistics[f"{name}.mean"], statistics[f"{name}.variance"] = jnp.zeros(shape[3]), jnp.ones(shape[3])
    last = LAYERS["around+"][3]
    made[f"{OUT}.w"] = jax.random.normal(next(keys), (1, 1, last, CLASSES * PER_COLUMN)) * np.sqrt(1 / last)
    made[f"{OUT}.b"] = jnp.zeros(CLASSES * PER_COLUMN)
    return made, statistics


def _convolve(values: jax.Array, weights: jax.Array, name: str) -> jax.Array:
    padding = "VALID" if name == "column" else "SAME"
    return jax.lax.conv_general_dilated(
        values, weights, STRIDES.get(name, (1, 1)), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def _pool(values: jax.Array, size: tuple[int, int]) -> jax.Array:
    batch, height, width, channels = values.shape
    return values.reshape(batch, height // size[0], size[0], width // size[1], size[1], channels).max(axis=(2, 4))


def _usual_size(shape: tuple[int, ...]) -> float:
    """How large the weights of a new kernel are (He)."""
    return float(np.sqrt(2 / np.prod(shape[:3])))


def _onward(values: jax.Array, made: jax.Array, name: str) -> jax.Array:
    """What a layer hands on of what it was given and what it made of it."""
    values = values + made if name.endswith("+") else made
    return _pool(values, POOLS[name]) if name in POOLS else values


def unfolded(weights: Weights, pictures: jax.Array) -> tuple[Parameters, Parameters]:
    """Parameters to go on from: batch normalisation is set so that it changes nothing on these pictures.

    Kernels are as large as new ones, for what a step of learning changes is measured by them.
    """
    parameters: Parameters = {}
    statistics: Parameters = {}
    values = pictures
    for name in LAYERS:
        kernel, bias = jnp.asarray(weights[f"{name}.w"]), jnp.asarray(weights[f"{name}.b"])
        larger = _usual_size(kernel.shape) / kernel.std(axis=(0, 1, 2))
        made = _convolve(values, kernel * larger, name)
        mean, variance = made.mean(axis=(0, 1, 2)), made.var(axis=(0, 1, 2))
        statistics[f"{name}.mean"], statistics[f"{name}.variance"] = mean, variance
        parameters[f"{name}.w"] = kernel * larger
        parameters[f"{name}.scale"] = jnp.sqrt(variance + TINY) / larger
        parameters[f"{name}.shift"] = bias + mean / larger
        values = _onward(values, jax.nn.relu(made / larger + bias), name)
    parameters[f"{OUT}.w"], parameters[f"{OUT}.b"] = jnp.asarray(weights[f"{OUT}.w"]), jnp.asarray(weights[f"{OUT}.b"])
    return parameters, statistics


def read_slots(
    parameters: Parameters, statistics: Parameters, pictures: jax.Array, key: jax.Array
) -> tuple[jax.Array, Parameters]:
    """Logits of each half column, and the statistics of this batch."""
    seen: Parameters = {}
    values = pictures
    for name in LAYERS:
        made = _convolve(values, parameters[f"{name}.w"], name)
        mean, variance = made.mean(axis=(0, 1, 2)), made.var(axis=(0, 1, 2))
        seen[f"{name}.mean"] = STEADY * statistics[f"{name}.mean"] + (1 - STEADY) * mean
        seen[f"{name}.variance"] = STEADY * statistics[f"{name}.variance"] + (1 - STEADY) * variance
        made = (made - mean) * (jax.lax.rsqrt(variance + TINY) * parameters[f"{name}.scale"])
        values = _onward(values, jax.nn.relu(made + parameters[f"{name}.shift"]), name)
    kept = jax.random.bernoulli(key, 1 - DROPPED, values.shape)
    logits = _convolve(values * kept / (1 - DROPPED), parameters[f"{OUT}.w"], OUT) + parameters[f"{OUT}.b"]
    return logits.reshape(logits.shape[0], -1, CLASSES), seen


def folded(parameters: Parameters, statistics: Parameters) -> Weights:
    """Weights and biases of each layer with its statistics taken in, as they are exported."""
    made: Weights = {}
    for name in LAYERS:
        factor = parameters[f"{name}.scale"] / jnp.sqrt(statistics[f"{name}.variance"] + TINY)
        made[f"{name}.w"] = np.asarray(parameters[f"{name}.w"] * factor)
        made[f"{name}.b"] = np.asarray(parameters[f"{name}.shift"] - statistics[f"{name}.mean"] * factor)
    made[f"{OUT}.w"], made[f"{OUT}.b"] = np.asarray(parameters[f"{OUT}.w"]), np.asarray(parameters[f"{OUT}.b"])
    return made


def _loss(
    parameters: Parameters, statistics: Parameters, key: jax.Array, pictures: jax.Array, texts: jax.Array
) -> tuple[jax.Array, Parameters]:
    """CTC; texts hold digits plus one and zero where nothing follows."""
    logits, seen = read_slots(parameters, statistics, pictures, key)
    losses = optax.ctc_loss(logits, jnp.zeros(logits.shape[:2]), texts, (texts == 0).astype(jnp.float32))
    return losses.mean(), seen


@functools.partial(jax.jit, static_argnums=0)
def step(
    optimizer: optax.GradientTransformation,
    parameters: Parameters,
    statistics: Parameters,
    state: optax.OptState,
    key: jax.Array,
    pictures: jax.Array,
    texts: jax.Array,
) -> tuple[Parameters, Parameters, optax.OptState, jax.Array]:
    """One update of the parameters."""
    (value, statistics), slope = jax.value_and_grad(_loss, has_aux=True)(
        parameters, statistics, key, pictures.astype(jnp.float32) / 255, texts
    )
    change, state = optimizer.update(slope, state, parameters)
    return optax.apply_updates(parameters, change), statistics, state, value
