"""A PDF signature in two halves: everything but its value now, the value when somebody's token has made it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pypdfium2
from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import TimeStamper

from connector.domain.errors import EncryptedFile
from signing.keys import OpenKey
from signing.pades import CHUNK, RESERVED, Mark, pdf_signer
from signing.pdf_file import readable, update
from signing.timestamp import translated

_PREVIEW_SCALE = 1.5  # pixels a point: 108 dpi, enough to read a page on a screen


@dataclass(frozen=True, kw_only=True)
class PreparedPdf:
    """The bytes that follow the source's, where the signature goes in the whole file, and what has to be signed."""

    content: bytes
    gap: tuple[int, int]
    to_be_signed: bytes
    preview: bytes  # JPEG of page 1 as it will be seen


def prepare_pdf(
    source: Path, work: Path, *, key: OpenKey, mark: Mark, before: Callable[[BinaryIO], None]
) -> PreparedPdf:
    """A revision with room for the signature; ``before`` completes what is in the file already, ``work`` is scratch.

    Raises as ``pades.add_signature``.
    """
    with update(source, work) as file:
        before(file)
        with readable(), translated():
            writer = IncrementalPdfFileWriter(file, strict=False)
            if writer.prev.encrypted:
                raise EncryptedFile("the PDF is encrypted")
            digest, attributes = asyncio.run(_prepare(writer, key, mark))
    try:
        with work.open("rb") as file:
            file.seek(source.stat().st_size)
            content = file.read()
        return PreparedPdf(
            content=content,
            gap=(digest.reserved_region_start, digest.reserved_region_end),
            to_be_signed=attributes.dump(),
            preview=_picture(work),
        )
    finally:
        work.unlink()


async def _prepare(
    writer: IncrementalPdfFileWriter, key: OpenKey, mark: Mark
) -> tuple[PreparedByteRangeDigest, cms.CMSAttributes]:
    digest, _, _ = await pdf_signer(key, mark).async_digest_doc_for_signing(
        writer, in_place=True, bytes_reserved=RESERVED, chunk_size=CHUNK
    )
    return digest, await key.signer.signed_attrs(digest.document_digest, "sha256", use_pades=True)


def _picture(pdf: Path) -> bytes:
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        rendered = document[0].render(scale=_PREVIEW_SCALE, draw_annots=True, may_draw_forms=True)
        with BytesIO() as picture:
            rendered.to_pil().convert("RGB").save(picture, "JPEG", quality=70)
            return picture.getvalue()


def fill_pdf(
    file: BinaryIO, prepared: PreparedPdf, signature: bytes, *, key: OpenKey, stamper: TimeStamper | None
) -> None:
    """Append the prepared revision with its signature, at B-T with ``stamper``, else at B-B.

    Raises TimestampUnavailable.
    """
    signer = ExternalSigner(
        signing_cert=key.signer.signing_cert, cert_registry=key.signer.cert_registry, signature_value=signature
    )
    attributes = cms.CMSAttributes.load(prepared.to_be_signed)
    with translated():
        signed = asyncio.run(
            signer.async_sign_prescribed_attributes("sha256", signed_attrs=attributes, timestamper=stamper)
        )
    file.seek(0, 2)
    file.write(prepared.content)
    start, end = prepared.gap
    PreparedByteRangeDigest(b"", start, end).fill_with_cms(file, signed)
