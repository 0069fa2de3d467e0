"""PDF files opened for reading and for one more revision; what is wrong with a file, in our own errors."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from connector.domain.errors import EncryptedFile, UnreadableFile

# what pyHanko and asn1crypto raise on a file that was cut, changed or made to hurt
_BROKEN = (
    PdfError,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    EOFError,
    struct.error,
    zlib.error,
)


def is_pdf(file: Path) -> bool:
    """Whether a file says in its first bytes that it is a PDF."""
    with file.open("rb") as content:
        return b"%PDF-" in content.read(1024)


@contextmanager
def readable() -> Iterator[None]:
    """Whatever a broken file makes the PDF library raise is UnreadableFile."""
    try:
        yield
    except _BROKEN as error:
        raise UnreadableFile(type(error).__name__) from error


@contextmanager
def opened(pdf: Path) -> Iterator[PdfFileReader]:
    """A file to read. Raises UnreadableFile, EncryptedFile."""
    with pdf.open("rb") as file, readable():
        yield reader_of(file)


def reader_of(file: BinaryIO) -> PdfFileReader:
    """A reader that takes hybrid cross-reference tables; an encrypted file is refused."""
    reader = PdfFileReader(file, strict=False)
    if reader.encrypted:
        raise EncryptedFile("the PDF is encrypted")
    return reader


@contextmanager
def update(source: Path, target: Path) -> Iterator[BinaryIO]:
    """A copy to add revisions to, renamed to ``target`` only when all went well."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.copyfile(source, partial)
        partial.chmod(0o600)
        with partial.open("rb+") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
