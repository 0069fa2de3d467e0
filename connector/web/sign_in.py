"""Who is looking: the login and password of the ECM, which decides what they may see."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field


class SignInNeeded(Exception):
    """Nobody, or somebody the ECM does not know."""


@dataclass(frozen=True)
class Credentials:
    """An ECM login; we keep neither, and ask the ECM anew for every page."""

    login: str
    password: str = field(repr=False)


def credentials_of(header: str | None) -> Credentials:
    """The caller's, from HTTP Basic (RFC 7617, UTF-8). Raises SignInNeeded."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise SignInNeeded
    try:
        login, colon, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SignInNeeded from error
    if not colon or not login or not password:
        raise SignInNeeded
    return Credentials(login, password)
