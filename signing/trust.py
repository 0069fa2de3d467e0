"""Trust anchors from files, and how certificates are checked against them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from connector.domain.errors import ConfigurationError

_SECONDS = 10  # for one answer of a revocation service

# both write whole certificate subjects into the log, and a person's certificate names a citizen id
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Trust:
    """The roots we believe.

    ``fetch``: whether revocation data may be asked for online. ``moment``: judge as of then, from what the
    signature brings along; None judges as of now.
    """

    roots: tuple[x509.Certificate, ...]
    fetch: bool = True
    moment: dt.datetime | None = None

    def at(self, moment: dt.datetime) -> Trust:
        """The same roots, asked about a moment that a trusted time stamp proves."""
        return replace(self, moment=moment)

    def context(self, **known: Any) -> ValidationContext:
        """A fresh context; revocation data that a certificate points to has to be there.

        ``known``: ``other_certs``, ``crls``, ``ocsps`` that came with the signature.
        """
        return ValidationContext(**{**self.arguments(), **known})

    def arguments(self) -> dict[str, Any]:
        """The arguments of a context, for those who have to build it elsewhere."""
        known: dict[str, Any] = {
            "trust_roots": list(self.roots),
            "revocation_mode": "hard-fail",
            "crls": (),
            "ocsps": (),
        }
        if self.moment is not None:
            # stored data was fetched just after the moment it speaks of
            return {**known, "moment": self.moment, "retroactive_revinfo": True}
        if self.fetch:
            fetchers = RequestsFetcherBackend(per_request_timeout=_SECONDS).get_fetchers()
            return {**known, "allow_fetching": True, "fetchers": fetchers}
        return known


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
