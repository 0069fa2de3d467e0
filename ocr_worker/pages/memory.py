"""The memory of pictures that are done with stays with the process until it ends."""

from __future__ import annotations

import ctypes
from functools import cache

# malloc.h; larger than any picture within the limits
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST = 1 << 30


@cache
def keep_freed_memory() -> bool:
    """Whether the C library agreed to use freed memory again instead of handing it back.

    A page goes through some twenty pictures of 5 to 25 MB. The kernel clears what it gives out: to hand each picture
    back and ask anew took a tenth of the time of reading.
    """
    allocator = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it
    return allocator is not None and all(allocator(what, _LARGEST) for what in (_TRIM_THRESHOLD, _MMAP_THRESHOLD))
