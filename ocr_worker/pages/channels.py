"""The darkest and the brightest of a pixel's three channels: OpenCV does it ten times as fast as numpy's axis."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", np.uint8, np.float32)


def brightest(rgb: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The highest channel of every pixel."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.max(cv2.max(red, green), blue), rgb.dtype)


def darkest(rgb: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The lowest channel of every pixel."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.min(cv2.min(red, green), blue), rgb.dtype)
