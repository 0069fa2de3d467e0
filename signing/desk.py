"""Signatures whose key lies on somebody's desk: prepared and parked, completed when the token has signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from pyhanko.sign.timestamps import TimeStamper

from connector.domain.errors import ConfigurationError, SignatureAwaited, TimestampUnavailable
from connector.domain.token_signing import PreparedSignature, SignedKind, SigningTask, TokenRequests
from signing.keys import AbsentXmlKey, DeskKey, OpenKey
from signing.pades import AGENCY_FIELD, SCANNER_FIELD, Mark, complete
from signing.pdf_file import update
from signing.prepared_pdf import PreparedPdf, fill_pdf, prepare_pdf
from signing.renewal import add_document_stamp
from signing.timestamp import AT_ONCE, time_stamper
from signing.trust import Trust
from signing.xades import put_signature, sign_plainly

# completes a signature that has just been put into a file
Completion = Callable[[BinaryIO], None]


class Desk:
    """One task on one identity's desk: ``settings`` names whose, ``key`` holds its certificate."""

    def __init__(
        self, requests: TokenRequests | None, task: SigningTask | None, settings: DeskKey, key: OpenKey
    ) -> None:
        """Raises ConfigurationError where nothing keeps requests: such a key signs only papers on their way."""
        if requests is None or task is None:
            raise ConfigurationError("a key of kind token signs only papers on their way, through sohoa token")
        self._requests = requests
        self._task = task
        self._settings = settings
        self._key = key

    def sign_scan(self, source: Path, target: Path, *, mark: Callable[[], Mark], timestamp_url: str) -> None:
        """The scanner's signature, at B-T or B-B as ``pades.sign_scan``. Raises SignatureAwaited."""
        prepared, signature = self._pdf(source, target, mark, before=lambda file: None)

        def fill(stamper: TimeStamper | None) -> None:
            with update(source, target) as file:
                fill_pdf(file, prepared, signature, key=self._key, stamper=stamper)

        try:
            fill(time_stamper(timestamp_url, seconds=AT_ONCE))
        except TimestampUnavailable:
            fill(None)

    def sign_for_agency(
        self,
        source: Path,
        target: Path,
        *,
        mark: Callable[[], Mark],
        timestamper: TimeStamper,
        trust: Trust,
        completes: str | None = SCANNER_FIELD,
    ) -> None:
        """The agency's signature at B-LTA. Raises SignatureAwaited, TimestampUnavailable (nothing is left behind).

        ``completes`` is the field whose signature is brought to B-LT before; None: all.
        """
        prepared, signature = self._pdf(source, target, mark, before=lambda file: complete(file, trust, only=completes))
        with update(source, target) as file:
            fill_pdf(file, prepared, signature, key=self._key, stamper=timestamper)
            complete(file, trust, only=AGENCY_FIELD)
            add_document_stamp(file, timestamper, trust)

    def sign_xml(self, root: etree._Element) -> etree._Element:
        """``root`` with the signature, at B-B. Raises SignatureAwaited."""
        fingerprint = self._fingerprint(etree.tostring(root))
        answered = self._requests.answer(self._task, SignedKind.XML, fingerprint)
        if answered is None:
            self._ask(SignedKind.XML, fingerprint, lambda: self._prepared_xml(root, fingerprint))
            raise SignatureAwaited(f"{self._task.stage}")
        prepared, signature = answered
        signed: etree._Element = etree.fromstring(prepared.content)
        put_signature(signed, signature, self._key)
        return signed

    def _prepared_xml(self, root: etree._Element, fingerprint: str) -> PreparedSignature:
        absent = self._key.xml_key
        assert isinstance(absent, AbsentXmlKey)
        readable = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        signed = sign_plainly(root, self._key)
        return PreparedSignature(
            identity=self._settings.identity,
            kind=SignedKind.XML,
            fingerprint=fingerprint,
            content=etree.tostring(signed),
            to_be_signed=absent.to_be_signed,
            preview=readable,
        )

    def _pdf(
        self,
        source: Path,
        target: Path,
        mark: Callable[[], Mark],
        *,
        before: Completion,
    ) -> tuple[PreparedPdf, bytes]:
        fingerprint = self._fingerprint(_sha256_of(source))
        answered = self._requests.answer(self._task, SignedKind.PDF, fingerprint)
        if answered is not None:
            kept, signature = answered
            prepared = PreparedPdf(
                content=kept.content, gap=kept.gap, to_be_signed=kept.to_be_signed, preview=kept.preview
            )
            return prepared, signature

        def prepare() -> PreparedSignature:
            work = target.with_name(f"{target.name}.prepared")
            made = prepare_pdf(source, work, key=self._key, mark=mark(), before=before)
            return PreparedSignature(
                identity=self._settings.identity,
                kind=SignedKind.PDF,
                fingerprint=fingerprint,
                **vars(made),
            )

        self._ask(SignedKind.PDF, fingerprint, prepare)
        raise SignatureAwaited(f"{self._task.stage}")

    def _ask(self, kind: SignedKind, fingerprint: str, prepare: Callable[[], PreparedSignature]) -> None:
        """Park it once: whoever repeats the job finds it there, and the desk keeps what it looks at."""
        if not self._requests.is_asked(self._task, kind, fingerprint):
            self._requests.ask(self._task, prepare())

    def _fingerprint(self, content: bytes) -> str:
        """What is signed, and with whose certificate: a renewed certificate makes another signature."""
        digest = hashlib.sha256(content)
        digest.update(self._key.certificate.public_bytes(Encoding.DER))
        digest.update(self._settings.identity.encode())
        return digest.hexdigest()


def _sha256_of(file: Path) -> bytes:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()
