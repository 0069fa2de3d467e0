"""One core for one paper: papers are read beside each other, and to share out a picture costs more than it saves."""

from __future__ import annotations

from functools import cache

import cv2


@cache
def stay_on_one_core() -> None:
    """Keeps OpenCV from waking threads for pictures that one has done in a few milliseconds."""
    cv2.setNumThreads(1)
