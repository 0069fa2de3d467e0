"""What a PDF brings along to judge its signatures years later: validation data and document time stamps."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

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
        moment: dt.datetime | None = None
        for embedded in reversed(reader.embedded_timestamp_signatures):
            stamp = known.judge(embedded, moment)
            moment = stamp.at or moment
            stamps.insert(0, stamp)
        return cls(trust, known.stored, stamps)

    def context(self, moment: dt.datetime | None) -> ValidationContext:
        """What the file brings along comes first; as of now, online services are asked for the rest."""
        trust = self.trust.at(moment) if moment is not None and self.stored is not None else self.trust
        if self.stored is None:
            return trust.context()
        context: ValidationContext = self.stored.as_validation_context(trust.arguments())
        return context

    def judge(self, embedded: EmbeddedPdfSignature, moment: dt.datetime | None) -> DocumentStamp:
        """One document time stamp, as of ``moment``."""
        intact = is_intact(embedded)
        try:
            status = validate_pdf_timestamp(embedded, self.context(moment), skip_diff=True)
        except (SignatureValidationError, PathError, ValidationError):
            return DocumentStamp(embedded.signed_revision, intact, None)
        return DocumentStamp(embedded.signed_revision, intact, status.timestamp if intact and status.trusted else None)

    def after(self, signature: EmbeddedPdfSignature) -> list[DocumentStamp]:
        """The stamps over one signature."""
        return [stamp for stamp in self.stamps if stamp.revision > signature.signed_revision]


def is_intact(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the signed bytes are unchanged: mathematics only, for an old hash algorithm is no broken file."""
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


def _stored(reader: PdfFileReader) -> Any:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None
