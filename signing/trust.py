"""Trust anchors from files, and how certificates are checked against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext

from connector.domain.errors import ConfigurationError


@dataclass(frozen=True)
class Trust:
    """The roots we believe; ``fetch``: whether revocation data may be asked for online."""

    roots: tuple[x509.Certificate, ...]
    fetch: bool = True

    def context(self, *, moment: dt.datetime | None = None) -> ValidationContext:
        """A fresh context; revocation data that a certificate points to has to be there."""
        return ValidationContext(
            trust_roots=list(self.roots), allow_fetching=self.fetch, revocation_mode="hard-fail", moment=moment
        )


def load_trust(paths: Sequence[Path], *, fetch: bool = True) -> Trust:
    """The certificates in PEM or DER files. Raises ConfigurationError."""
    roots: list[x509.Certificate] = []
    for path in paths:
        try:
            data = path.read_bytes()
            blocks = [block for _, _, block in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
            roots += [x509.Certificate.load(block) for block in blocks]
            [root.native for root in roots]  # parse now, not at the first signature
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{path} holds no certificates") from error
    return Trust(tuple(roots), fetch)
