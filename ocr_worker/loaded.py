"""What every reading needs, loaded by importing this: in the process from which those that read one file are forked."""

from __future__ import annotations

from contextlib import suppress

import ocr_worker.reader  # noqa: F401 - with all libraries that reading uses
from connector.domain.errors import ConfigurationError
from ocr_worker.lexicon.dictionary import known_words
from ocr_worker.lexicon.document_type import known_given_names, known_phrases, known_surnames, known_types
from ocr_worker.lexicon.place_names import place_syllables
from ocr_worker.recognition.recognize import shared_recognizer
from ocr_worker.secrecy.stamps import stamp_reader

# the reading itself says what is missing
with suppress(ConfigurationError):
    shared_recognizer().load()
    stamp_reader()
    for load in (known_types, known_phrases, known_surnames, known_given_names, place_syllables, known_words):
        load()
