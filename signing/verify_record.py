"""Whether a metadata file speaks of this very PDF, whatever validation data the PDF has gained since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.domain.errors import UnreadableFile
from connector.domain.metadata_elements import NAMESPACE
from connector.domain.signatures import SignatureReport, SignedPrefix
from signing.pades import AGENCY_FIELD
from signing.pdf_file import opened
from signing.trust import Trust
from signing.verify import all_good, end_of_revision, hash_of, verify_pdf
from signing.verify_xml import parse, verify_xml


@dataclass(frozen=True, kw_only=True)
class RecordVerdict:
    """The signatures of both files, and whether they belong together.

    ``prefix_matches``: the PDF begins with the bytes whose length and SHA-256 stand in the metadata, and they are
    the agency-signature revision where the agency attested a copy. ``later``: what came after these bytes, as in
    SignatureReport.modification.
    """

    metadata: Sequence[SignatureReport]
    document: Sequence[SignatureReport]
    prefix_matches: bool
    later: str

    @property
    def holds(self) -> bool:
        """The signed metadata is this PDF's, and nothing but validation data and time stamps came later."""
        return (
            all_good(self.metadata)
            and all(report.intact for report in self.document)
            and self.prefix_matches
            and self.later in ("none", "validation-data")
        )


def verify_record(xml: Path, pdf: Path, trust: Trust) -> RecordVerdict:
    """Both files' signatures, and whether they belong together. Raises UnreadableFile, EncryptedFile."""
    signed, is_copy = _signed_prefix(xml)
    document = verify_pdf(pdf, trust)
    ends = _ends_of_revisions(pdf)
    length = pdf.stat().st_size
    # a paper that was born digital is signed over as it came: the prefix is the whole file of then
    is_agency_revision = not is_copy or ends.get(AGENCY_FIELD) == signed.length
    within = [report for report in document if ends[report.field] <= signed.length]
    return RecordVerdict(
        metadata=verify_xml(xml, trust),
        document=document,
        prefix_matches=is_agency_revision and signed.length <= length and hash_of(pdf, signed.length) == signed.sha256,
        later="none" if signed.length == length else within[-1].modification if within else "other",
    )


def _signed_prefix(xml: Path) -> tuple[SignedPrefix, bool]:
    """Length and hash in the metadata, and whether the agency attested a copy."""
    root = parse(xml)
    length = root.findtext(f"./{{{NAMESPACE}}}TepTin/{{{NAMESPACE}}}DoDai") or ""
    sha256 = root.findtext(f"./{{{NAMESPACE}}}TepTin/{{{NAMESPACE}}}SHA256") or ""
    if not length.isdecimal():
        raise UnreadableFile("not the metadata of a paper")
    is_copy = root.find(f"./{{{NAMESPACE}}}HinhThucSao") is not None
    return SignedPrefix(length=int(length), sha256=sha256), is_copy


def _ends_of_revisions(pdf: Path) -> dict[str, int]:
    with opened(pdf) as reader:
        return {str(found.field_name): end_of_revision(found) for found in reader.embedded_regular_signatures}
