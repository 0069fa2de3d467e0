"""PDF files opened for reading and for one more revision; what is wrong with a file, in our own errors."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

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


_LARGE = 64 * 1024  # bytes; a page's picture is larger


class _FrugalCache(dict[Any, Any]):
    """Keeps everything but large streams: whoever needs one again reads it again."""

    def __setitem__(self, key: Any, value: Any) -> None:
        if not _is_large(value):
            super().__setitem__(key, value)


class _FrugalReader(PdfFileReader):
    """A reader that does not collect the pictures of a file while it compares revisions."""

    def cache_indirect_object(self, generation: int, idnum: int, obj: Any) -> Any:
        if not _is_large(obj):
            super().cache_indirect_object(generation, idnum, obj)  # type: ignore[no-untyped-call]
        return obj

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        resolver: HistoricalResolver = super().get_historical_resolver(revision)
        if not isinstance(resolver.cache, _FrugalCache):
            resolver.cache = _FrugalCache(resolver.cache)
        return resolver


def _is_large(value: Any) -> bool:
    return isinstance(value, StreamObject) and len(value.encoded_data) > _LARGE


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
    reader = _FrugalReader(file, strict=False)
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
