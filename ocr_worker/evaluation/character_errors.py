"""Character errors of a reading, line by line, whatever the order in which lines and columns were read."""

from __future__ import annotations

import unicodedata

from lxml import etree
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ocr_worker.recognition.alto import NAMESPACE

_ALTO = f"{{{NAMESPACE}}}"


def character_errors(alto: bytes, text: str) -> tuple[int, int]:
    """Wrong, missing and additional characters, and the characters of the true ``text`` (its lines by newline).

    Each true line is compared with the piece of the reading that is most like it, so that what a stamp or a
    signature adds elsewhere costs nothing.
    """
    read = _plain(" ".join(_words(alto)))
    errors = characters = 0
    for line in filter(None, map(_plain, text.splitlines())):
        characters += len(line)
        found = fuzz.partial_ratio_alignment(line, read) if read else None
        # a line longer than all that was read is matched the other way round
        piece = read[found.dest_start : found.dest_end] if found and len(line) <= len(read) else read
        errors += min(Levenshtein.distance(line, piece.strip()), len(line))
    return errors, characters


def _words(alto: bytes) -> list[str]:
    if not alto:
        return []
    root = etree.fromstring(alto, etree.XMLParser(resolve_entities=False, no_network=True))
    return [str(word.get("CONTENT", "")) for word in root.iter(f"{_ALTO}String")]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
