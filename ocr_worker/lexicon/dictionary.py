"""Words that a dictionary of Vietnamese has: spelling allows syllables that nobody uses (`tuối`, `hản`)."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from connector.domain.errors import ConfigurationError
from ocr_worker.lexicon.syllables import old_tones

DICTIONARY = Path("/usr/share/hunspell/vi_VN.dic")


@cache
def known_words(file: Path = DICTIONARY) -> frozenset[str]:
    """The words of a hunspell dictionary in small letters, tone marks in their old places.

    Raises ConfigurationError when it is missing.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(f"dictionary {file} is missing (Debian: see apt-packages.txt)") from error
    # the first line counts the others; what follows a slash are flags
    entries = (unicodedata.normalize("NFC", line.partition("/")[0].strip()) for line in lines[1:])
    return frozenset(old_tones(entry.lower()) for entry in entries)


def is_word(text: str) -> bool:
    """Whether a word in small letters is in the dictionary. Raises ConfigurationError."""
    return old_tones(text) in known_words()
