"""Smaller pictures of a page for what needs no detail: halving alone is cheap, other factors take ten times as long."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def halved(picture: Bytes, dpi: float, *, below: float) -> tuple[Bytes, float]:
    """The picture halved until its resolution is below this, and its resolution."""
    while dpi >= below and min(picture.shape[:2]) >= 2:
        picture = np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        dpi /= 2
    return picture, dpi
