"""Small round marks for lists of documents."""

from __future__ import annotations

import struct
import zlib

_COLOURS = {"amber": (230, 145, 0), "red": (200, 30, 30), "green": (40, 140, 60)}
_SIZE = 16


def mark(colour: str) -> bytes:
    """A PNG of 16 by 16 pixels: a disc on nothing."""
    centre, radius = (_SIZE - 1) / 2, _SIZE / 2 - 2
    rows = bytearray()
    for y in range(_SIZE):
        rows.append(0)  # no filter
        for x in range(_SIZE):
            distance = ((x - centre) ** 2 + (y - centre) ** 2) ** 0.5
            opacity = max(0.0, min(1.0, radius + 0.5 - distance))
            rows += bytes((*_COLOURS[colour], round(255 * opacity)))
    header = struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
