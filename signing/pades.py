"""PAdES signatures as incremental updates; earlier signatures stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import add_validation_info

from connector.domain.errors import EncryptedFile, TimestampUnavailable
from connector.domain.signatures import AgencyStamp, ScannerStamp
from signing.blank_space import look_at_first_page
from signing.keys import OpenKey
from signing.pdf_file import opened, readable, reader_of, update
from signing.stamp import Appearance, appearance_of, place_agency, place_scanner
from signing.timestamp import AT_ONCE, time_stamper, translated
from signing.trust import Trust

SCANNER_FIELD = "NguoiSaoChup"
AGENCY_FIELD = "CoQuan"
PERSON_FIELD = "NguoiKy"
# the document time stamp ends the file: validation data after it would be under nobody's signature
_STAMP_LAST = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
CHUNK = 1 << 20  # bytes read at once; pyHanko's 4 KB cost time on big files
RESERVED = 24576  # bytes for one CMS with its time stamp: a fixed size spares a dry run


def signers_of(pdf: Path, field: str) -> list[bytes]:
    """The certificates (DER) of the signatures in this field: one, or none. Raises UnreadableFile, EncryptedFile."""
    with opened(pdf) as reader:
        return [found.signer_cert.dump() for found in reader.embedded_signatures if found.field_name == field]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One signature: its field, how it is seen (None: not at all), when it is made (None: now), and why."""

    field: str
    appearance: Appearance | None = None
    signed_at: dt.datetime | None = None
    reason: str | None = None


def scanner_mark(source: Path, stamp: ScannerStamp) -> Mark:
    """Top left of page 1, on blank paper. Raises NoRoomForStamp."""
    page = look_at_first_page(source)
    appearance = appearance_of(place_scanner(page, stamp), page)
    return Mark(field=SCANNER_FIELD, appearance=appearance, reason="Sao chụp giấy tờ")


def agency_mark(source: Path, stamp: AgencyStamp) -> Mark:
    """Top right of page 1, on blank paper. Raises NoRoomForStamp."""
    page = look_at_first_page(source)
    # one clock for the text, the dictionary and the CMS
    signed_at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    appearance = appearance_of(place_agency(page, stamp, signed_at), page)
    return Mark(field=AGENCY_FIELD, appearance=appearance, signed_at=signed_at, reason=f"{stamp.copy_form}")


def sign_scan(source: Path, target: Path, *, key: OpenKey, stamp: ScannerStamp, timestamp_url: str) -> None:
    """The scanner's signature: B-T if the time stamp answers at once, else B-B, so that nobody waits."""
    mark = scanner_mark(source, stamp)

    def sign(stamper: TimeStamper | None) -> None:
        with update(source, target) as file:
            add_signature(file, key, mark, stamper=stamper)

    try:
        sign(time_stamper(timestamp_url, seconds=AT_ONCE))
    except TimestampUnavailable:
        sign(None)


def sign_for_agency(
    source: Path,
    target: Path,
    *,
    key: OpenKey,
    mark: Callable[[], Mark],
    timestamper: TimeStamper,
    trust: Trust,
    completes: str | None = SCANNER_FIELD,
) -> None:
    """Earlier signatures completed to B-LT, then the agency's at B-LTA. ``completes`` names their field; None: all.

    Raises TimestampUnavailable (nothing is left behind), CertificateInvalid, and what ``mark`` raises.
    """
    seen = mark()
    with update(source, target) as file:
        complete(file, trust, only=completes)
        add_signature(file, key, seen, stamper=timestamper, trust=trust, lta=True)


def sign_invisibly(
    source: Path, target: Path, *, key: OpenKey, field: str, timestamper: TimeStamper, trust: Trust
) -> None:
    """A B-LTA signature without a picture, for papers that are born digital."""
    with update(source, target) as file:
        add_signature(file, key, Mark(field=field), stamper=timestamper, trust=trust, lta=True)


def complete(file: BinaryIO, trust: Trust, *, only: str | None = None) -> None:
    """Store what an offline validator needs of earlier signatures (B-LT); foreign ones are left alone."""
    names = [found.field_name for found in reader_of(file).embedded_regular_signatures]
    for name in names:
        if only is None or name == only:
            found = reader_of(file).embedded_regular_signatures
            with readable(), translated():
                add_validation_info(
                    next(each for each in found if each.field_name == name),
                    trust.context(),
                    add_vri_entry=False,
                    in_place=True,
                )


def add_signature(
    file: BinaryIO,
    key: OpenKey,
    mark: Mark,
    *,
    stamper: TimeStamper | None,
    trust: Trust | None = None,
    lta: bool = False,
) -> None:
    """One signature as a new revision of ``file``: B-B, B-T with ``stamper``, B-LT with ``trust``, B-LTA with ``lta``.

    Raises EncryptedFile, UnreadableFile, SigningForbidden, KeyUnavailable, TimestampUnavailable, CertificateInvalid.
    """
    signer = pdf_signer(key, mark, stamper=stamper, trust=trust, lta=lta)
    with readable(), translated():
        writer = IncrementalPdfFileWriter(file, strict=False)
        if writer.prev.encrypted:
            raise EncryptedFile("the PDF is encrypted")
        signer.sign_pdf(writer, in_place=True, bytes_reserved=RESERVED, chunk_size=CHUNK)


def pdf_signer(
    key: OpenKey, mark: Mark, *, stamper: TimeStamper | None = None, trust: Trust | None = None, lta: bool = False
) -> PdfSigner:
    """pyHanko's signer for one mark."""
    metadata = PdfSignatureMetadata(
        field_name=mark.field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=trust is not None,
        validation_context=trust.context() if trust else None,
        use_pades_lta=lta,
        dss_settings=_STAMP_LAST,
        reason=mark.reason,
    )
    seen = mark.appearance
    signer = _OneClockSigner(
        metadata, key.signer, timestamper=stamper, stamp_style=seen.style if seen else None,
        new_field_spec=fields.SigFieldSpec(
            mark.field, on_page=seen.page if seen else 0, box=seen.box if seen else None
        ),
    )  # fmt: skip
    signer.signed_at = mark.signed_at or dt.datetime.now(dt.UTC)
    return signer


class _OneClockSigner(PdfSigner):
    """The same moment in the text, in /M and in the CMS."""

    signed_at: dt.datetime

    def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self.signed_at
        return session
