"""Ink laid onto ink."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def put(layer: Bytes, ink: Bytes, left: int, top: int) -> None:
    """The darker of both at each place; what lies outside is cut off."""
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + ink.shape[0], layer.shape[0]), min(left + ink.shape[1], layer.shape[1])
    if y1 > y0 and x1 > x0:
        region = layer[y0:y1, x0:x1]
        np.maximum(region, ink[y0 - top : y1 - top, x0 - left : x1 - left], out=region)
