"""What a PDF brings along to judge its signatures years later: validation data and document time stamps."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError, extract_certificate_info
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from signing.timestamp import time_of
from signing.trust import Trust


@dataclass(frozen=True)
class DocumentStamp:
    """A document time stamp; ``at`` is None where nobody we trust vouches for it."""

    revision: int
    intact: bool
    at: dt.datetime | None


@dataclass(frozen=True)
class Evidence:
    """One file's evidence, judged against our trust."""

    trust: Trust
    stored: Any
    stamps: Sequence[DocumentStamp]

    @classmethod
    def of(cls, reader: PdfFileReader, trust: Trust) -> Evidence:
        """The last stamp is believed as of now, each earlier one as of the stamp after it."""
        known = cls(trust, _stored(reader), ())
        stamps: list[DocumentStamp] = []
        proven: dt.datetime | None = None
        for embedded in reversed([each for each in reader.embedded_signatures if each.sig_object_type != "/Sig"]):
            stamp = known.judge(embedded, proven)
            proven = stamp.at or proven
            stamps.insert(0, stamp)
        return cls(trust, known.stored, [*stamps, *_defaced(reader)])

    def context(self, moment: dt.datetime | None) -> ValidationContext:
        """What the file brings along comes first; as of now, online services are asked for the rest."""
        if self.stored is None:
            return self.trust.context()
        trust = self.trust if moment is None else self.trust.at(moment)
        context: ValidationContext = self.stored.as_validation_context(trust.arguments())
        return context

    def believed_at(self, token: cms.SignedData, proven: dt.datetime | None) -> dt.datetime | None:
        """The moment as of which a time stamp may be judged; None: as of now.

        A stamp is judged as of its own time with the revocation data in the file, as long as its certificate has
        not lapsed by now, or by the later stamp at ``proven``: that is what makes it hold without any service.
        """
        if self.stored is None:
            return None
        by = proven or self.trust.moment or dt.datetime.now(dt.UTC)
        lapses: dt.datetime = extract_certificate_info(token).signer_cert.not_valid_after
        return time_of(token) if by <= lapses else proven

    def judge(self, embedded: EmbeddedPdfSignature, proven: dt.datetime | None) -> DocumentStamp:
        """One document time stamp that existed at ``proven``."""
        intact = is_intact(embedded)
        context = self.context(self.believed_at(embedded.signed_data, proven))
        try:
            status = validate_pdf_timestamp(embedded, context, skip_diff=True)
        except (SignatureValidationError, PathError, ValidationError):
            return DocumentStamp(embedded.signed_revision, intact, None)
        return DocumentStamp(embedded.signed_revision, intact, status.timestamp if intact and status.trusted else None)

    def after(self, signature: EmbeddedPdfSignature) -> list[DocumentStamp]:
        """The stamps over one signature."""
        return [stamp for stamp in self.stamps if stamp.revision > signature.signed_revision]


def is_intact(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the signed bytes are unchanged: mathematics only, for an old hash algorithm is no broken file."""
    if not _is_well_wrapped(embedded):
        return False
    content = embedded.signed_data["encap_content_info"]
    digest = embedded.compute_digest()
    if embedded.sig_object_type == "/DocTimeStamp":
        token = content["content"]
        if token.parsed["message_imprint"]["hashed_message"].native != digest:
            return False
        digest = hashlib.new(embedded.md_algorithm, bytes(token)).digest()
    try:
        kind = content["content_type"].native
        intact, valid = validate_sig_integrity(embedded.signer_info, embedded.signer_cert, kind, digest)
    except (SignatureValidationError, CMSExtractionError, NotImplementedError):
        return False
    return bool(intact and valid)


def _defaced(reader: PdfFileReader) -> Iterator[DocumentStamp]:
    """Filled signature fields of a kind nobody knows: a stamp whose kind was changed is a broken stamp."""
    known = {each.field_name for each in reader.embedded_signatures}
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        if name not in known:
            revision = reader.xrefs.get_last_change(field.get_object().raw_get("/V").reference)
            yield DocumentStamp(revision, False, None)


def _is_well_wrapped(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that no signature covers are its own hexadecimal digits, padded with zeros, and no more."""
    if len(embedded.byte_range) != 4:
        return False
    start, end = int(embedded.byte_range[1]), int(embedded.byte_range[2])
    embedded.reader.stream.seek(start)
    written = embedded.reader.stream.read(end - start)
    digits = embedded.pkcs7_content.hex().encode()
    padding = embedded.pkcs7_content[len(cms.ContentInfo.load(embedded.pkcs7_content).dump()) :]
    return written in (b"<%s>" % digits, b"<%s>" % digits.upper()) and not any(padding)


def _stored(reader: PdfFileReader) -> Any:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None
